import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RavdessDataset } from '../../src/dataset/ravdessDataset.ts';
import { checkLeaks, type Leak, type LeakOptions, type SplitFold } from '../../src/evaluation/index.ts';
import type { Example } from '../../src/exampleSet/exampleSet.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { fakeRavdess } from '../support/fakeRavdess.ts';
import { synthetic } from '../training/synthetic.ts';

/* Six speakers of six clips each, who say three labels twice; two folds test three of them each. */

const { examples } = synthetic({ clips: 36, speakers: 6 });
const isFirst = ({ speaker }: Example) => Number(speaker.at(-1)) < 3;
const fold = (name: string, isTest: (example: Example) => boolean) => ({
  name,
  train: examples.filter((example) => !isTest(example)),
  test: examples.filter(isTest),
});
const folds = [fold('a', isFirst), fold('b', (example) => !isFirst(example))];
const [a, b] = folds as [(typeof folds)[0], (typeof folds)[0]];
const normalizerOf = (clips: readonly Example[]) => Normalizer.fit(clips.map(({ variants }) => variants[0]!)).toJSON();
const typesOf = (leaks: readonly Leak[]) => leaks.map(({ type }) => type);
/** All of a leak but its words. */
const bare = ({ message: _, ...rest }: Leak) => rest;

/** Fold `a` with more clips to train on. */
const withMore = (...more: readonly object[]): SplitFold[] => [
  { ...a, train: [...a.train, ...(more as Example[])] },
  b,
];

