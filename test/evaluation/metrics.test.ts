import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import {
  argMax,
  brierScore,
  confusionMatrix,
  expectedCalibrationError,
  macroF1,
  negativeLogLikelihood,
  recalls,
  sumConfusions,
  unweightedAverageRecall,
  weightedAverageRecall,
} from '../../src/evaluation/metrics.ts';

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

describe('wrong predictions and counts are refused, each by its name', () => {
  const good = { ...prediction(1, [0.5, 0.5]), name: 'a.wav' };
  const wrong: [string, readonly unknown[], RegExp][] = [
    ['none', [], /^Cannot evaluate: there must be predictions, got none$/],
    [
      'a label out of range',
      [good, { ...good, label: 2 }],
      /label of 'a.wav' must be a whole number from 0 to 1, got 2$/,
    ],
    ['a label of NaN', [{ ...good, label: Number.NaN }], /label of 'a.wav' must be .* got NaN$/],
    ['a label as text', [{ ...good, label: '1' }], /label of 'a.wav' must be .* got "1"$/],
    [
      'too few probabilities',
      [good, { ...good, probabilities: [1] }],
      /probabilities of 'a.wav' must be 2, one a label, got 1$/,
    ],
    ['no probabilities', [{ ...good, probabilities: undefined }], /probabilities of 'a.wav' must be .* got undefined$/],
    ['probabilities of NaN', [{ ...good, probabilities: [Number.NaN, 1] }], /must be numbers from 0 to 1, got NaN$/],
    ['logits', [{ ...good, probabilities: [-3, 4] }], /must be numbers from 0 to 1, got -3$/],
    ['nothing', [null], /a prediction must be an object, got null$/],
  ];
  const figures = { negativeLogLikelihood, brierScore, expectedCalibrationError };

  it.each(Object.entries(figures))('%s', (_, figure) => {
    for (const [, predictions, message] of wrong) expect(() => figure(predictions as never)).toThrow(message);
    for (const list of [null, 3, undefined])
      expect(() => figure(list as never)).toThrow(/predictions must be an array/);
    expect(figure([good])).toBeGreaterThanOrEqual(0);
  });

  it('confusionMatrix, which may count none', () => {
    for (const [, predictions, message] of wrong.slice(1)) {
      expect(() => confusionMatrix(predictions as never, 2)).toThrow(message);
    }
    for (const count of [0, -1, 1.5, Number.NaN, '2'])
      expect(() => confusionMatrix([], count as never)).toThrow(/labelCount/);
    expect(confusionMatrix([], 1)).toEqual([[0]]);
  });

  it('bins of the calibration error', () => {
    for (const bins of [0, -1, 1.5, Number.NaN, null]) {
      expect(() => expectedCalibrationError([good], bins as never)).toThrow(/bins must be a whole number from 1/);
    }
  });

  it.each([unweightedAverageRecall, weightedAverageRecall, macroF1, recalls])(
    '%o of what is no square of counts',
    (of) => {
      for (const odd of [[[1, 2]], [[1, 2], [3]], [[Number.NaN]], [[-1]], [['1']], null, 3]) {
        expect(() => of(odd as never)).toThrow(/confusion must be a square of counts/);
      }
    },
  );

  it('sums of no matrices, and of different ones', () => {
    expect(() => sumConfusions([])).toThrow(/there must be confusion matrices, got none/);
    expect(() => sumConfusions([[[1]], confusion])).toThrow(/of one size, got 1 and 3/);
  });
});
