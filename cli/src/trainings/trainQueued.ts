// a queue of trainings → their outcomes in the store, by threads of this process

import { hostname } from 'node:os';
import type { Job, Processor, Queue } from 'bullmq';
import type { Example, NetworkBuilder } from 'speech-emotion';
import { trainingWorkers } from 'speech-emotion/node';
import settings from '../../package.json' with { type: 'json' };
import { closeWhenAborted, openQueue, openWorker } from '../queue/server.ts';
import { faultOf } from './fault.ts';
import { layersText } from './layersText.ts';
import { setAt } from './packedSets.ts';
import { NAME, type QueuedTraining, TRIES } from './queuedTraining.ts';
import type { StoredTraining, TrainingStore } from './trainingStore.ts';

/** What a worker needs to know. */
export interface TrainingPlace {
  readonly store: TrainingStore;
  /** URL of the module that exports `build`. */
  readonly module: string;
  /** What it exports. */
  readonly build: (seed: number, parameters: unknown) => ReturnType<NetworkBuilder>;
  readonly queue: string;
  /** Trainings at a time. */
  readonly threads: number;
  /** A worker that does not say for so long that it is at a training has lost it. */
  readonly lockSeconds: number;
  readonly say: (text: string) => void;
}

/** Milliseconds between looks whether a training is still wanted. */
const LOOK = 2000;

/** Does trainings until the signal aborts; those that have been begun go back to the queue, with their checkpoints. */
export async function trainUntil(place: TrainingPlace, signal: AbortSignal): Promise<void> {
  const { queue: address, store, threads, lockSeconds, say } = place;
  const onError = (error: Error) => say(error.message || String(error));
  const { UnrecoverableError, WaitingError } = await import('bullmq');
  const queue = await openQueue<QueuedTraining>(address, NAME, onError);
  const examples = new LatestExamples(store);

  const work: Processor<QueuedTraining, void> = async (job, token) => {
    const { training: hash } = job.data;
    if (store.hasOutcome(hash)) return;
    using unwanted = whenUnwanted(queue, job);
    const stop = AbortSignal.any([signal, unwanted.signal]);
    const name = `training ${hash.slice(0, 8)}`;
    say(`${name}: begun`);
    try {
      const training = await store.training(hash);
      await train(place, hash, training, await examples.of(training.parts), stop);
      say(`${name}: done`);
    } catch (error) {
      if (unwanted.signal.aborted) return say(`${name}: nobody waits for it any more`);
      if (signal.aborted) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      say(`${name}: ${(error as Error).message}`);
      const isFinal = error instanceof RangeError || error instanceof TypeError || job.attemptsMade + 1 >= TRIES;
      if (!isFinal) throw error;
      await store.finish(hash, { fault: faultOf(error) });
    }
  };
  const worker = await openWorker<QueuedTraining>(address, NAME, work, { concurrency: threads, lockSeconds, onError });
  say(`Waiting for trainings, with ${threads} thread${threads === 1 ? '' : 's'}.`);
  worker.on('failed', (job, error) => {
    // Lost too often: no worker has come to say what is wrong.
    if (job && error instanceof UnrecoverableError) {
      const fault = { ...faultOf(error), name: 'TrainingError', message: `Cannot go on training: ${error.message}` };
      void store.finish(job.data.training, { fault }).catch(onError);
    }
  });
  await closeWhenAborted({ worker, queue }, signal);
}

/** Examples that were asked for last: trainings of the same run have the same. */
class LatestExamples {
  readonly #store: TrainingStore;
  #parts = '';
  #examples: Promise<readonly Example[]> = Promise.resolve([]);

  constructor(store: TrainingStore) {
    this.#store = store;
  }

  of(parts: readonly string[]): Promise<readonly Example[]> {
    if (this.#parts === parts.join()) return this.#examples;
    this.#parts = parts.join();
    this.#examples = this.#store.examples(parts);
    this.#examples.catch(() => {
      this.#parts = ''; // another try may help
    });
    return this.#examples;
  }
}

/** A signal that aborts when nobody waits for a training any more. */
function whenUnwanted(queue: Queue<QueuedTraining>, { id }: Job): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const look = async () => {
    const job = await queue.getJob(id!).catch(() => undefined); // a server that is away knows nothing
    if (job?.data.isUnwanted) controller.abort(new Error('Nobody waits for the training.'));
  };
  const looking = setInterval(() => void look(), LOOK);
  return { signal: controller.signal, [Symbol.dispose]: () => clearInterval(looking) };
}

/** Does a training in a thread of its own, and stores its result. */
async function train(
  { store, module, build, say }: TrainingPlace,
  hash: string,
  { version, layers, parameters, parts: _, training, validation, test, ...rest }: StoredTraining,
  examples: readonly Example[],
  signal: AbortSignal,
): Promise<void> {
  if (version !== settings.version) {
    const rule = `${version}, as where the training was asked for`;
    throw new TypeError(`Cannot train: speech-emotion-cli on ${hostname()} must be ${rule}, got ${settings.version}`);
  }
  const buildOwn: NetworkBuilder = (seed) => build(seed, parameters);
  const network = await buildOwn(rest.seed);
  const isSame = layersText(network) === layers;
  network.dispose();
  if (!isSame) {
    throw new TypeError(`Cannot train: ${module} on ${hostname()} builds another network than the caller's \`build\``);
  }
  const job = {
    ...rest,
    training: setAt(training, examples),
    validation: validation && setAt(validation, examples),
    test: test && setAt(test, examples),
  };
  await trainingWorkers(new URL(module), { workers: 1, parameters, checkpoints: store.checkpoints(hash) })([job], {
    build: buildOwn,
    signal,
    onProgress(_, progress) {
      if (progress.type === 'batch') return;
      if (progress.type === 'resume') say(`training ${hash.slice(0, 8)}: goes on after epoch ${progress.epochs}`);
      store.tell(hash, progress);
    },
    onResult: (_, result) => store.finish(hash, { result }),
  });
}
