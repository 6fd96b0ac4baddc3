import { describe, expect, it } from 'vitest';
import { resolveMinDb, toDecibels } from '../../src/features/decibel.ts';

describe('toDecibels', () => {
  it.each([
    [1, 0],
    [10, 10],
    [0.5, -3.010299956639812],
    [1e-8, -80],
    [1e-9, -80],
    [0, -80],
  ])('power %f is %f dB over a floor of -80 (definition)', (power, decibels) => {
    expect(toDecibels(power, -80)).toBeCloseTo(decibels, 12);
  });

  it('does not hide what is not a number', () => {
    expect(toDecibels(Number.NaN, -80)).toBeNaN();
  });
});

it('the floor is -80 dB unless it is set', () => {
  expect(resolveMinDb('test', {})).toBe(-80);
  expect(resolveMinDb('test', { minDb: -65 })).toBe(-65);
  expect(() => resolveMinDb('test', { minDb: Number.NEGATIVE_INFINITY })).toThrow(RangeError);
  expect(() => resolveMinDb('test', { minDb: '-65' as never })).toThrow(TypeError);
});
