// worker threads → classifiers for requests and streams: the least busy one, and a new one where one has ended

import { MessageChannel, type Worker } from 'node:worker_threads';
import type { AnyClassifier } from 'speech-emotion/worker';
import { RemoteClassifier } from 'speech-emotion/worker';
import { startThread } from '../startThread.ts';
import { busy } from './problem.ts';

/** A classifier for one request or stream. */
export interface Lease {
  readonly classifier: Pick<AnyClassifier, 'classify' | 'timeline' | 'stream'>;
  /** To be called at its end. */
  release(): void;
}

/** Where classifiers come from. */
export interface Classifiers {
  /** Waits for a worker that has room for a file. */
  forFile(signal: AbortSignal): Promise<Lease>;
  /** Live sound does not wait. */
  forStream(): Lease;
  /** How many workers are ready. */
  readonly ready: number;
  /** How many tensors each of them holds; undefined for one that does not answer. */
  tensors(): Promise<readonly (number | undefined)[]>;
  dispose(): void;
}

/** Options of {@link ClassifierPool.open}. */
export interface PoolOptions {
  /** The module that a thread runs. */
  readonly entry: URL;
  readonly workers: number;
  readonly model: string | undefined;
}

/** Files that a worker decodes at a time: each takes some 10 to 30 MB. Those that wait are not read. */
const FILES = 8;
/** Before a worker that has ended is replaced: one that cannot live must not keep the machine busy. */
const REST_MS = 1000;
/** How long a worker may take to say how many tensors it holds. */
const ANSWER_MS = 1000;

interface Member {
  readonly worker: Worker;
  readonly classifier: RemoteClassifier;
  files: number;
  streams: number;
}

/** Classifiers in worker threads. */
export class ClassifierPool implements Classifiers {
  readonly #options: PoolOptions;
  readonly #members = new Set<Member>();
  /** Requests that wait for room, in order. */
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  private constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts the threads; each loads the model. @throws what loading it throws */
  static async open(options: PoolOptions): Promise<ClassifierPool> {
    const pool = new ClassifierPool(options);
    try {
      await Promise.all(Array.from({ length: options.workers }, () => pool.#start()));
    } catch (error) {
      pool.dispose();
      throw error;
    }
    return pool;
  }

  get ready(): number {
    return this.#members.size;
  }

  async forFile(signal: AbortSignal): Promise<Lease> {
    for (;;) {
      signal.throwIfAborted();
      const member = this.#leastBusy((one) => one.files < FILES);
      if (member) return this.#lease(member, 'files');
      await this.#room(signal);
    }
  }

  forStream(): Lease {
    return this.#lease(this.#leastBusy(() => true)!, 'streams');
  }

  async tensors(): Promise<readonly (number | undefined)[]> {
    return Promise.all([...this.#members].map(({ worker }) => tensorsOf(worker)));
  }

  /** The threads that run. */
  get threads(): readonly Worker[] {
    return [...this.#members].map(({ worker }) => worker);
  }

  dispose(): void {
    this.#isOver = true;
    for (const { classifier } of this.#members) classifier.dispose();
    this.#members.clear();
    this.#tell();
  }

  async #start(): Promise<void> {
    const { entry, model } = this.#options;
    const worker = startThread(entry, { workerData: { model } });
    let member: Member | undefined;
    worker.once('exit', () => {
      if (member && this.#members.delete(member)) this.#replace();
    });
    const classifier = await RemoteClassifier.connect(worker);
    member = { worker, classifier, files: 0, streams: 0 };
    if (this.#isOver) return classifier.dispose();
    this.#members.add(member);
    this.#tell();
  }

  #replace(): void {
    this.#tell(); // who waits for room is told where there is no worker left
    const timer = setTimeout(() => {
      if (!this.#isOver) this.#start().catch(() => this.#replace());
    }, REST_MS);
    timer.unref();
  }

  /** @throws {Problem} when no worker is there */
  #leastBusy(hasRoom: (member: Member) => boolean): Member | undefined {
    if (this.#members.size === 0) throw busy('Cannot answer: no worker is ready');
    const load = ({ files, streams }: Member) => files + streams;
    return [...this.#members].filter(hasRoom).sort((a, b) => load(a) - load(b))[0];
  }

  #lease(member: Member, kind: 'files' | 'streams'): Lease {
    member[kind]++;
    const release = () => {
      member[kind]--;
      this.#tell();
    };
    return { classifier: member.classifier, release };
  }

  /** Waits until something has changed. */
  async #room(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const tell = () => {
        this.#waiting.delete(tell);
        signal.removeEventListener('abort', tell);
        resolve();
      };
      this.#waiting.add(tell);
      signal.addEventListener('abort', tell);
    });
  }

  #tell(): void {
    for (const tell of [...this.#waiting]) tell();
  }
}

async function tensorsOf(worker: Worker): Promise<number | undefined> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<number | undefined>((resolve) => {
    const timer = setTimeout(resolve, ANSWER_MS);
    port1.once('message', (count) => resolve(count));
    port1.once('close', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
  worker.postMessage({ tensorsTo: port2 }, [port2]);
  return answer.finally(() => port1.close());
}
