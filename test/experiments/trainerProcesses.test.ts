import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ExampleSet, FeatureExtractor, TrainingError, type TrainingJob, type TrainingRun } from 'speech-emotion';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TrainerOptions, trainerProcesses } from '../../experiments/gpu/trainerProcesses.ts';

/* With made-up trainers: processes that answer as they are told by the name of the tested clip. */

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-trainers-'));
  await writeFile(join(folder, 'trainer.mjs'), TRAINER);
});

afterEach(() => rm(folder, { recursive: true }));

/** Writes a file for each time that it begins a training; its result names the clips and the seed. */
const TRAINER = `
import { existsSync, writeFileSync } from 'node:fs';
const [folder, backend] = process.argv.slice(2);
process.on('disconnect', () => process.exit());
process.on('message', ({ type, seed, training, test, checkpoint }) => {
  if (type === 'stop') {
    writeFileSync(folder + '/stopped', '');
    process.exit();
  }
  const begun = folder + '/begun ' + test[0] + ' ' + process.pid;
  writeFileSync(begun, '');
  writeFileSync(folder + '/' + checkpoint, '');
  if (test[0] === 'dies always' || (test[0] === 'dies once' && !existsSync(folder + '/died'))) {
    writeFileSync(folder + '/died', '');
    process.exit(7);
  }
  if (test[0] === 'fails') return process.send({ type: 'error', message: 'Cannot train: the loss is NaN' });
  process.send({ type: 'progress', progress: { type: 'epoch', epoch: 1 } });
  if (test[0] === 'takes long') return;
  const said = Float32Array.of(seed);
  process.send({ type: 'result', result: { predictions: [{ name: test[0], training }], normalizer: { mean: said, std: said } } });
});
process.send({ type: 'ready', device: 'a made-up ' + backend });
`;

const setOf = (...names: string[]): ExampleSet => ({
  ...{ labels: ['a', 'b'], features: new FeatureExtractor().options, speeds: [1] },
  examples: names.map((name) => ({ ...{ name, label: 0, speaker: 's', groups: {} }, variants: [] })),
});

/** Lets trainers do one training a name. */
async function trainAll(names: readonly string[], options: Partial<TrainerOptions> = {}, signal?: AbortSignal) {
  const lines: string[] = [];
  const results = new Map<number, unknown>();
  const epochs: number[] = [];
  const jobs = names.map(
    (name, i): TrainingJob => ({
      ...{ seed: i + 1, training: setOf('x', 'y'), test: setOf(name) },
      ...{ config: { epochs: 1 }, keepModel: false },
    }),
  );
  const executor = trainerProcesses({
    entry: pathToFileURL(join(folder, 'trainer.mjs')),
    ...{ folder, backend: 'backend', workers: 2, graceMs: 5000 },
    checkpointOf: ({ seed }) => `${seed}.checkpoint`,
    log: (line) => lines.push(line),
    ...options,
  });
  await executor(jobs, {
    build: () => {
      throw new Error('builds nothing');
    },
    onProgress: (job) => epochs.push(job),
    onResult: async (job, result) => {
      results.set(job, result);
    },
    signal,
  } satisfies TrainingRun);
  return { lines, results, epochs };
}

const begun = async (name: string) => (await readdir(folder)).filter((file) => file.startsWith(`begun ${name}`));

it('each training has its result, in processes that are used again; checkpoints of what is done are removed', async () => {
  const { lines, results, epochs } = await trainAll(['one', 'two', 'three', 'four', 'five']);
  expect(lines).toEqual(['Trains on backend: a made-up backend']);
  expect(epochs.sort()).toEqual([0, 1, 2, 3, 4]);
  for (const [i, name] of ['one', 'two', 'three', 'four', 'five'].entries()) {
    expect(results.get(i)).toEqual({
      predictions: [{ name, training: ['x', 'y'] }],
      normalizer: { mean: Float32Array.of(i + 1), std: Float32Array.of(i + 1) },
    });
  }
  const files = await readdir(folder);
  expect(new Set((await begun('')).map((file) => file.split(' ').at(-1))).size).toBeLessThanOrEqual(2);
  expect(files.filter((file) => file.endsWith('.checkpoint'))).toEqual([]);
});

it('a training whose process dies is begun again in another, three times at most', async () => {
  const { lines, results } = await trainAll(['dies once', 'other']);
  expect(results.size).toBe(2);
  expect(lines).toContain('A trainer ended, with 7; its training goes on in another');
  await expect(trainAll(['other', 'dies always'])).rejects.toThrow(new TrainingError('A trainer ended, with 7'));
  expect(await begun('dies always')).toHaveLength(3);
  expect(existsSync(join(folder, '2.checkpoint'))).toBe(true);
});

it('an error in a training is thrown, and ends the others', async () => {
  await expect(trainAll(['takes long', 'fails', 'other'])).rejects.toThrow('Cannot train: the loss is NaN');
  const pids = (await begun('')).map((file) => Number(file.split(' ').at(-1)));
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH'); // there is no such process
  expect(await begun('takes long')).toHaveLength(1); // what was ended is not begun again
  await expect(trainAll(['one'], { entry: pathToFileURL(join(folder, 'missing.mjs')) })).rejects.toThrow(
    /A trainer ended, with 1/,
  );
});

it('a signal lets processes keep where they are, and ends those that do not', async () => {
  const stop = new AbortController();
  const running = trainAll(
    ['takes long', 'one'],
    { log: () => setTimeout(() => stop.abort(new Error('enough')), 300) },
    stop.signal,
  );
  await expect(running).rejects.toThrow('enough');
  expect(existsSync(join(folder, 'stopped'))).toBe(true);

  await writeFile(join(folder, 'trainer.mjs'), TRAINER.replace("type === 'stop'", "type === 'never'"));
  const again = new AbortController();
  const options = { graceMs: 100, log: () => setTimeout(() => again.abort(new Error('enough')), 300) };
  await expect(trainAll(['takes long'], options, again.signal)).rejects.toThrow('enough');
  const pid = Number((await begun('takes long')).at(-1)!.split(' ').at(-1));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('is over at once where nothing is to train, or the signal has aborted before', async () => {
  expect((await trainAll([])).lines).toEqual([]);
  await expect(trainAll(['one'], {}, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});
