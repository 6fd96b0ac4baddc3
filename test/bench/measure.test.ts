import { describe, expect, it } from 'vitest';
import { always, caseOf, compare, type Measurement, spreadOf, timed } from '../../bench/measure.ts';
import { inWords, threeDigits } from '../../bench/words.ts';

const about = { case: 'a thing', backend: 'none', against: 'another', aim: 2 };

/** Gives these figures one after the other, and keeps a record of who was asked. */
function recorded(name: string, figures: readonly number[], calls: string[]): Measurement {
  let next = 0;
  return () => {
    calls.push(name);
    return figures[next++]!;
  };
}

describe('spreadOf (oracle: figures sorted by hand)', () => {
  it.each([
    [[3], { median: 3, min: 3, max: 3 }],
    [[9, 1, 5], { median: 5, min: 1, max: 9 }],
    [[10, 2, 4, 100], { median: 4, min: 2, max: 100 }], // by number, not as text; the lower of the middle two
  ])('of %j', (figures, expected) => expect(spreadOf(figures, 's')).toEqual({ ...expected, unit: 's' }));
});

describe('compare (oracle: figures that are given)', () => {
  it('runs both in turn, leaves the first rounds out, and divides medians', async () => {
    const calls: string[] = [];
    const ours = recorded('ours', [1000, 1, 2, 3], calls);
    const theirs = recorded('theirs', [0, 30, 10, 20], calls);
    const found = await compare({ ...about, rounds: 3, warmUps: 1, unit: 'dispatches', ours, theirs });
    expect(calls).toEqual(Array(4).fill(['ours', 'theirs']).flat());
    expect(found).toEqual({
      ...about,
      ours: { median: 2, min: 1, max: 3, unit: 'dispatches' },
      theirs: { median: 20, min: 10, max: 30, unit: 'dispatches' },
      ratio: 10,
    });
  });

  it('takes a figure that is the measure itself', async () => {
    const found = await compare({ ...about, rounds: 2, ours: () => 4, theirs: always(2) });
    expect(found).toEqual(caseOf(about, spreadOf([4, 4], 'ms'), spreadOf([2, 2], 'ms')));
    expect(found.ratio).toBe(0.5);
  });
});

describe('timed', () => {
  it('calls as often as it is told, waiting for each (oracle: a count of those under way)', async () => {
    let [underWay, most, calls] = [0, 0, 0];
    await timed(async () => {
      most = Math.max(most, ++underWay);
      await undefined;
      underWay--;
      calls++;
    }, 3)();
    expect({ most, calls }).toEqual({ most: 1, calls: 3 });
  });
});

it('figures in words (by hand)', () => {
  expect([123.44, 0.012345, 1234.5, 2, 1e7].map(threeDigits)).toEqual(['123', '0.0123', '1230', '2', '10000000']);
  expect(inWords(spreadOf([1.234, 2, 3], 'ms'))).toBe('2 ms (1.23 to 3)');
  expect(inWords(spreadOf([15], 's'))).toBe('15 s');
});
