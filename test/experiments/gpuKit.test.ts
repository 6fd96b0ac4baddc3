import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { crossValidate } from 'speech-emotion';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readKit } from '../../experiments/gpu/kit.ts';
import type { ResultFile } from '../../experiments/results/resultFile.ts';
import { buildNetwork, type TrainingConfig } from '../../experiments/training/trainingConfig.ts';
import { describeWebgpuPrograms } from '../support/backends.ts';
import { type Outcome, runProgram, writeFakeCorpus } from '../support/program.ts';

/* On a made-up corpus, a tone for each emotion; the kit lies outside the repository, where no package is installed. */

let folder: string;
const kit = () => join(folder, 'kit');

/** A driver in software takes minutes for the configurations that there are: two steps an epoch of next to nothing take seconds. */
const TINY = {
  network: { convolution: [{ filters: 4, pool: [4, 8] }], recurrent: { units: 4, direction: 'forward' } },
  training: { epochs: 2, batchSize: 16, learningRate: 0.05, window: { frames: 32 } },
} satisfies Partial<TrainingConfig>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-gpu-'));
  await writeFakeCorpus(join(folder, 'corpus'), [1, 2, 3, 8, 10]); // one of each fold of si5
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const write = (...parameters: string[]) =>
  runProgram('experiments/gpu/gpuKit.ts', ['--data', 'corpus', '--protocol', 'si5', ...parameters], folder);

it('refuses in one line what it cannot write', async () => {
  for (const [wrong, message] of [
    [['--platform', 'amiga'], /^Cannot write the kit: --platform must be .*linux-x64.*, got amiga$/m],
    [['--out', '.'], /^Cannot write the kit: --out must be a new or empty folder, got \.$/m],
    [['--folds', '5'], /^Cannot write the kit: --folds must be from 0 to 4, got 5$/m],
    [['--speeds', 'fast'], /^Cannot read --speeds: it must be numbers such as 0.94,1.06, or none, got fast$/m],
  ] as const) {
    const { code, stderr } = await write(...wrong);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  }
}, 60_000);

describeWebgpuPrograms('npm run gpu-kit', () => {
  it('writes programs that train its folds on WebGPU with nothing installed, and go on where they were stopped', async () => {
    const written = await write('--folds', '0-1', '--config', 'small', '--speeds', '1.06', '--out', 'kit');
    expect(written.stderr).toBe('');
    expect(written.stdout).toMatch(/^kit: 2 trainings of si5 at /m);
    expect((await readdir(kit())).sort()).toEqual(
      'README.txt features.bin kit.json node_modules package.json programs train.js trainer.js'.split(' '),
    );
    const file = JSON.parse(await readFile(join(kit(), 'kit.json'), 'utf8'));
    expect(file.head.config.speeds).toEqual([1.06]);
    const head = { ...file.head, config: { ...file.head.config, ...TINY } };
    await writeFile(join(kit(), 'kit.json'), JSON.stringify({ ...file, head, commit: 'abc1234' }));

    const short = await train(['--minutes', '0.02', '--workers', '1']);
    expect(short.stdout).toMatch(/^The time is over. No fold is done yet, of 2. No training has ended an epoch.$/m);
    expect(short.code).toBe(0);

    const stopped = await train(['--minutes', '2', '--workers', '1'], /^actors5\/0, seed 1: epoch 1 of 2/m);
    expect(stopped.stdout).toMatch(/^Trains on webgpu: \S/m);
    expect(stopped.stdout).toMatch(/^Stopped. No fold is done yet, of 2. Kept in the folder state:$/m);
    expect(stopped.stdout).toMatch(/^ {2}actors5\/0, seed 1: epoch 1 of 2$/m);
    expect(stopped.code).toBe(0);

    const whole = await train(['--minutes', '2', '--workers', '2']);
    expect(whole.stdout).toMatch(/^actors5\/0, seed 1: goes on after epoch 1/m);
    expect(whole.stdout).not.toContain('actors5/0, seed 1: epoch 1 of 2');
    expect(whole.stdout).toMatch(/^All 2 folds are done: .*si5-small.json$/m);
    expect(whole.code).toBe(0);
    expect(await readdir(join(kit(), 'state'))).toEqual(['folds.bin']);
    const results = await resultsOf();
    expect(results).toMatchObject({ protocol: 'si5', commit: 'abc1234', config: { ...TINY, speeds: [1.06] } });
    expect(results.runs.map(({ seed, fold, backend }) => [seed, fold, backend])).toEqual([
      [1, 'actors5/0', 'webgpu'],
      [1, 'actors5/1', 'webgpu'],
    ]);
    for (const check of ['No speaker is both', 'No tested recording is trained on', 'normaliser is that of']) {
      expect(results.checks.join('\n')).toContain(check);
    }
    await expectHomeAgrees(results);

    const again = await train([]);
    expect(again.stdout).toMatch(/^All 2 folds are done/m);
    expect(again.stdout).not.toMatch(/: epoch \d/);
    expect(await resultsOf()).toEqual(results);
  }, 240_000);

  it('says in one line that its files are damaged, or an option is wrong', async () => {
    const features = join(kit(), 'features.bin');
    const bytes = await readFile(features);
    expect((await train(['--backend', 'wasm'])).stderr).toMatch(/--backend must be webgpu or cpu, got wasm/);
    expect((await train(['--minutes', 'ten'])).stderr).toMatch(/--minutes must be a number above 0, .* got ten/);
    await writeFile(features, bytes.subarray(2));
    const { code, stderr } = await train([]);
    expect(stderr).toBe(
      'Cannot read the kit: features.bin must be as it was written, but it is damaged: copy it again\n',
    );
    expect(code).toBe(1);
  });
});

