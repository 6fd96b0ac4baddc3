// trainings → their results, each in a process of its own with a GPU device of its own
//
// Processes in place of the threads of `trainingWorkers`: Dawn, which is WebGPU in Node, aborts the whole process when a thread is ended
// amid work on the GPU.

import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TrainingError, type TrainingExecutor, type TrainingJob, type TrainingResult } from 'speech-emotion';
import type { TrainerMessage, TrainerOrder } from './trainer.ts';

/** How {@link trainerProcesses} trains. */
export interface TrainerOptions {
  /** The bundled trainer.ts. */
  readonly entry: URL;
  /** Of the kit. */
  readonly folder: string;
  readonly backend: string;
  /** Processes at most. */
  readonly workers: number;
  /** Within the folder, the file that keeps a training's last epoch. */
  readonly checkpointOf: (job: TrainingJob) => string;
  /** How long a process may take to keep where it is, when a signal stops it. */
  readonly graceMs: number;
  /** What is worth a line. */
  readonly log: (line: string) => void;
}

/** How often a training is begun whose process dies: a driver may fail, and the next process goes on from the last epoch. */
const TRIES = 3;

/** An executor for `crossValidate`. A signal stops the processes; the checkpoints of what they trained stay. */
export function trainerProcesses(options: TrainerOptions): TrainingExecutor {
  return async (jobs, { onProgress, onResult, signal }) => {
    const trainers = new Set<Trainer>();
    let next = 0;
    let over = false;
    let stored = Promise.resolve();
    let announced = false;

    const start = async () => {
      const trainer = new Trainer(options);
      trainers.add(trainer);
      const device = await trainer.ready;
      if (!announced) options.log(`Trains on ${options.backend}: ${device}`);
      announced = true;
      return trainer;
    };
    const trainOne = async (trainer: Trainer, i: number): Promise<Trainer> => {
      for (let attempt = 1; ; attempt++) {
        try {
          const result = await trainer.train(jobs[i]!, (progress) => onProgress(i, progress));
          stored = stored.then(() => onResult(i, result));
          await stored;
          await rm(join(options.folder, options.checkpointOf(jobs[i]!)), { force: true });
          return trainer;
        } catch (error) {
          if (!(error instanceof LostTrainer) || attempt === TRIES || over) throw error;
          options.log(`${error.message}; its training goes on in another`);
          trainer = await start();
        }
      }
    };
    const work = async () => {
      let trainer = await start();
      while (next < jobs.length) trainer = await trainOne(trainer, next++);
    };

    const aborted = new Promise<never>((_, reject) => {
      const stop = () => reject(signal!.reason);
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop, { once: true });
    });
    try {
      await Promise.race([Promise.all(Array.from({ length: Math.min(options.workers, jobs.length) }, work)), aborted]);
    } finally {
      over = true;
      next = jobs.length;
      await Promise.all(Array.from(trainers, (trainer) => trainer.end(signal?.aborted ? options.graceMs : 0)));
      await stored.catch(() => {}); // a result that is being stored is stored completely
    }
  };
}

/** The process is gone, whatever the reason. */
class LostTrainer extends TrainingError {}

class Trainer {
  readonly #options: TrainerOptions;
  readonly #process: ChildProcess;
  readonly #lost: Promise<never>;
  /** Resolves to the name of the device. */
  readonly ready: Promise<string>;

  constructor(options: TrainerOptions) {
    const { entry, folder, backend } = options;
    this.#options = options;
    const libraries = [join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
    this.#process = fork(entry, [folder, backend], {
      serialization: 'advanced', // floats as they are
      env: { ...process.env, LD_LIBRARY_PATH: libraries },
      execArgv: [],
    });
    this.#lost = new Promise((_, reject) => {
      this.#process.once('error', (cause) => reject(new LostTrainer(`A trainer failed: ${cause.message}`, { cause })));
      this.#process.once('exit', (code, signal) => reject(new LostTrainer(`A trainer ended, with ${code ?? signal}`)));
    });
    this.#lost.catch(() => {}); // the end of an idle process is no error
    this.ready = this.#answer((message) => (message.type === 'ready' ? message.device : undefined));
  }

  /** @throws {LostTrainer} when the process ends first */
  train(job: TrainingJob, onProgress: (progress: TrainProgress) => void): Promise<TrainingResult> {
    const { seed, config, training, test } = job;
    const namesOf = (set: typeof test) => set?.examples.map(({ name }) => name) ?? [];
    const answer = this.#answer((message) => {
      if (message.type === 'progress') onProgress(message.progress);
      return message.type === 'result' ? message.result : undefined;
    });
    this.#process.send({
      ...{ type: 'train', seed, config },
      training: namesOf(training),
      test: namesOf(test),
      checkpoint: this.#options.checkpointOf(job),
    } satisfies TrainerOrder);
    return answer;
  }

  /** Ends the process; what it trains is kept, if it gets to that within the grace. */
  async end(graceMs: number): Promise<void> {
    if (graceMs > 0 && this.#process.connected) {
      this.#process.send({ type: 'stop' } satisfies TrainerOrder);
      await Promise.race([this.#lost.catch(() => {}), wait(graceMs, undefined, { ref: false })]);
    }
    this.#process.kill('SIGKILL');
    await this.#lost.catch(() => {});
  }

  /** What `take` makes of the first message that it makes something of. */
  #answer<T>(take: (message: TrainerMessage) => T | undefined): Promise<T> {
    const answered = new Promise<T>((resolve, reject) => {
      const listen = (message: TrainerMessage) => {
        if (message.type === 'error') return reject(new TrainingError(message.message));
        const taken = take(message);
        if (taken === undefined) return;
        this.#process.off('message', listen);
        resolve(taken);
      };
      this.#process.on('message', listen);
    });
    return Promise.race([answered, this.#lost]);
  }
}

type TrainProgress = Parameters<Parameters<TrainingExecutor>[1]['onProgress']>[1];
