import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import {
  argMax,
  brierScore,
  confusionMatrix,
  expectedCalibrationError,
  type LabelledPrediction,
  macroF1,
  negativeLogLikelihood,
  recalls,
  speakerBootstrap,
  sumConfusions,
  unweightedAverageRecall,
  weightedAverageRecall,
} from '../../src/training/metrics.ts';

const prediction = (label: number, probabilities: number[], speaker = 's'): LabelledPrediction => ({
  name: '',
  label,
  speaker,
  groups: {},
  probabilities,
});

/** Rows truth, columns predicted. */
const confusion = [
  [5, 1, 0],
  [2, 2, 0],
  [0, 1, 9],
];

describe('figures of a confusion matrix (worked out by hand)', () => {
  it('counts by truth and prediction; the first of equal probabilities wins', () => {
    const predictions = [prediction(0, [0.4, 0.4, 0.2]), prediction(0, [0.1, 0.2, 0.7]), prediction(2, [0, 0, 1])];
    expect(confusionMatrix(predictions, 3)).toEqual([
      [1, 0, 1],
      [0, 0, 0],
      [0, 0, 1],
    ]);
    expect(argMax([0.1, 0.5, 0.5])).toBe(1);
  });

  it('recalls 5/6, 1/2, 9/10; UAR their mean, WAR 16/20', () => {
    expect(recalls(confusion)).toEqual([5 / 6, 1 / 2, 9 / 10]);
    expect(unweightedAverageRecall(confusion)).toBeCloseTo((5 / 6 + 1 / 2 + 9 / 10) / 3, 12);
    expect(weightedAverageRecall(confusion)).toBeCloseTo(16 / 20, 12);
  });

  it('macro-F1 is the mean of 10/13, 4/8 and 18/19', () => {
    expect(macroF1(confusion)).toBeCloseTo((10 / 13 + 4 / 8 + 18 / 19) / 3, 12);
  });

  it('a label without clips has no recall and no part in UAR; in F1 it has when it was predicted', () => {
    const absent = [
      [3, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
    ];
    expect(recalls(absent)).toEqual([3 / 4, null, null]);
    expect(unweightedAverageRecall(absent)).toBe(3 / 4);
    expect(macroF1(absent)).toBeCloseTo((6 / 7 + 0) / 2, 12);
  });

  it('of no clips are NaN', () => {
    const none = confusionMatrix([], 2);
    for (const figure of [unweightedAverageRecall, weightedAverageRecall, macroF1]) expect(figure(none)).toBeNaN();
  });

  it('sums matrices', () => {
    expect(sumConfusions([confusion, confusion])).toEqual(confusion.map((row) => row.map((count) => 2 * count)));
  });

  it('UAR is WAR where all labels have as many clips; all are 1 for no mistakes (property)', () => {
    const counts = fc.array(fc.nat(20), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(counts, { minLength: 3, maxLength: 3 }), (rows) => {
        const equal = rows.map((row, i) =>
          row.map((count, k) => (k === i ? count + 61 - row.reduce((a, b) => a + b) : count)),
        );
        expect(unweightedAverageRecall(equal)).toBeCloseTo(weightedAverageRecall(equal), 12);
        const right = rows.map((row, i) => row.map((count, k) => (k === i ? count + 1 : 0)));
        for (const figure of [unweightedAverageRecall, weightedAverageRecall, macroF1]) expect(figure(right)).toBe(1);
      }),
    );
  });
});

