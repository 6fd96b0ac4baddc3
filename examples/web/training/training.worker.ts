// requests → the trainer in this worker → replies

import { wordsOf } from '../dom.ts';
import type { Reply, Request } from './messages.ts';
import { Trainer } from './trainer.ts';

const post = (reply: Reply) => self.postMessage(reply);
const trainer = new Trainer((progress) => post({ type: 'progress', progress }));

self.addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  if (data.call === 'stop') return trainer.stop();
  const { call, parameters, id } = data;
  try {
    const work = trainer.calls[call] as (...parameters: unknown[]) => Promise<unknown>;
    post({ type: 'answer', id, value: await work(...parameters) });
  } catch (error) {
    const stopped = error instanceof DOMException && error.name === 'AbortError';
    post({ type: 'failure', id, words: wordsOf(error), stopped });
  }
});