describe('checkLeaks finds what was planted, and nothing else (oracle: the plant)', () => {
  const tested = a.test[4]!;
  const dependent: LeakOptions = { speakers: 'dependent' };

  it('nothing in clean folds, with normalisers, takes and all', () => {
    expect(checkLeaks(folds)).toEqual([]);
    expect(checkLeaks(folds, dependent)).toEqual([]);
    const whole = folds.map((one) => ({ ...one, normalizer: normalizerOf(one.train) }));
    expect(checkLeaks(whole, { takeOf: ({ name }) => name })).toEqual([]);
    expect(checkLeaks(folds.map((one) => ({ ...one, train: [...one.train, ...one.train] })))).toEqual([]); // drawn twice
  });

  it('a clip that is trained on and tested', () => {
    const [leak, ...others] = checkLeaks(withMore(tested), dependent);
    expect(others).toEqual([]);
    expect(bare(leak!)).toEqual({ type: 'clip', fold: 'a', trained: tested.name, tested: tested.name });
    expect(leak!.message).toBe(`Fold a trains on '${tested.name}' and tests it`);
    expect(typesOf(checkLeaks(withMore(tested)))).toEqual(['clip', 'speaker']);
  });

  it('a tested clip under another name, and a copy of one that is a clip of its own', () => {
    const twin = { ...tested, name: 'twin', speaker: a.train[0]!.speaker };
    const faster = { ...twin, name: 'faster', variants: [tested.variants[1]!] };
    expect(checkLeaks(withMore(twin, faster)).map(bare)).toEqual([
      { type: 'copy', fold: 'a', trained: 'twin', tested: tested.name },
      { type: 'copy', fold: 'a', trained: 'faster', tested: tested.name },
    ]);
    const { variants: _, ...unheard } = twin;
    expect(checkLeaks(withMore(unheard))).toEqual([]); // there is nothing to compare
  });

  it('an altered copy, by its take', () => {
    const values = tested.variants[0]!.values.map((value) => value + 0.5);
    const altered = { ...a.train[0]!, name: `${tested.name}#noise`, variants: [{ ...tested.variants[0]!, values }] };
    expect(checkLeaks(withMore(altered))).toEqual([]);
    const takeOf = ({ name }: { name: string }) => name.split('#')[0]!;
    expect(checkLeaks(withMore(altered), { takeOf }).map(bare)).toEqual([
      { type: 'take', fold: 'a', trained: altered.name, tested: tested.name },
    ]);
    const twin = { ...a.train[0]!, name: `${tested.name}#twin`, variants: tested.variants };
    expect(typesOf(checkLeaks(withMore(twin), { takeOf }))).toEqual(['copy']); // once
  });

  it('a speaker on both sides, once a fold, however the name is encoded; and clips of nobody', () => {
    const zoe = [{ name: 'x', speaker: 'Zoe\u0301' }, { name: 'y', speaker: 'Zo\u00e9' }, { name: 'z' }] as const;
    const [x, y, z] = zoe;
    expect(checkLeaks([{ name: 'a', train: [x, z], test: [y] }]).map(bare)).toEqual([
      { type: 'speaker', fold: 'a', trained: 'x', tested: 'y' },
      { type: 'unknownSpeaker', fold: 'a', trained: 'z' },
    ]);
    expect(checkLeaks([{ name: 'a', train: [x, z], test: [y] }], dependent)).toEqual([]);
    const byRecording = [fold('a', ({ name }) => Number(name.slice(4)) % 2 === 0)];
    expect(typesOf(checkLeaks(byRecording))).toEqual(Array(6).fill('speaker'));
  });

  it('a clip that is tested twice, by two folds or one', () => {
    const leaks = checkLeaks([a, { ...b, test: [...b.test, tested] }], dependent).map(bare);
    expect(leaks).toEqual([
      { type: 'clip', fold: 'b', trained: tested.name, tested: tested.name },
      { type: 'testedTwice', fold: 'b', tested: tested.name },
    ]);
    expect(checkLeaks([{ ...a, test: [...a.test, tested] }]).map(bare)).toEqual([
      { type: 'testedTwice', fold: 'a', tested: tested.name },
    ]);
  });

  it('a normaliser that knows a test clip, or lacks a training clip', () => {
    const of = (clips: readonly Example[]) => typesOf(checkLeaks([{ ...a, normalizer: normalizerOf(clips) }]));
    expect(of([...a.train, tested])).toEqual(['normalizer']);
    expect(of(a.train.slice(1))).toEqual(['normalizer']);
    expect(of(examples)).toEqual(['normalizer']);
    expect(of([...a.train].reverse())).toEqual([]); // another order rounds otherwise
    const { mean, std } = normalizerOf(a.train);
    const fewer = { mean: mean.slice(1), std: std.slice(1) };
    expect(typesOf(checkLeaks([{ ...a, normalizer: fewer }]))).toEqual(['normalizer']);
  });

  it('fold by fold, in order', () => {
    const planted = [...withMore({ ...tested, name: 'twin' }), { ...a, name: 'c', normalizer: normalizerOf(examples) }];
    expect(checkLeaks(planted, dependent).map(({ fold, type }) => `${fold} ${type}`)).toEqual([
      ...['a copy', 'c normalizer'],
      ...a.test.map(() => 'c testedTwice'),
    ]);
  });
});

