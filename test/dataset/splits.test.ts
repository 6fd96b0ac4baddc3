import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawSpeakers, randomFolds, type Splittable, speakersOf, splitBySpeaker } from '../../src/dataset/splits.ts';

const item = (label: string, speaker: string, groups: Record<string, string> = {}): Splittable => ({
  label,
  speaker,
  groups,
});

/** Items of 3 labels and 6 speakers in any numbers, at least one item of a speaker. */
const items = fc
  .array(fc.record({ label: fc.constantFrom('a', 'b', 'c'), speaker: fc.constantFrom('1', '2', '3', '4', '5', '6') }), {
    minLength: 12,
    maxLength: 80,
  })
  .map((drawn) => drawn.map(({ label, speaker }) => item(label, speaker)));

describe('splitBySpeaker', () => {
  it('puts every item into one part and no speaker into both (property)', () => {
    fc.assert(
      fc.property(items, fc.nat(), (all, pick) => {
        const speakers = speakersOf(all);
        fc.pre(speakers.length > 1);
        const { train, test } = splitBySpeaker(all, [speakers[pick % speakers.length]!]);
        expect(new Set([...train, ...test])).toEqual(new Set(all));
        expect(train.length + test.length).toBe(all.length);
        expect(speakersOf(train).filter((speaker) => speakersOf(test).includes(speaker))).toEqual([]);
      }),
    );
  });

  it('refuses speakers without recordings, empty parts, and recordings whose speaker is not known', () => {
    const all = [item('a', '1'), item('a', '2')];
    expect(() => splitBySpeaker(all, ['1', '3'])).toThrow(/must be among 1, 2, got 3/);
    expect(() => splitBySpeaker(all, [])).toThrow(RangeError);
    expect(() => splitBySpeaker(all, ['1', '2'])).toThrow(RangeError);
    expect(() => splitBySpeaker([], [])).toThrow(RangeError);
    expect(() => splitBySpeaker([...all, item('a', '')], ['1'])).toThrow(/speaker of every recording must be known/);
  });
});

describe('drawSpeakers', () => {
  const all = Array.from({ length: 12 }, (_, i) => item('a', `s${i}`, { sex: i < 4 ? 'female' : 'male' }));
  const females = (drawn: string[]) => drawn.filter((speaker) => Number(speaker.slice(1)) < 4).length;

  it('draws as many from each group as there are speakers for (counted)', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(females(drawSpeakers(all, { speakers: 4, seed, balance: 'sex' }))).toBe(2);
      expect(females(drawSpeakers(all, { speakers: 10, seed, balance: 'sex' }))).toBe(4);
      expect([2, 3]).toContain(females(drawSpeakers(all, { speakers: 5, seed, balance: 'sex' })));
    }
    const odd = Array.from({ length: 20 }, (_, seed) =>
      females(drawSpeakers(all, { speakers: 5, seed, balance: 'sex' })),
    );
    expect(new Set(odd)).toEqual(new Set([2, 3]));
  });

  it('reaches every speaker, draws each once, and repeats for the same seed', () => {
    const draws = Array.from({ length: 50 }, (_, seed) => drawSpeakers(all, { speakers: 3, seed }));
    expect(new Set(draws.flat()).size).toBe(12);
    for (const draw of draws) expect(new Set(draw).size).toBe(3);
    expect(drawSpeakers(all, { speakers: 3, seed: 7 })).toEqual(draws[7]);
    expect(drawSpeakers(all, { speakers: 3 })).toEqual(draws[0]);
  });

  it('refuses numbers that leave a part empty, and groups that recordings lack', () => {
    for (const speakers of [0, 12, 13, 1.5, Number.NaN])
      expect(() => drawSpeakers(all, { speakers })).toThrow(RangeError);
    expect(() => drawSpeakers(all, { speakers: 2, balance: 'age' })).toThrow(/group that every recording has, got age/);
  });
});

describe('randomFolds', () => {
  it('tests every item once, stratified to within one item a label and a fold (property)', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 2, max: 5 }), fc.nat(1000), (all, folds, seed) => {
        const labels = ['a', 'b', 'c'].filter((label) => all.some((one) => one.label === label));
        const count = (part: Splittable[], label: string) => part.filter((one) => one.label === label).length;
        fc.pre(labels.every((label) => count(all, label) >= folds));
        const cut = randomFolds(all, { folds, seed });
        expect(cut).toHaveLength(folds);
        expect(cut.flatMap(({ test }) => test)).toHaveLength(all.length);
        expect(new Set(cut.flatMap(({ test }) => test))).toEqual(new Set(all));
        for (const { train, test } of cut) {
          expect(new Set([...train, ...test])).toEqual(new Set(all));
          expect(train.length + test.length).toBe(all.length);
          expect(Math.abs(test.length - all.length / folds)).toBeLessThan(1);
          for (const label of labels) expect(Math.abs(count(test, label) - count(all, label) / folds)).toBeLessThan(1);
        }
      }),
    );
  });

  it('keeps speakers together where asked, and tests every item once (property)', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 2, max: 6 }), fc.nat(1000), (all, folds, seed) => {
        fc.pre(speakersOf(all).length >= folds);
        const cut = randomFolds(all, { folds, by: 'speaker', seed });
        expect(new Set(cut.flatMap(({ test }) => test))).toEqual(new Set(all));
        expect(cut.flatMap(({ test }) => speakersOf(test)).sort()).toEqual(speakersOf(all));
        for (const { train, test } of cut) {
          expect(train.length + test.length).toBe(all.length);
          expect(train.length * test.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('depends on the seed, and on nothing else', () => {
    const all = Array.from({ length: 60 }, (_, i) => item('abc'[i % 3]!, `s${i % 10}`));
    for (const by of ['recording', 'speaker'] as const) {
      expect(randomFolds(all, { folds: 5, by, seed: 3 })).toEqual(randomFolds(all, { folds: 5, by, seed: 3 }));
      const at = (seed: number) => randomFolds(all, { folds: 5, by, seed })[0]!.test.map((one) => all.indexOf(one));
      expect(at(3)).not.toEqual(at(4));
    }
    expect(randomFolds(all, { folds: 5 }).map(({ name }) => name)).toEqual(
      [0, 1, 2, 3, 4].map((i) => `recording5/${i}`),
    );
  });

  it('refuses more folds than recordings of a label, or than speakers', () => {
    const all = [item('a', '1'), item('a', '2'), item('a', '3'), item('b', '1'), item('b', '2')];
    expect(() => randomFolds(all, { folds: 3 })).toThrow(/from 2 to 2, the number of recordings of b, got 3/);
    expect(() => randomFolds(all, { folds: 4, by: 'speaker' })).toThrow(/from 2 to 3, the number of speakers, got 4/);
    for (const folds of [0, 1, 2.5, Number.NaN]) expect(() => randomFolds(all, { folds })).toThrow(RangeError);
    expect(() => randomFolds(all, { folds: 2, by: 'label' as 'speaker' })).toThrow(
      /by must be one of 'recording', 'speaker'/,
    );
    expect(() => randomFolds([], { folds: 2 })).toThrow(RangeError);
  });
});
