import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { restrictPredictions } from '../../src/evaluation/restrictPredictions.ts';
import { expectClose } from '../support/arrays.ts';

const LABELS = ['neutral', 'calm', 'happy', 'sad'];

function prediction(label: number, probabilities: number[]): LabelledPrediction {
  return { name: 'clip', label, speaker: 's', groups: {}, probabilities };
}

const restricted = (probabilities: number[], left: string[], merge: Record<string, string> = {}, label = 2) =>
  Array.from(restrictPredictions(LABELS, [prediction(label, probabilities)], left, { merge })[0]!.probabilities);

describe('restrictPredictions', () => {
  it('divides by the sum of those that are left (closed form)', () => {
    expectClose(restricted([0.5, 0.25, 0.2, 0.05], ['happy', 'sad']), [0, 0, 0.8, 0.2], 1e-12);
  });

  it('counts calm as neutral where a corpus has no calm, and as itself where it has', () => {
    const merge = { calm: 'neutral' };
    expectClose(restricted([0.1, 0.3, 0.4, 0.2], ['neutral', 'happy'], merge), [0.5, 0, 0.5, 0], 1e-12);
    expectClose(restricted([0.1, 0.3, 0.4, 0.2], ['calm', 'happy'], merge), [0, 3 / 7, 4 / 7, 0], 1e-12);
    expectClose(restricted([0.1, 0.3, 0.4, 0.2], ['happy', 'sad'], merge), [0, 0, 2 / 3, 1 / 3], 1e-12);
  });

  it('spreads evenly where nothing is left', () => {
    expectClose(restricted([1, 0, 0, 0], ['happy', 'sad']), [0, 0, 0.5, 0.5], 0);
  });

  it('gives distributions in the order of those that are left, whatever they were (property)', () => {
    const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(probabilities, (given) => {
        const result = restricted(given, ['calm', 'happy', 'sad']);
        expect(result.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
        expect(Math.sign(result[2]! - result[3]!) * Math.sign(given[2]! - given[3]!)).not.toBe(-1);
      }),
    );
  });

  it('says what is wrong', () => {
    const one = [prediction(2, [0.25, 0.25, 0.25, 0.25])];
    expect(() => restrictPredictions(LABELS, one, ['glad'])).toThrow(/label must be one of neutral, .*, got "glad"$/);
    expect(() => restrictPredictions(LABELS, one, [])).toThrow(/left must hold labels, got none$/);
    expect(() => restrictPredictions(LABELS, one, ['sad'])).toThrow(
      /'clip' must be of a label that is left, sad, got happy$/,
    );
    expect(() => restrictPredictions(LABELS, one, ['happy'], { merge: { tired: 'calm' } })).toThrow(/got "tired"$/);
  });
});