describe('checkLeaks', () => {
  it('does not depend on what clips and speakers are called, nor on their order (property)', () => {
    const planted: SplitFold[] = [
      { ...a, train: [...a.train, a.test[0]!, { ...a.test[1]!, name: 'twin' }] },
      { ...b, test: [...b.test, a.test[2]!], normalizer: normalizerOf(examples) },
    ];
    const wanted = checkLeaks(planted);
    expect(new Set(typesOf(wanted))).toEqual(new Set(['clip', 'copy', 'speaker', 'testedTwice', 'normalizer']));
    fc.assert(
      fc.property(
        fc.integer(),
        fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 50, maxLength: 50 }),
        (seed, names) => {
          const called = new Map<string, string>();
          const rename = (name: string) => called.get(name) ?? called.set(name, names[called.size]!).get(name)!;
          const renamed = (clips: Iterable<{ name: string; speaker?: string | undefined }>) => {
            const all = Array.from(clips, (clip) => ({
              ...clip,
              name: rename(clip.name),
              speaker: `s${rename(clip.speaker!)}`,
            }));
            return all.map((_, i) => all[(i + Math.abs(seed)) % all.length]!);
          };
          const found = checkLeaks(
            planted.map((one) => ({ ...one, train: renamed(one.train), test: renamed(one.test) })),
          );
          const line = ({ type, fold, trained, tested }: Leak) =>
            type === 'speaker' ? `${type} ${fold}` : `${type} ${fold} ${trained} ${tested}`;
          const known = wanted.map(({ trained, tested, ...leak }) =>
            line({ ...leak, trained: trained && called.get(trained), tested: tested && called.get(tested) }),
          );
          expect(found.map(line).sort()).toEqual(known.sort());
        },
      ),
      { numRuns: 25 },
    );
  });

  it('finds nothing in published folds, by names alone, and the speakers of random ones (oracle: what the folds are)', async () => {
    const dataset = await RavdessDataset.from(fakeRavdess());
    const takeOf = ({ name }: { name: string }) => name.split('/').at(-1)!.slice(3);
    for (const protocol of ['actors5', 'actors6'] as const) {
      expect(checkLeaks(dataset.folds(protocol), { takeOf })).toEqual([]);
    }
    const random = dataset.folds({ folds: 10, by: 'recording' });
    expect(checkLeaks(random, { speakers: 'dependent', takeOf })).toEqual([]);
    const testers = random.map(({ test }) => new Set(Array.from(test, ({ speaker }) => speaker)).size);
    expect(typesOf(checkLeaks(random))).toEqual(Array(testers.reduce((sum, count) => sum + count)).fill('speaker'));
    // The corpus held twice: nine in ten of the tested clips have their twin in training.
    const twice = random.map(({ name, train, test }, i) => ({
      ...{ name, test },
      train: [
        ...train,
        ...[...test].filter((_, k) => k % 10 !== i).map((clip) => ({ ...clip, name: `copy/${clip.name}` })),
      ],
    }));
    const leaks = checkLeaks(twice, { speakers: 'dependent', takeOf });
    expect([...new Set(typesOf(leaks)), leaks.length]).toEqual(['take', 1440 - 144]);
  });

  it('says what is wrong', () => {
    const wrong = (given: unknown, options?: unknown) => () => checkLeaks(given as SplitFold[], options as LeakOptions);
    expect(wrong([])).toThrow(new RangeError('Cannot check for leaks: there must be folds, got none'));
    expect(wrong(5)).toThrow(new TypeError('Cannot check for leaks: folds must be a list, got number'));
    expect(wrong('ab')).toThrow('folds must be a list, got string');
    expect(wrong([a, a])).toThrow("fold names must be unique, got 'a' twice");
    expect(wrong([{ ...a, name: '' }])).toThrow('the name of a fold must be text, got ""');
    expect(wrong([{ name: 'a', train: [] }])).toThrow('test of fold a must be a list, got undefined');
    expect(wrong([{ ...a, train: ['clip0'] }])).toThrow('each of train of fold a must be an object, got "clip0"');
    expect(wrong([{ ...a, test: [{}] }])).toThrow('the name of a clip of fold a must be text, got undefined');
    expect(wrong([{ ...a, test: [{ name: 'x', speaker: 3 }] }])).toThrow("the speaker of 'x' must be text, got number");
    expect(wrong([{ ...a, test: [{ name: 'x', variants: [[1]] }] }])).toThrow('must be matrices of a Float32Array');
    expect(wrong([{ ...a, normalizer: { mean: 1 } }])).toThrow('mean must be an array of numbers');
    const bareClips = [{ name: 'a', train: [{ name: 'x' }], test: [], normalizer: normalizerOf(examples) }];
    expect(wrong(bareClips)).toThrow("training clips of a fold with a normaliser must have features, got 'x'");
    expect(wrong(folds, { speakers: 'both' })).toThrow(
      "speakers must be one of 'independent', 'dependent', got \"both\"",
    );
    expect(wrong(folds, { takeOf: 'name' })).toThrow('takeOf must be a function, got "name"');
    expect(wrong(folds, { takeOf: () => 3 })).toThrow("takeOf('clip0') must be text, got 3");
    expect(wrong(folds, { speaker: 'dependent' })).toThrow("there is no option named 'speaker'");
  });
});
