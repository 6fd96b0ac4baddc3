import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { Example } from '../../src/exampleSet/exampleSet.ts';
import { drawEpoch, resolveSampling, type SamplingOptions, sampledGroups } from '../../src/training/sampling.ts';

/** So many clips of each corpus and label; the order of corpora changes from clip to clip. */
function clips(counts: Readonly<Record<string, readonly number[]>>): Example[] {
  return Object.entries(counts).flatMap(([corpus, ofLabel]) =>
    ofLabel.flatMap((count, label) =>
      Array.from({ length: count }, (_, i): Example => {
        const name = `${corpus}-${label}-${i}`;
        return { name, label, speaker: corpus, groups: {}, corpus, variants: [] };
      }),
    ),
  );
}

const SET = clips({ large: [60, 30, 10], small: [4, 6, 0], one: [0, 0, 2] });

/** What the options draw in an epoch, by corpus and label. */
function expected(examples: readonly Example[], options: SamplingOptions): Record<string, number> {
  const groups = sampledGroups(examples, resolveSampling(examples, options));
  return Object.fromEntries(
    groups.map(({ clips, label, draws }) => [`${examples[clips[0]!]!.corpus} ${label}`, draws]),
  );
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe('sampledGroups', () => {
  it('draws in proportion to n^(1/T) of the corpora, then of their labels (oracle: the formula written out)', () => {
    const root = (n: number) => Math.sqrt(n);
    const corpora = root(100) + root(10) + root(2);
    const labels = 60 ** 0.25 + 30 ** 0.25 + 10 ** 0.25;
    const draws = expected(SET, { corpora: 2, labels: 4 });
    expect(draws['large 1']).toBeCloseTo(112 * (10 / corpora) * (30 ** 0.25 / labels), 9);
    expect(draws['one 2']).toBeCloseTo(112 * (root(2) / corpora), 9);
  });

  it('draws each clip once where both temperatures are 1, all alike where they are even', () => {
    const once = expected(SET, { corpora: 1, labels: 1 });
    expect(Object.values(once).map((draws) => Math.round(1e9 * draws) / 1e9)).toEqual([60, 30, 10, 4, 6, 2]);
    const even = expected(SET, {});
    for (const label of [0, 1, 2]) expect(even[`large ${label}`]).toBeCloseTo(112 / 9, 9);
    for (const label of [0, 1]) expect(even[`small ${label}`]).toBeCloseTo(112 / 6, 9);
    expect(even['one 2']).toBeCloseTo(112 / 3, 9);
  });

  it('gives a corpus its share, and the others what is left', () => {
    const draws = expected(SET, { shares: { small: 1 / 2 } });
    expect(draws['small 0']! + draws['small 1']!).toBeCloseTo(56, 9);
    expect(draws['one 2']).toBeCloseTo(28, 9);
  });

  it('draws no other corpus where nothing is left', () => {
    expect(Object.keys(expected(SET, { shares: { small: 1 } }))).toEqual(['small 0', 'small 1']);
    expect(Object.keys(expected(SET, { shares: { small: 0.1 + 0.2, large: 0.7 } }))).not.toContain('one 2');
  });
});

describe('drawEpoch', () => {
  it('draws as many clips as there are, of each group its share within one, evenly (property)', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 3 });
    const temperature = fc.oneof(fc.constant('even' as const), fc.double({ min: 1, max: 50, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(counts, { minLength: 1, maxLength: 4 }),
        temperature,
        temperature,
        fc.nat(),
        (all, a, b, seed) => {
          const examples = clips(Object.fromEntries(all.map((own, i) => [`c${i}`, own])));
          if (examples.length === 0) return;
          const groups = sampledGroups(examples, resolveSampling(examples, { corpora: a, labels: b }));
          const draws = drawEpoch(groups, new RandomStream(seed));
          expect(draws).toHaveLength(examples.length);
          for (const { clips, draws: expected } of groups) {
            const times = clips.map((clip) => draws.filter(({ index }) => index === clip));
            expect(Math.abs(sum(times.map(({ length }) => length)) - expected)).toBeLessThan(1 + 1e-6);
            const lengths = times.map(({ length }) => length);
            expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
            // Each time of its own, so that no two draws of an epoch are augmented alike.
            for (const own of times)
              expect(own.map(({ times }) => times).sort((x, y) => x - y)).toEqual([...own.keys()]);
          }
        },
      ),
    );
  });

  it('draws fractions of a draw as often as they say over many epochs (oracle: binomial bounds)', () => {
    const groups = sampledGroups(SET, resolveSampling(SET, { corpora: 3, labels: 2 }));
    const totals = groups.map(() => 0);
    const epochs = 2000;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const draws = drawEpoch(groups, new RandomStream(3, epoch));
      for (const [i, { clips }] of groups.entries())
        totals[i]! += draws.filter(({ index }) => clips.includes(index)).length;
    }
    for (const [i, { draws }] of groups.entries()) expect(Math.abs(totals[i]! / epochs - draws)).toBeLessThan(0.06);
  });

  it('is the same for the same seed, another for another', () => {
    const groups = sampledGroups(SET, resolveSampling(SET, {}));
    const draw = (seed: number) => drawEpoch(groups, new RandomStream(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
  });
});

describe('resolveSampling', () => {
  it.each([
    [{ corpora: 0.5 }, /sampling\.corpora must be .*1.*, got 0\.5$/],
    [{ labels: Number.NaN }, /sampling\.labels must be/],
    [{ labels: 'evenly' }, /sampling\.labels must be/],
    [{ shares: { none: 0.5 } }, /sampling\.shares must name corpora of the clips, large, small, one, got 'none'$/],
    [{ shares: { large: 0.7, small: 0.5 } }, /sampling\.shares must be at most 1 together/],
    [{ shares: { large: 0.5, small: 0.2, one: 0.2 } }, /sampling\.shares must be 1 together/],
    [{ shares: { large: 1.1 } }, /sampling\.shares\.large must be/],
    [{ corpus: 'even' }, /sampling\.corpus/],
  ])('refuses %j', (options, message) => {
    expect(() => resolveSampling(SET, options as SamplingOptions)).toThrow(message);
  });
});
