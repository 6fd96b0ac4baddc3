import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';

const take = (stream: RandomStream, count: number) => Array.from({ length: count }, () => stream.next());
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('RandomStream', () => {
  it('is a function of seed and path alone (property)', () => {
    const parent = new RandomStream(7, 'masks');
    take(parent, 5);
    expect(take(parent.fork(3, 'a'), 4)).toEqual(take(new RandomStream(7, 'masks', 3, 'a'), 4));
    expect(take(new RandomStream(7, 'masks', 3), 4)).not.toEqual(take(new RandomStream(7, 'masks', 4), 4));
    expect(take(new RandomStream(8), 4)).not.toEqual(take(new RandomStream(7), 4));
    expect(take(new RandomStream(7, '1'), 4)).not.toEqual(take(new RandomStream(7, 1), 4));
  });

  it('keeps its numbers from version to version (stored values of the first release)', () => {
    expect(take(new RandomStream(1), 3)).toEqual([0.09518481814302504, 0.36575316661037505, 0.7035636524669826]);
  });

  it('draws the moments of its distributions (closed form, five standard errors)', () => {
    const count = 20_000;
    const stream = new RandomStream(11);
    const uniform = take(stream, count);
    expect(Math.abs(mean(uniform) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
    const normal = Array.from({ length: count }, () => stream.normal());
    expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(mean(normal.map((x) => x * x)) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    for (const a of [0.2, 0.5, 1]) {
      const beta = Array.from({ length: count }, () => stream.beta(a));
      const variance = 1 / (4 * (2 * a + 1)); // of Beta(a, a)
      expect(Math.abs(mean(beta) - 1 / 2)).toBeLessThan(5 * Math.sqrt(variance / count));
      expect(Math.abs(mean(beta.map((x) => (x - 1 / 2) ** 2)) / variance - 1)).toBeLessThan(0.05);
    }
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < count; i++) counts[stream.integer(6)]! += 1;
    const chiSquare = counts.reduce((sum, n) => sum + (n - count / 6) ** 2 / (count / 6), 0);
    expect(chiSquare).toBeLessThan(20.5); // 99.9 % of χ² with 5 degrees of freedom
  });

  it('shuffles in place to a permutation, every order equally likely (χ² over the 24 orders of 4)', () => {
    const stream = new RandomStream(3);
    const orders = new Map<string, number>();
    for (let i = 0; i < 4800; i++) {
      const order = stream.shuffle([0, 1, 2, 3]).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    const chiSquare = [...orders.values()].reduce((sum, n) => sum + (n - 200) ** 2 / 200, 0);
    expect(chiSquare).toBeLessThan(49.7); // 99.9 % of χ² with 23 degrees of freedom
  });

  it('refuses a seed that is no integer', () => {
    expect(() => new RandomStream(0.5)).toThrow('seed must be an integer, got 0.5');
  });
});
