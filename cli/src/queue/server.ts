// address of a server → queues and workers of BullMQ, on Redis or PostgreSQL

import type { Processor, Queue, Worker, WorkerOptions } from 'bullmq';

/** What makes queues and workers on a server. */
interface Classes<Data> {
  queue(): Queue<Data>;
  worker(work: Processor<Data, void>, options: Omit<WorkerOptions, 'connection'>): Worker<Data, void>;
}

async function classesFor<Data>(address: string, name: string): Promise<Classes<Data>> {
  const { Queue, Worker, createPostgresBackend, withBackend } = await import('bullmq');
  if (/^postgres(ql)?:/.test(address)) {
    const connection = { connectionString: address, migrate: true };
    const own = withBackend(createPostgresBackend);
    // Their types name the backend, which nobody here asks for.
    return {
      queue: () => new own.Queue<Data>(name, { connection }) as unknown as Queue<Data>,
      worker: (work, options) =>
        new own.Worker<Data, void>(name, work, { connection, ...options }) as unknown as Worker<Data, void>,
    };
  }
  const connection = { url: address, maxRetriesPerRequest: null };
  return {
    queue: () => new Queue<Data>(name, { connection }) as Queue<Data>,
    worker: (work, options) => new Worker<Data, void>(name, work, { connection, ...options }),
  };
}

/** Whether an address is that of a server of queues. */
export function isQueue(address: string): boolean {
  return /^(rediss?|postgres(ql)?):\/\//.test(address);
}

/**
 * Opens a queue.
 *
 * @param name the queue's on the server
 * @param onError is told of connections that are lost; they are made again
 * @throws {Error} when its server cannot be reached
 */
export async function openQueue<Data>(
  address: string,
  name: string,
  onError: (error: Error) => void,
): Promise<Queue<Data>> {
  const { queue: make } = await classesFor<Data>(address, name);
  const queue = make();
  let isReached = false;
  await new Promise<void>((resolve, reject) => {
    queue.on('error', (error) => {
      if (isReached) onError(error);
      else reject(new Error(`Cannot reach the queue: ${error.message || (error as NodeJS.ErrnoException).code}`));
    });
    queue.waitUntilReady().then(() => resolve(), reject);
  }).catch(async (error: unknown) => {
    void queue.close().catch(() => {});
    throw error;
  });
  isReached = true;
  return queue;
}

/** How often a job may be lost with its worker. */
const MOST_LOST = 50;

/** What a worker needs to know. */
export interface QueueWorkerOptions {
  /** Jobs at a time. */
  readonly concurrency: number;
  /** A worker that does not say for so long that it is at a job has lost it. */
  readonly lockSeconds: number;
  readonly onError: (error: Error) => void;
}

/** Opens a worker, which takes jobs at once. */
export async function openWorker<Data>(
  address: string,
  name: string,
  work: Processor<Data, void>,
  { concurrency, lockSeconds, onError }: QueueWorkerOptions,
): Promise<Worker<Data, void>> {
  const { worker: make } = await classesFor<Data>(address, name);
  const worker = make(work, {
    ...{ concurrency, maxStalledCount: MOST_LOST, drainDelay: 1 },
    ...{ lockDuration: 1000 * lockSeconds, stalledInterval: 1000 * lockSeconds },
  });
  worker.on('error', onError);
  return worker;
}

/** Lets a worker work until the signal aborts; jobs that have been begun are ended first. */
export async function closeWhenAborted(
  { worker, queue }: { readonly worker: Pick<Worker, 'close'>; readonly queue: Pick<Queue, 'close'> },
  signal: AbortSignal,
): Promise<void> {
  try {
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  } finally {
    await worker.close();
    await queue.close();
  }
}
