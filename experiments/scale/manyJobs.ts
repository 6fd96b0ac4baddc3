// a number of recordings of which there is no sound → how much a queue of them takes, here and on its server

import { enqueue, openQueue, workUntil } from '../../cli/src/score/bullQueue.ts';
import type { Workplace } from '../../cli/src/score/jobs.ts';
import { PAGE } from '../../cli/src/score/ledger.ts';
import { startPostgres, startRedis } from '../../cli/test/score/servers.ts';
import type { QueuePart, QueuePlace, QueueSample } from './scaleFile.ts';

/** Samples that are taken at most. */
const SAMPLES = 20;

/** Puts jobs into the queue while a worker takes them out. */
export async function measureQueue(
  place: QueuePlace,
  jobs: number,
): Promise<Omit<QueuePart, 'commit' | 'date' | 'machine'>> {
  const server = await (place === 'redis' ? startRedis() : startPostgres());
  try {
    const queue = await openQueue(server.url, () => {});
    const over = new AbortController();
    let taken = 0;
    // Nothing is left to be done of any recording, so that only the queue works.
    const isUnfinished = async () => {
      if (++taken === jobs) over.abort();
      return false;
    };
    const workplace = { ledger: { isUnfinished } } as unknown as Workplace;
    const settings = { queue: server.url, concurrency: 50, lockSeconds: 30, onError() {} };
    const working = workUntil({ ...settings, placeOf: async () => workplace }, over.signal);
    const samples: QueueSample[] = [];
    const sample = async () => {
      const [waiting, serverBytes] = [await queue.getWaitingCount(), await server.bytes()];
      samples.push({ taken, waiting, processBytes: process.memoryUsage().rss, serverBytes });
      console.log(
        `${place}: ${taken} of ${jobs} jobs, ${waiting} wait, ${Math.round(serverBytes / 1e6)} MB on the server`,
      );
    };
    const pages = (async function* () {
      for (let at = 0; at < jobs; at += PAGE) {
        if (at >= (samples.length * jobs) / SAMPLES) await sample();
        yield Array.from({ length: Math.min(PAGE, jobs - at) }, (_, i) => `/archive/recording-${at + i}.wav`);
      }
    })();
    const before = performance.now();
    await enqueue(queue, 'synthetic', pages, over.signal);
    await working;
    const seconds = (performance.now() - before) / 1000;
    await sample();
    await queue.close();
    return { jobs: taken, seconds, samples };
  } finally {
    await server.stop();
  }
}