/** Oracle: the same cross-validation here, in one go, on the same features of 16 bit, on another backend. */
async function expectHomeAgrees({ runs }: ResultFile): Promise<void> {
  tf.env().set('PROD', true); // no advertisement for tfjs-node
  await tf.setBackend('cpu');
  const { own, folds, head } = await readKit(kit());
  const { bins } = own.examples[0]!.variants[0]!;
  const home = await crossValidate(own, folds, {
    build: (seed) => buildNetwork(head.config, bins, own.labels.length, seed),
    train: head.config.training,
  });
  const clips = new Map(home.runs[0]!.pooled.clips.map(({ name, probabilities }) => [basename(name), probabilities]));
  const there = Object.entries(Object.assign({}, ...runs.map(({ testClips }) => testClips))) as [string, number[]][];
  expect(there.map(([name]) => name).sort()).toEqual([...clips.keys()].sort());
  for (const [name, probabilities] of there) {
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4);
    for (const [i, p] of probabilities.entries()) expect(Math.abs(p - clips.get(name)![i]!)).toBeLessThan(2e-4);
  }
  // What agrees is more than the shares of the labels: clips differ by far more than the backends.
  const firsts = there.map(([, [p]]) => p!);
  expect(Math.max(...firsts) - Math.min(...firsts)).toBeGreaterThan(0.02);
}

const resultsOf = async (): Promise<ResultFile> => JSON.parse(await readFile(join(kit(), 'si5-small.json'), 'utf8'));

/** Runs the kit; once it has printed `until`, Ctrl-C. */
function train(parameters: readonly string[], until?: RegExp): Promise<Outcome> {
  const child = spawn(process.execPath, ['train.js', ...parameters], { cwd: kit(), stdio: 'pipe' });
  const printed = { stdout: '', stderr: '' };
  let stopped = false;
  child.stdout.on('data', (data) => {
    printed.stdout += data;
    if (stopped || !until?.test(printed.stdout)) return;
    stopped = true;
    child.kill('SIGINT');
  });
  child.stderr.on('data', (data) => {
    printed.stderr += data;
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...printed }));
  });
}
