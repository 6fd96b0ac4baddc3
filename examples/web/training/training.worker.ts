// requests → the trainer or the teacher in this worker → replies

import { Backends } from './backends.ts';
import type { Answers, Calls, Progress, Reply, Request } from './messages.ts';
import { Teacher } from './teacher.ts';
import { Trainer } from './trainer.ts';

const post = (reply: Reply) => self.postMessage(reply);
const tell = (progress: Progress) => post({ type: 'progress', progress });
const backends = new Backends();
const [trainer, teacher] = [new Trainer(tell, backends), new Teacher(tell, backends)];
const calls: Answers<keyof Calls> = { ...trainer.calls, ...teacher.calls };

self.addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  if (data.call === 'stop') {
    trainer.stop();
    teacher.stop();
    return;
  }
  const { call, parameters, id } = data;
  try {
    const work = calls[call] as (...parameters: unknown[]) => Promise<unknown>;
    post({ type: 'answer', id, value: await work(...parameters) });
  } catch (error) {
    const stopped = error instanceof DOMException && error.name === 'AbortError';
    post({ type: 'failure', id, words: error instanceof Error ? error.message : String(error), stopped });
  }
});