describe('figures of probabilities (closed form)', () => {
  const predictions = [
    prediction(0, [0.5, 0.25, 0.25]),
    prediction(1, [0.2, 0.8, 0]),
    prediction(2, [0.25, 0.5, 0.25]),
  ];

  it('NLL is the mean of ln 2, ln 1.25, ln 4; a sure miss is finite', () => {
    expect(negativeLogLikelihood(predictions)).toBeCloseTo((Math.log(2) + Math.log(1.25) + Math.log(4)) / 3, 12);
    expect(negativeLogLikelihood([prediction(0, [0, 1])])).toBeCloseTo(7 * Math.log(10), 12);
  });

  it('Brier is the mean of 0.375, 0.08 and 0.875', () => {
    expect(brierScore(predictions)).toBeCloseTo((0.375 + 0.08 + 0.875) / 3, 12);
    expect(brierScore([prediction(0, [0, 1])])).toBe(2);
  });

  it('ECE is the gap in each bin, by clips: |1 − (0.5 + …)| by hand', () => {
    // 15 bins: 0.5 is in (7/15, 8/15] with one hit of two: |1 − 1.0| = 0; 0.8 in (11/15, 12/15], a hit: 0.2.
    expect(expectedCalibrationError(predictions)).toBeCloseTo(0.2 / 3, 12);
    // In one bin: 2 hits of 3 at a mean of 0.6.
    expect(expectedCalibrationError(predictions, 1)).toBeCloseTo(2 / 3 - 0.6, 12);
    expect(expectedCalibrationError([prediction(1, [1, 0])])).toBe(1);
    // Of two bins, the lower holds 0.5: one bin with one hit of two at a mean of 0.45, not 0.5 and 0.4 off in two.
    const edge = [prediction(0, [0.5, 0.5, 0]), prediction(1, [0.4, 0.3, 0.3])];
    expect(expectedCalibrationError(edge, 2)).toBeCloseTo(0.05, 12);
  });

  it('ECE vanishes as clips grow where probabilities are honest (law of large numbers)', () => {
    const stream = new RandomStream(1);
    const honest = Array.from({ length: 40_000 }, () => {
      const p = stream.next();
      return prediction(stream.next() < p ? 0 : 1, [p, 1 - p]);
    });
    expect(expectedCalibrationError(honest)).toBeLessThan(0.01);
  });
});

describe('speakerBootstrap', () => {
  const clips = (hits: readonly number[], perSpeaker: number) =>
    hits.flatMap((part, speaker) =>
      Array.from({ length: perSpeaker }, (_, i) =>
        prediction(0, i < part * perSpeaker ? [1, 0] : [0, 1], `s${speaker}`),
      ),
    );

  it('matches the normal approximation of the mean over speakers', () => {
    const hits = Array.from({ length: 40 }, (_, i) => (i % 11) / 10);
    const mean = hits.reduce((a, b) => a + b) / 40;
    const error = Math.sqrt(hits.reduce((sum, hit) => sum + (hit - mean) ** 2, 0)) / 40;
    const { low, high, level } = speakerBootstrap(clips(hits, 10), 2, weightedAverageRecall, { resamples: 4000 });
    expect(level).toBe(0.95);
    expect(low).toBeCloseTo(mean - 1.96 * error, 1);
    expect(high).toBeCloseTo(mean + 1.96 * error, 1);
    expect((high - low) / (2 * 1.96 * error)).toBeGreaterThan(0.93);
    expect((high - low) / (2 * 1.96 * error)).toBeLessThan(1.07);
  });

  it('is wider than one over clips, narrower for a lower level, and the same for the same seed', () => {
    const data = clips([0.1, 0.9, 0.2, 1], 50);
    const width = (predictions: LabelledPrediction[], level: number) => {
      const { low, high } = speakerBootstrap(predictions, 2, weightedAverageRecall, { level });
      return high - low;
    };
    const loose = data.map((clip, i) => ({ ...clip, name: `${i}`, speaker: '' })); // each its own speaker
    expect(width(data, 0.95)).toBeGreaterThan(3 * width(loose, 0.95));
    expect(width(data, 0.5)).toBeLessThan(width(data, 0.95));
    expect(width(data, 0.95)).toBe(width(data, 0.95));
  });

  it('is a point for a single speaker', () => {
    const { low, high } = speakerBootstrap(clips([0.3], 10), 2, weightedAverageRecall);
    expect([low, high]).toEqual([0.3, 0.3]);
  });
});
