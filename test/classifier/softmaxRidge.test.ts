import { describe, expect, it } from 'vitest';
import { logSoftmax, product, type SoftmaxProblem, softmax, softmaxRidge } from '../../src/classifier/softmaxRidge.ts';
import { RandomStream } from '../../src/core/random.ts';

/** Clips of as many labels, whose features tell something of their label. */
function problem(clips: number, features: number, labels: number, seed = 1): SoftmaxProblem {
  const random = new RandomStream(seed, 'softmaxRidge');
  const centres = Array.from({ length: labels }, () => Array.from({ length: features }, () => random.normal()));
  const targets = Array.from({ length: clips }, (_, clip) => clip % labels);
  return {
    offsets: targets.map(() => Float64Array.from({ length: labels }, () => 2 * random.normal())),
    features: targets.map((label) => Float64Array.from(centres[label]!, (centre) => centre + random.normal())),
    targets,
  };
}

/** The sum that is to be lowest, from its definition. */
function lossAt({ offsets, features, targets }: SoftmaxProblem, weights: Float64Array): number {
  let loss = 0;
  for (const weight of weights) loss += weight ** 2 / 2;
  targets.forEach((target, clip) => {
    const logits = Array.from(offsets[clip]!, (offset, label) => {
      let logit = offset;
      features[clip]!.forEach((feature, i) => {
        logit += feature * weights[i * offsets[clip]!.length + label]!;
      });
      return logit;
    });
    loss += Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[target]!;
  });
  return loss;
}

describe('softmaxRidge', () => {
  it('solves one clip of two labels as a bisection does (oracle: where the derivative of one variable is 0)', () => {
    for (const [difference, feature] of [
      [0, 1],
      [3, 0.5],
      [-40, 2],
      [5, 10],
    ] as const) {
      // By symmetry the weights are t for the label and -t for the other, with t = feature · (1 - p), p = σ(difference + 2·feature·t).
      let low = 0;
      let high: number = feature;
      for (let i = 0; i < 200; i++) {
        const t = (low + high) / 2;
        const p = 1 / (1 + Math.exp(-(difference + 2 * feature * t)));
        if (t < feature * (1 - p)) low = t;
        else high = t;
      }
      const weights = softmaxRidge({
        offsets: [Float64Array.of(difference, 0)],
        features: [Float64Array.of(feature)],
        targets: [0],
      });
      expect(weights[0]).toBeCloseTo(low, 6);
      expect(weights[1]).toBeCloseTo(-low, 6);
    }
  });

  it('finds the minimum: no step in any direction goes lower (property of a convex sum)', () => {
    for (const [clips, features, labels] of [
      [1, 3, 2],
      [8, 20, 4],
      [40, 5, 3],
    ] as const) {
      const given = problem(clips, features, labels, clips);
      const weights = softmaxRidge(given);
      const least = lossAt(given, weights);
      expect(least).toBeLessThan(lossAt(given, new Float64Array(weights.length)));
      for (let i = 0; i < weights.length; i++) {
        for (const step of [1e-3, -1e-3]) {
          const moved = weights.map((weight, j) => weight + (i === j ? step : 0));
          expect(lossAt(given, moved)).toBeGreaterThan(least);
        }
      }
    }
  });

  it('agrees with plain gradient descent', () => {
    const given = problem(12, 4, 3);
    const weights = softmaxRidge(given);
    let slow = new Float64Array(weights.length);
    for (let step = 0; step < 4000; step++) {
      slow = slow.map((weight, i) => {
        const at = (value: number) =>
          lossAt(given, slow.map((own, j) => (i === j ? value : own)) as Float64Array<ArrayBuffer>);
        return weight - (0.02 * (at(weight + 1e-5) - at(weight - 1e-5))) / 2e-5;
      }) as Float64Array<ArrayBuffer>;
    }
    for (const [i, weight] of weights.entries()) expect(weight).toBeCloseTo(slow[i]!, 4);
  });

  it('gives weights of 0 without clips, and finite ones for huge logits', () => {
    expect(softmaxRidge({ offsets: [], features: [], targets: [] })).toHaveLength(0);
    const weights = softmaxRidge({
      offsets: [Float64Array.of(-1e4, 1e4, 0), Float64Array.of(1e4, 0, -1e4)],
      features: [Float64Array.of(1, 2), Float64Array.of(-1, 1)],
      targets: [0, 2],
    });
    expect(weights.every(Number.isFinite)).toBe(true);
  });

  it('has no more weight on the sum of the labels than none: they compete with each other only', () => {
    const given = problem(9, 6, 3);
    const weights = softmaxRidge(given);
    for (const features of given.features) {
      expect(product(features, weights, 3).reduce((a, b) => a + b, 0)).toBeCloseTo(0, 6);
    }
  });
});

describe('softmax and logSoftmax', () => {
  it('are what their definitions say, and finite for any logits', () => {
    const logits = Float64Array.of(1, 2, 0.5);
    const sum = Math.E + Math.E ** 2 + Math.exp(0.5);
    expect(softmax(logits)[1]).toBeCloseTo(Math.E ** 2 / sum, 12);
    expect(logSoftmax(logits, 2)).toBeCloseTo(0.5 - Math.log(sum), 12);
    expect(Array.from(softmax(Float64Array.of(1e5, 0)))).toEqual([1, 0]);
    expect(logSoftmax(Float64Array.of(1e5, 0), 1)).toBe(-1e5);
  });
});
