// a kit → results of its folds, as many as the minutes allow: node train.js, in the kit's folder

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TrainingJob } from 'speech-emotion';
import { useBackend } from '../../examples/node/backend.ts';
import { readArguments, run, UsageError, wholeNumber } from '../../examples/node/commandLine.ts';
import { crossValidateConfig } from '../protocols/crossValidateConfig.ts';
import { percent } from '../report/printEvaluation.ts';
import { runStore } from '../results/resultStore.ts';
import { RunRecord } from '../results/runRecord.ts';
import { readKit } from './kit.ts';
import { Reached, Stopped } from './reached.ts';
import { trainerProcesses } from './trainerProcesses.ts';

const USAGE = `
node train.js [options]

Trains the folds of this kit, seed by seed, and writes each into the file of results as soon as it is done. Stops before the minutes are over.
Started again, it goes on after the last epoch of each training: the folder state has what is done.

  --minutes N      how long it may take, e.g. 10 or 0.5 (default: 10)
  --workers N      trainings at the same time, each in a process of its own (default: 4, or one per core where there are fewer)
  --backend NAME   webgpu, or cpu to try the kit where no GPU is (default: webgpu)
`;

/** Of the minutes, what is left to end the processes and to write. */
const SPARE_MS = 10_000;

await run(async () => {
  const options = readArguments(USAGE, {
    minutes: { type: 'string', default: '10' },
    workers: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    backend: { type: 'string', default: 'webgpu' },
  });
  const { backend } = options;
  const ms = millisecondsOf(options.minutes);
  const workers = wholeNumber('workers', options.workers);
  if (workers < 1) throw new UsageError(`Cannot train: --workers must be at least 1, got ${workers}`);
  if (!['webgpu', 'cpu'].includes(backend)) {
    throw new UsageError(`Cannot train: --backend must be webgpu or cpu, got ${backend}`);
  }

  const folder = fileURLToPath(new URL('.', import.meta.url));
  const { head, resultFile, commit, speakers, seeds, folds, own, extra } = await readKit(folder);
  await useBackend('cpu'); // this process builds networks and compares them; it trains nothing
  const path = join(folder, resultFile);
  const record = new RunRecord(runStore(path), head, backend, { commit });
  const total = seeds.length * folds.length;
  const foldOf = new Map(folds.flatMap(({ name, test }) => Array.from(test, (clip) => [clip.name, name] as const)));
  const reached = new Reached();
  const stop = new AbortController();
  const spare = Math.min(SPARE_MS, ms / 10);
  const left = ms - spare - performance.now(); // which counts from the start of the process
  const timer = setTimeout(() => stop.abort(new Stopped('The time is over')), left);
  process.once('SIGINT', () => stop.abort(new Stopped('Stopped')));
  console.log(`${total} trainings of ${head.protocol}, ${workers} at a time, at most ${options.minutes} minutes`);
  try {
    const result = await crossValidateConfig(head.config, own, folds, {
      ...{ seeds, speakers, backend, workers, extra },
      store: join(folder, 'state/folds.bin'),
      executor: trainerProcesses({
        entry: new URL('./trainer.js', import.meta.url), // beside this file in the kit
        ...{ folder, backend, workers },
        checkpointOf: ({ seed, test }: TrainingJob) =>
          `state/${foldOf.get(test!.examples[0]!.name)!.replaceAll('/', '-')}-seed${seed}.checkpoint`,
        graceMs: spare / 2,
        log: console.log,
      }),
      onProgress(event) {
        record.take(event);
        reached.take(event);
        if (event.type === 'training' && event.progress.type === 'resume') {
          const { epochs, batches } = event.progress;
          console.log(`${event.fold}, seed ${event.seed}: goes on after epoch ${epochs}, batch ${batches}`);
        }
      },
      signal: stop.signal,
    });
    await record.finish(result.checks);
    for (const check of result.checks) console.log(`Checked: ${check}`);
    for (const { seed, pooled } of result.runs) console.log(`UAR ${percent(pooled.uar)}; seed ${seed}`);
    console.log(`All ${total} folds are done: ${path}`);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    if (reached.done > 0) await record.finish([]);
    console.log(`${error.message}. ${reached.says(total, path)}`);
  } finally {
    clearTimeout(timer);
  }
});

/** `0.5` → 30000. */
function millisecondsOf(minutes: string): number {
  const value = Number(minutes);
  if (/^\d*\.?\d+$/.test(minutes) && value > 0 && value <= 24 * 60) return value * 60_000;
  throw new UsageError(`Cannot train: --minutes must be a number above 0, at most 1440, got ${minutes}`);
}
