import { describe, expect, it } from 'vitest';
import { learningRateAt, resolveSchedule, type Schedule } from '../../src/training/schedule.ts';
import reference from '../reference/training/values.json' with { type: 'json' };

const ratesOf = (schedule: Schedule | Schedule['type'], peak: number, steps: number) =>
  Array.from({ length: steps }, (_, step) => learningRateAt(resolveSchedule(schedule), peak, step, steps));

describe('learning rate schedules', () => {
  it.each(reference.oneCycle)('oneCycle is OneCycleLR (oracle: torch 1.13, stored; $options)', (given) => {
    const rates = ratesOf({ type: 'oneCycle', ...given.options }, given.peak, given.steps);
    for (const [step, rate] of rates.entries()) expect(rate / given.rates[step]!).toBeCloseTo(1, 10);
  });

  it('constant stays', () => {
    expect(ratesOf('constant', 0.3, 3)).toEqual([0.3, 0.3, 0.3]);
  });

  it('cosine goes up in a line, then down half a cosine to its floor (closed form)', () => {
    const rates = ratesOf({ type: 'cosine', warmup: 0.2, floor: 0.1 }, 1, 20);
    const wanted = Array.from({ length: 20 }, (_, i) =>
      i < 4 ? (i + 1) / 5 : 0.1 + 0.45 * (1 + Math.cos((Math.PI * (i - 4)) / 16)),
    );
    for (const [i, rate] of rates.entries()) expect(rate).toBeCloseTo(wanted[i]!, 12);
  });

  it.each(['oneCycle', 'cosine', 'constant'] as const)(
    '%s is finite and within the peak, for runs of any length',
    (type) => {
      for (const steps of [1, 2, 3, 5, 100]) {
        for (const rate of ratesOf(type, 2, steps)) {
          expect(rate).toBeGreaterThanOrEqual(0);
          expect(rate).toBeLessThanOrEqual(2);
        }
      }
    },
  );

  it.each([
    { type: 'oneCycle', warmup: 1 },
    { type: 'oneCycle', startDivisor: 0 },
    { type: 'cosine', floor: 2 },
    { type: 'triangle' },
  ])('refuses %j', (schedule) => {
    expect(() => resolveSchedule(schedule as Schedule)).toThrow(RangeError);
  });

  it('refuses an option of another schedule', () => {
    expect(() => resolveSchedule({ type: 'constant', warmup: 0.1 } as Schedule)).toThrow(TypeError);
  });
});
