import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LeaksFile, type LeakWay, WAYS } from '../../experiments/leaks/leaksFile.ts';
import { type ExampleFold, leakyFold } from '../../experiments/leaks/leakyFold.ts';
import { checkLeaks } from '../../src/evaluation/checkLeaks.ts';
import type { Example, ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { selectExamples } from '../../src/exampleSet/examples.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { runProgram, writeFakeCorpus } from '../support/program.ts';
import { synthetic } from '../training/synthetic.ts';

describe('the switches of the experiment (oracle: what each says it does)', () => {
  const KINDS = ['twin', 'noise-20db', 'faster', 'mp3'];
  const data: ExampleSet = { ...synthetic({ clips: 300 }), speeds: [1] };
  const clips = data.examples.map((clip): Example => ({ ...clip, variants: [clip.variants[0]!] }));
  const examples = { ...data, examples: clips };
  const shifted = ({ variants: [matrix] }: Example, by: number) => [
    { ...matrix!, values: matrix!.values.map((value) => value + by) },
  ];
  const copies: ExampleSet = {
    ...examples,
    examples: KINDS.flatMap((kind, i) =>
      clips.map((clip) => ({ ...clip, name: `${clip.name}#${kind}`, variants: shifted(clip, i) })),
    ),
  };
  const isTested = ({ name }: Example) => Number(name.slice(4)) % 3 === 0;
  const fold: ExampleFold = {
    name: 'recording10/0',
    train: selectExamples(examples, (clip) => !isTested(clip)),
    test: selectExamples(examples, isTested),
  };
  const more = (way: LeakWay) => leakyFold(fold, way, copies, 1).train.examples.slice(fold.train.examples.length);
  const kindsOf = (way: LeakWay) => [...new Set(more(way).map(({ name }) => name.split('#')[1]))];

  it('honest is the fold itself', () => {
    expect(leakyFold(fold, 'honest', copies, 1)).toEqual({ ...fold, normalizer: undefined });
  });

  it('each adds its own copies of test clips, nine in ten, and changes nothing else', () => {
    expect(kindsOf('normalised')).toEqual([]);
    expect(kindsOf('altered')).toEqual(['noise-20db', 'faster']);
    expect(kindsOf('twice')).toEqual(['twin']);
    expect(kindsOf('video')).toEqual(['mp3']);
    expect(kindsOf('together').sort()).toEqual([...KINDS].sort());
    const tested = new Set(fold.test.examples.map(({ name }) => name));
    for (const way of Object.keys(WAYS) as LeakWay[]) {
      const leaky = leakyFold(fold, way, copies, 1);
      expect(leaky.test).toBe(fold.test);
      expect(leaky.train.examples.slice(0, fold.train.examples.length)).toEqual(fold.train.examples);
      expect(more(way).every(({ name }) => tested.has(name.split('#')[0]!))).toBe(true);
      expect(more(way).length / 100 / (kindsOf(way).length || 1)).toBeCloseTo(
        way === 'honest' || way === 'normalised' ? 0 : 0.9,
        0.7,
      );
    }
    expect(more('twice')).not.toEqual(
      leakyFold(fold, 'twice', copies, 2).train.examples.slice(fold.train.examples.length),
    );
  });

  it('the normaliser knows the test clips where it is said to, and only there (oracle: fitted on all)', () => {
    for (const way of Object.keys(WAYS) as LeakWay[]) {
      const { train, normalizer } = leakyFold(fold, way, copies, 1);
      if (way !== 'normalised' && way !== 'together') expect(normalizer).toBeUndefined();
      else {
        const own = [...train.examples, ...fold.test.examples].map(({ variants }) => variants[0]!);
        expect(normalizer!.toJSON()).toEqual(Normalizer.fit(own).toJSON());
      }
    }
  });

  it('checkLeaks finds each (oracle: which clips were added)', () => {
    for (const way of Object.keys(WAYS) as LeakWay[]) {
      const { name, train, test, normalizer } = leakyFold(fold, way, copies, 1);
      const given = { name, train: train.examples, test: test.examples, normalizer: normalizer?.toJSON() };
      const takeOf = ({ name }: { name: string }) => name.split('#')[0]!;
      const leaks = checkLeaks([given], { speakers: 'dependent', takeOf });
      const found = leaks.flatMap(({ trained }) => trained ?? []).sort();
      expect(found).toEqual(
        more(way)
          .map((clip) => clip.name)
          .sort(),
      );
      const twins = leaks.filter(({ type }) => type === 'copy').map(({ trained }) => trained!);
      expect(twins.every((clip) => clip.endsWith('#twin'))).toBe(true);
      expect(leaks.some(({ type }) => type === 'normalizer')).toBe(normalizer !== undefined);
    }
  });
});

describe('npm run leaks', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'speech-emotion-leaks-'));
    await writeFakeCorpus(join(folder, 'corpus'), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const PARAMETERS = ['--data', 'corpus', '--folds', '0', '--epochs', '3'];
  const call = (only: string, out: string, watch?: Parameters<typeof runProgram>[3]) =>
    runProgram('experiments/leaks/leaks.ts', [...PARAMETERS, '--only', only, '--out', out], folder, watch);
  const read = async (name: string): Promise<LeaksFile> => JSON.parse(await readFile(join(folder, name), 'utf8'));

  it('trains each way on the same fold, says what leaks, and keeps what is done', async () => {
    const first = await call('honest,twice', 'leaks.json');
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    const { stdout } = await call('honest,normalised,together', 'leaks.json');
    expect(stdout).not.toMatch(/^honest/m);
    const { runs, protocol } = await read('leaks.json');
    expect(protocol).toBe('sd10');
    expect(runs.map(({ way }) => way)).toEqual(['honest', 'twice', 'normalised', 'together']);
    const [honest, twice, normalised, together] = runs;
    // A clip for each of eight emotions and ten actors: each fold tests one of each emotion.
    expect([honest!.trained, honest!.tested, honest!.leaks]).toEqual([72, 8, {}]);
    expect(twice!.leaks).toEqual({ copy: twice!.trained - 72 });
    expect(normalised).toMatchObject({ trained: 72, leaks: { normalizer: 1 } });
    expect(together!.leaks).toMatchObject({ copy: twice!.leaks.copy, normalizer: 1 });
    expect(together!.leaks.copy! + together!.leaks.take!).toBe(together!.trained - 72);
    for (const { uarByEpoch, uarOfTraining } of runs) {
      expect(uarByEpoch).toHaveLength(3);
      for (const uar of [...uarByEpoch, uarOfTraining]) expect(uar >= 0 && uar <= 1).toBe(true);
    }
  }, 600_000);

  it('a training that was killed goes on to the same result (oracle: one that was not)', async () => {
    const killed = await call('normalised', 'killed.json', (child, stdout) => {
      if (/Epoch 2 of 3/.test(stdout)) child.kill('SIGKILL');
    });
    expect(killed.code).toBe(null);
    const again = await call('normalised', 'killed.json');
    expect(again.stderr).toBe('');
    expect(again.stdout).toMatch(/Going on after epoch [12]\./);
    const { runs } = await read('leaks.json');
    expect((await read('killed.json')).runs).toEqual(runs.filter(({ way }) => way === 'normalised'));
  }, 600_000);

  it('does not mix results of other configurations', async () => {
    await writeFile(join(folder, 'others.json'), JSON.stringify({ config: {}, runs: [] }));
    const { stderr, code } = await call('honest', 'others.json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Cannot write others.json: it holds results of another configuration/);
  }, 120_000);
});
