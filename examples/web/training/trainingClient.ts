// calls of the page → the training worker's answers

import type { Calls, Progress, Reply, Request } from './messages.ts';
import TrainingWorker from './training.worker.ts?worker';

/** Why a call failed. */
export class TrainingFailure extends Error {
  /** Whether it was stopped. */
  readonly stopped: boolean;

  constructor(words: string, stopped = false) {
    super(words);
    this.stopped = stopped;
  }
}

/** The training worker, which starts with the first call. */
export class TrainingClient {
  /** Is told the progress of a call. */
  onProgress: (progress: Progress) => void = () => {};
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(failure: TrainingFailure): void }>();
  #worker: Worker | undefined;
  #calls = 0;

  /** @throws {TrainingFailure} */
  call<K extends keyof Calls>(call: K, ...parameters: Parameters<Calls[K]>): Promise<ReturnType<Calls[K]>> {
    this.#worker ??= this.#start();
    const id = this.#calls++;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ call, parameters, id } as Request);
    return answer as Promise<ReturnType<Calls[K]>>;
  }

  /** Ends the running call: its promise rejects. */
  stop(): void {
    this.#worker?.postMessage({ call: 'stop' } satisfies Request);
  }

  #start(): Worker {
    const worker = new TrainingWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      if (data.type === 'progress') return this.onProgress(data.progress);
      const { resolve, reject } = this.#waiting.get(data.id)!;
      this.#waiting.delete(data.id);
      if (data.type === 'answer') resolve(data.value);
      else reject(new TrainingFailure(data.words, data.stopped));
    });
    // Its code does not load, or it ran out of memory: another may work.
    worker.addEventListener('error', ({ message }) => {
      worker.terminate();
      this.#worker = undefined;
      const failure = new TrainingFailure(`The training worker failed: ${message || 'it does not load'}.`);
      for (const { reject } of this.#waiting.values()) reject(failure);
      this.#waiting.clear();
    });
    return worker;
  }
}
