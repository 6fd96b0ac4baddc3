import fc from 'fast-check';
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

  it('are finite and within the peak, whatever their options, for runs of any length (property)', () => {
    const steps = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 2000 }));
    const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    /** Also parts of the run that are a whole number of its steps: 1 of 10, of 4, of 2. */
    const warmup = (min: number, length: number) =>
      fc.oneof(
        between(min, 0.999),
        fc.integer({ min: 1, max: length }).map((whole) => Math.min(0.999, Math.max(min, whole / length))),
      );
    const schedules = (length: number): fc.Arbitrary<Schedule> =>
      fc.oneof(
        fc.constant<Schedule>({ type: 'constant' }),
        fc.record({
          type: fc.constant('oneCycle' as const),
          warmup: warmup(0.001, length),
          startDivisor: between(1, 1e12),
          endDivisor: between(1, 1e12),
        }),
        fc.record({ type: fc.constant('cosine' as const), warmup: warmup(0, length), floor: between(0, 1) }),
      );
    const runs = steps.chain((length) => fc.tuple(schedules(length), fc.constant(length)));
    fc.assert(
      fc.property(runs, ([schedule, length]) => {
        for (const rate of ratesOf(schedule, 2, length)) {
          expect(rate).toBeGreaterThanOrEqual(0);
          expect(rate).toBeLessThanOrEqual(2 * (1 + 1e-15)); // the last digit may be rounded up
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [0.1, 10],
    [0.25, 4],
    [0.5, 2],
    [1 / 3, 3],
  ])(
    'oneCycle whose way up is one step long, %d of %d, begins at its start and goes down from its peak',
    (warmup, steps) => {
      const [first, ...down] = ratesOf({ type: 'oneCycle', warmup }, 1, steps);
      expect(first).toBeCloseTo(1 / 25, 15);
      // Closed form: half a cosine over the steps after the first.
      for (const [i, rate] of down.entries()) {
        const end = 1 / 25 / 1e4;
        expect(rate).toBeCloseTo(end + ((1 - end) / 2) * (1 + Math.cos((Math.PI * (i + 1)) / (steps - 1))), 12);
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

  it.each([
    null,
    3,
    true,
    [],
    {},
    { type: null },
    { type: 'oneCycle', warmup: '0.3' },
    { type: 'cosine', floor: null },
  ])('refuses %j in words', (schedule) => {
    expect(() => resolveSchedule(schedule as never)).toThrow(/^Cannot train: schedule[.\w]* must be .* got /);
  });
});
