import { describe, expect, it } from 'vitest';
import { levelling } from '../../src/classifier/levelling.ts';
import { RandomStream } from '../../src/core/random.ts';

const constants = { expectedWindows: 3, scaling: 0.5 };

/** Windows of three labels, minus their mean, of which the last is heard more often and the second varies more. */
function windows(count: number): Float64Array[] {
  const random = new RandomStream(1, 'levelling');
  return Array.from({ length: count }, () => {
    const logits = [random.normal(), 3 * random.normal(), 1 + random.normal()];
    const mean = (logits[0]! + logits[1]! + logits[2]!) / 3;
    return Float64Array.from(logits, (one) => one - mean);
  });
}

function probabilities(logits: ArrayLike<number>, temperature: number): number[] {
  const powers = Array.from(logits, (one) => Math.exp(one / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

describe('levelling', () => {
  it('takes the mean off and evens the spread, by the number of windows and the variety heard (oracle: written out)', () => {
    const all = windows(40);
    const temperature = 1.5;
    const column = (label: number, of: readonly ArrayLike<number>[]) => of.map((one) => one[label]!);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const heard = [0, 1, 2].map((label) =>
      mean(
        column(
          label,
          all.map((one) => probabilities(one, temperature)),
        ),
      ),
    );
    const entropy = -heard.reduce((sum, p) => sum + p * Math.log(p), 0);
    const share = (40 / 43) * ((Math.exp(entropy) - 1) / 2);
    const shift = [0, 1, 2].map((label) => -share * mean(column(label, all)));
    const spread = [0, 1, 2].map((label) =>
      Math.sqrt(mean(column(label, all).map((one) => (one + shift[label]!) ** 2))),
    );
    const scale = spread.map((own) => (mean(spread) / own) ** (0.5 * share ** 3));
    const made = levelling(all, temperature, undefined, constants);
    for (const label of [0, 1, 2]) {
      expect(made.shift[label]).toBeCloseTo(shift[label]!, 10);
      expect(made.scale[label]).toBeCloseTo(scale[label]!, 10);
    }
    expect(made.scale[1]).toBeLessThan(1);
    expect(made.shift[2]).toBeLessThan(0);
  });

  it('leaves logits as they are where all windows sound like one label, however many there are', () => {
    const loud = Array.from({ length: 1000 }, () => Float64Array.of(40, -20, -20));
    const { shift, scale } = levelling(loud, 1, undefined, constants);
    for (const label of [0, 1, 2]) {
      expect(shift[label]).toBeCloseTo(0, 8);
      expect(scale[label]).toBeCloseTo(1, 8);
    }
  });

  it('gives labels the shares that are told, the nearer the more windows there are', () => {
    const told = [0.2, 0.3, 0.5];
    const distance = (count: number) => {
      const all = windows(count);
      const { shift, scale } = levelling(all, 1, told, constants);
      expect(Array.from(scale)).toEqual([1, 1, 1]);
      const shifted = all.map((logits) =>
        probabilities(
          logits.map((one, label) => one + shift[label]!),
          1,
        ),
      );
      return Math.max(
        ...told.map((share, label) => Math.abs(share - shifted.reduce((sum, p) => sum + p[label]! / count, 0))),
      );
    };
    expect(distance(100_000)).toBeLessThan(1e-3);
    expect(distance(30)).toBeGreaterThan(distance(300));
  });

  it('takes windows without any spread', () => {
    const { shift, scale } = levelling([new Float64Array(3)], 1, undefined, constants);
    expect([...shift, ...scale].every(Number.isFinite)).toBe(true);
  });
});
