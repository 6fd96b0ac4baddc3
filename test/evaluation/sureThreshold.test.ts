import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { argMax } from '../../src/evaluation/metrics.ts';
import { fitSureThreshold, riskCoverage } from '../../src/evaluation/sureThreshold.ts';

/** A prediction of the first of two labels with a confidence, right or wrong. */
function prediction(confidence: number, isRight: boolean): LabelledPrediction {
  const probabilities = Float32Array.of(confidence, 1 - confidence);
  return { name: 'clip', label: isRight ? 0 : 1, speaker: '', groups: {}, probabilities };
}

const of = (...clips: readonly [confidence: number, isRight: boolean][]) => clips.map((clip) => prediction(...clip));

const clip = fc.record({ confidence: fc.integer({ min: 8, max: 16 }), isRight: fc.boolean() });
const clips = fc
  .array(clip, { minLength: 1, maxLength: 30 })
  .map((all) => all.map(({ confidence, isRight }) => prediction(confidence / 16, isRight)));

describe('riskCoverage', () => {
  it('has a point for each confidence, the surest first (oracle: by hand)', () => {
    const points = riskCoverage(of([0.75, true], [0.5, false], [0.875, true], [0.75, false]));
    expect(points).toEqual([
      { confidence: 0.875, coverage: 0.25, accuracy: 1 },
      { confidence: 0.75, coverage: 0.75, accuracy: 2 / 3 },
      { confidence: 0.5, coverage: 1, accuracy: 0.5 },
    ]);
  });

  it('says of each confidence what the definition says (property)', () => {
    fc.assert(
      fc.property(clips, (all) => {
        const confidences = all.map(({ probabilities }) => probabilities[0]!);
        const points = riskCoverage(all);
        expect(points.map(({ confidence }) => confidence)).toEqual([...new Set(confidences)].sort((a, b) => b - a));
        for (const { confidence, coverage, accuracy } of points) {
          const sure = all.filter(({ probabilities }) => probabilities[0]! >= confidence);
          expect(coverage).toBeCloseTo(sure.length / all.length, 12);
          const right = sure.filter(({ label, probabilities }) => argMax(probabilities) === label);
          expect(accuracy).toBeCloseTo(right.length / sure.length, 12);
        }
      }),
    );
  });
});

describe('fitSureThreshold', () => {
  it('lets as many be sure as leave enough of them right (oracle: by hand)', () => {
    const some = of([0.875, true], [0.75, true], [0.6875, false], [0.625, true], [0.5625, false]);
    expect(fitSureThreshold(some, { accuracy: 1 })).toBe(0.6875);
    expect(fitSureThreshold(some, { accuracy: 0.75 })).toBe(0.5625);
    expect(fitSureThreshold(some, { accuracy: 0.6 })).toBe(0);
    expect(fitSureThreshold(of([0.9, false], [0.8, true]))).toBe(1);
    expect(fitSureThreshold(of([1, false]))).toBe(1);
  });

  it('is the least threshold above which the definition holds (property: every other one is tried)', () => {
    fc.assert(
      fc.property(clips, fc.constantFrom(0.5, 0.8, 1), (all, accuracy) => {
        const threshold = fitSureThreshold(all, { accuracy });
        const holds = (above: number) => {
          const sure = all.filter(({ probabilities }) => probabilities[0]! > above);
          const right = sure.filter(({ label, probabilities }) => argMax(probabilities) === label);
          return sure.length > 0 && right.length >= accuracy * sure.length - 1e-12;
        };
        const lower = [0, ...all.map(({ probabilities }) => probabilities[0]!)].filter((value) => value < threshold);
        expect(lower.some(holds)).toBe(false);
        if (threshold < 1) expect(holds(threshold)).toBe(true);
      }),
    );
  });

  it.each([
    [[], {}, RangeError, 'there must be predictions'],
    [of([0.9, true]), { accuracy: 2 }, RangeError, 'accuracy must be a number from 0 to 1'],
    [of([0.9, true]), { accuracy: '1' }, TypeError, 'accuracy must be'],
    [of([0.9, true]), { share: 1 }, TypeError, "no option named 'share'"],
    [[prediction(2, true)], {}, RangeError, 'must be numbers from 0 to 1'],
  ])('refuses %j with %j', (predictions, options, type, words) => {
    const call = () => fitSureThreshold(predictions as LabelledPrediction[], options as object);
    expect(call).toThrow(type);
    expect(call).toThrow(words);
  });
});
