import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FoldProgress, FoldTrainingProgress } from 'speech-emotion';
import { summarise } from 'speech-emotion/evaluation';
import { expect, it } from 'vitest';
import { trainedAt } from '../../docs/figures/words.ts';
import { joinConditions, joinRuns } from '../../experiments/results/joinRuns.ts';
import type { LearningCurveFile, ResultFile, RobustnessFile } from '../../experiments/results/resultFile.ts';
import { pointStore, runStore } from '../../experiments/results/resultStore.ts';
import { RunRecord } from '../../experiments/results/runRecord.ts';
import { PERTURBATIONS } from '../../experiments/robustness/perturbations.ts';
import { RobustnessRecord } from '../../experiments/robustness/robustnessRecord.ts';
import { HEAD } from '../support/madeUpResults.ts';
import { runProgram } from '../support/program.ts';

it('a run of another revision than its file, or not on wasm, names its own; a stored one keeps what it had', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-record-'));
  try {
    const path = join(folder, 'si5.json');
    const { commit: _, checks: __, ...head } = HEAD;
    const stored = async () => JSON.parse(await readFile(path, 'utf8')) as ResultFile;
    const commits = async () => (await stored()).runs.map(({ commit }) => commit);

    const first = new RunRecord(runStore(path), head, 'wasm');
    for (const seed of [1, 2, 3]) trainFold(first, seed);
    await first.finish([]);
    expect(await commits()).toEqual([undefined, undefined, undefined]);

    const trained = await stored();
    const [one, two, three] = trained.runs;
    const runs = [one!, { ...two!, commit: 'def5678' }, three!];
    await writeFile(path, JSON.stringify({ ...trained, commit: 'abc1234', runs }));
    const again = new RunRecord(runStore(path), head, 'webgpu');
    for (const seed of [1, 2]) again.take(foldDone(seed, true));
    trainFold(again, 3);
    await again.finish([]);
    expect(await commits()).toEqual([undefined, 'def5678', trained.commit]);
    expect((await stored()).runs.map(({ backend }) => backend)).toEqual([undefined, undefined, 'webgpu']);
    expect(trainedAt(await stored(), (await stored()).runs)).toBe(
      `abc1234, seed 2 at def5678, seed 3 at ${trained.commit} on webgpu`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('runs name the commit that is given, where the code was taken elsewhere', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-record-'));
  try {
    const path = join(folder, 'sd10.json');
    const { commit: _, checks: __, ...head } = HEAD;
    for (const [seed, commit] of [
      [1, 'abc1234'],
      [2, 'def5678'],
    ] as const) {
      const record = new RunRecord(runStore(path), head, 'webgpu', { commit });
      trainFold(record, seed);
      await record.finish([]);
    }
    const { commit, runs } = JSON.parse(await readFile(path, 'utf8')) as ResultFile;
    expect([commit, ...runs.map((run) => run.commit)]).toEqual(['abc1234', undefined, 'def5678']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('the checks of several calls are collected, each once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-record-'));
  try {
    const path = join(folder, 'sd10.json');
    const { commit: _, checks: __, ...head } = HEAD;
    const both = 'no clip is on both sides';
    for (const own of ['left out of fold 0: a', 'left out of fold 1: b', 'left out of fold 0: a']) {
      const record = new RunRecord(runStore(path), head, 'wasm');
      trainFold(record, 1);
      await record.finish([both, own]);
    }
    const { checks } = JSON.parse(await readFile(path, 'utf8')) as ResultFile;
    expect(checks).toEqual([both, 'left out of fold 0: a', 'left out of fold 1: b']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('the points of a learning curve are kept in order, and those of another configuration are refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-record-'));
  try {
    const path = join(folder, 'curve/learning-curve.json');
    const { commit: _, checks: __, ...head } = HEAD;
    for (const actors of [8, 16, 4]) {
      const record = new RunRecord(pointStore(path, actors), head, 'wasm');
      trainFold(record, actors);
      await record.finish([]);
    }
    const again = new RunRecord(pointStore(path, 8), head, 'wasm');
    trainFold(again, 9);
    await again.finish(['a check']);
    const curve = JSON.parse(await readFile(path, 'utf8')) as LearningCurveFile;
    expect(curve.points.map(({ actors, runs }) => [actors, ...runs.map(({ seed }) => seed)])).toEqual([
      [4, 4],
      [8, 8, 9],
      [16, 16],
    ]);
    expect([curve.config, curve.checks]).toEqual([HEAD.config, ['a check']]);
    const other = { ...head, config: { ...HEAD.config, songs: false } };
    expect(() => new RunRecord(pointStore(path, 12), other, 'wasm')).toThrow(
      `Cannot write ${path}: it holds results of another`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('predictions for perturbed clips are kept over calls, and not overwritten by another configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-record-'));
  try {
    const path = join(folder, 'robustness.json');
    const { commit: _, checks: __, ...head } = HEAD;
    const clean = PERTURBATIONS.filter(({ name }) => name === 'clean');
    for (const seed of [1, 2]) {
      const record = new RobustnessRecord(path, head, clean);
      record.take(foldDone(seed, false));
      await record.finish([]);
    }
    const stored = await readFile(path, 'utf8');
    const { conditions } = JSON.parse(stored) as RobustnessFile;
    expect(conditions.flatMap(({ runs }) => runs)).toEqual(
      [1, 2].map((seed) => ({ seed, fold: 'actors5/0', recognised: '0' })),
    );
    const other = { ...head, config: { ...HEAD.config, songs: false } };
    expect(() => new RobustnessRecord(path, other, clean)).toThrow(
      `Cannot write ${path}: it holds results of another configuration`,
    );
    expect(await readFile(path, 'utf8')).toBe(stored);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('runs of several machines are joined: each names its revision, the same seed and fold once', async () => {
  const run = (seed: number, commit?: string) => ({
    seed,
    fold: 'actors5/0',
    ...(commit && { commit }),
    seconds: seed,
    testClips: {},
  });
  const here = { ...HEAD, commit: 'abc1234', runs: [run(1), run(3, 'def5678')] };
  const checks = [...HEAD.checks, 'left out there: a'];
  const there = { ...HEAD, commit: 'def5678', checks, runs: [run(2), run(3), run(4, 'abc1234')] };
  expect(joinRuns(here, there)).toEqual({
    ...here,
    checks,
    runs: [run(1), run(2, 'def5678'), run(3, 'def5678'), run(4)],
  });

  const folder = await mkdtemp(join(tmpdir(), 'speech-emotion-record-'));
  try {
    const file = async (name: string, results: object) => {
      await writeFile(join(folder, name), JSON.stringify(results));
      return join(folder, name);
    };
    const [target, one, two] = [join(folder, 'all.json'), await file('1.json', here), await file('2.json', there)];
    const odd = await file('odd.json', { ...there, config: { ...HEAD.config, songs: false } });
    const refused = await runProgram('experiments/results/joinResults.ts', [target, one, odd], folder);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`${odd} must be of the protocol and configuration of`),
    ]);
    await expect(readFile(target)).rejects.toThrow('ENOENT');
    const { code, stdout } = await runProgram('experiments/results/joinResults.ts', [target, one, two], folder);
    expect([code, stdout]).toEqual([0, expect.stringContaining('4 runs')]);
    expect(JSON.parse(await readFile(target, 'utf8'))).toEqual(joinRuns(here, there));

    // Perturbed clips: each condition by itself, and never in one file with the others.
    const changed = (...names: string[]) => names.map((name) => ({ name, description: name, runs: [] }));
    const { runs: _, ...head } = here;
    const own = (seed: number, fold: string, recognised: string) => ({ seed, fold, recognised });
    const some = { ...head, conditions: [{ ...changed('clean')[0]!, runs: [own(1, 'a', '12'), own(1, 'c', '0')] }] };
    const rest = {
      ...head,
      conditions: [{ ...changed('clean')[0]!, runs: [own(1, 'b', '3'), own(1, 'a', '45')] }, ...changed('noise')],
    };
    const [three, four] = [await file('3.json', some), await file('4.json', rest)];
    const conditions = join(folder, 'conditions.json');
    const joined = await runProgram('experiments/results/joinResults.ts', [conditions, three, four], folder);
    expect([joined.code, joined.stdout]).toEqual([0, expect.stringContaining('clean 3 runs, noise 0 runs')]);
    expect(JSON.parse(await readFile(conditions, 'utf8'))).toEqual(joinConditions(some, rest));
    expect(joinConditions(some, rest).conditions[0]!.runs).toEqual([
      own(1, 'a', '45'),
      own(1, 'b', '3'),
      own(1, 'c', '0'),
    ]);
    expect((await runProgram('experiments/results/joinResults.ts', [conditions, one], folder)).code).toBe(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

function trainFold(record: RunRecord, seed: number): void {
  record.take({ type: 'training', seed, fold: 'actors5/0' } as FoldTrainingProgress);
  record.take(foldDone(seed, false));
}

function foldDone(seed: number, stored: boolean): FoldProgress {
  const probabilities = HEAD.labels.map((_, i) => (i === 0 ? 1 : 0));
  const predictions = [{ name: '03-01-01-01-01-01-01.wav', label: 0, speaker: '01', groups: {}, probabilities }];
  const evaluation = summarise(HEAD.labels, [{ predictions, temperature: 1 }]);
  return { type: 'fold', seed, fold: 'actors5/0', evaluation, stored, done: 1, total: 3 };
}
