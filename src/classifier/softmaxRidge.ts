// features, offsets and labels of a few clips → the ridge-penalised softmax regression that corrects the offsets

/** A few clips, each with logits that are known and features that may correct them. */
export interface SoftmaxProblem {
  /** [clips, labels]: logits before any correction. */
  readonly offsets: readonly Float64Array[];
  /** [clips, features] */
  readonly features: readonly Float64Array[];
  /** Of each clip, the index of its label. */
  readonly targets: readonly number[];
}

/** Newton steps; some seven are enough where there is anything to gain by one. */
const MOST_STEPS = 50;
/** Of the gradient's largest component; the weights are exact to about as much, since the penalty's curvature is 1. */
const TOLERANCE = 1e-7;

/**
 * The weights θ, [features, labels], that minimise Σ −log softmax(offset + feature·θ)[target] + ½‖θ‖²: the most probable ones where
 * each is normal with variance 1 beforehand. Without clips they are 0.
 *
 * Newton's method with steps that are halved until the sum falls, each by conjugate gradients. The sum is strictly convex, so that
 * there is one minimum.
 */
export function softmaxRidge({ offsets, features, targets }: SoftmaxProblem): Float64Array {
  const labels = offsets[0]?.length ?? 0;
  const size = (features[0]?.length ?? 0) * labels;
  let weights = new Float64Array(size);
  let logits = offsets;
  let loss = lossOf(logits, targets, weights);
  for (let step = 0; step < MOST_STEPS; step++) {
    const probabilities = logits.map(softmax);
    const errors = probabilities.map((p, clip) => p.map((one, label) => one - (label === targets[clip] ? 1 : 0)));
    const gradient = plus(sumOfProducts(features, errors, size), weights, 1);
    if (gradient.every((one) => Math.abs(one) < TOLERANCE)) break;
    const curvature = (v: Float64Array) => {
      const spread = features.map((own, clip) => spreadOf(probabilities[clip]!, product(own, v, labels)));
      return plus(sumOfProducts(features, spread, size), v, 1);
    };
    const direction = solve(curvature, gradient);
    const change = features.map((own) => product(own, direction, labels));
    let length = 1;
    for (;;) {
      const next = plus(weights, direction, -length);
      const nextLogits = logits.map((own, clip) => plus(own, change[clip]!, -length));
      const nextLoss = lossOf(nextLogits, targets, next);
      const falls = nextLoss < loss;
      if (falls) [weights, logits, loss] = [next, nextLogits, nextLoss];
      length /= 2;
      if (falls) break;
      if (length < 1e-6) return weights; // rounding is all that is left
    }
  }
  return weights;
}

/** Probabilities from logits, however large. */
export function softmax(logits: Float64Array): Float64Array {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** log softmax(logits)[label] */
export function logSoftmax(logits: Float64Array, label: number): number {
  const most = Math.max(...logits);
  return logits[label]! - most - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
}

/** features·weights, [labels] */
export function product(features: ArrayLike<number>, weights: ArrayLike<number>, labels: number): Float64Array {
  const sums = new Float64Array(labels);
  for (let i = 0; i < features.length; i++) {
    for (let label = 0; label < labels; label++) sums[label]! += features[i]! * weights[i * labels + label]!;
  }
  return sums;
}

function lossOf(logits: readonly Float64Array[], targets: readonly number[], weights: Float64Array): number {
  const data = logits.reduce((sum, own, clip) => sum - logSoftmax(own, targets[clip]!), 0);
  return data + dot(weights, weights) / 2;
}

/** The covariance of a choice by probabilities, times a vector. */
function spreadOf(probabilities: Float64Array, vector: Float64Array): Float64Array {
  const mean = dot(probabilities, vector);
  return probabilities.map((p, label) => p * (vector[label]! - mean));
}

/** Σ over the clips of feature ⊗ value, [features, labels]. */
function sumOfProducts(features: readonly Float64Array[], values: readonly Float64Array[], size: number): Float64Array {
  const sum = new Float64Array(size);
  features.forEach((own, clip) => {
    const value = values[clip]!;
    own.forEach((feature, i) => {
      for (let label = 0; label < value.length; label++) sum[i * value.length + label]! += feature * value[label]!;
    });
  });
  return sum;
}

/** Conjugate gradients: x with matrix·x = right, for a matrix that is symmetric and positive. */
function solve(times: (v: Float64Array) => Float64Array, right: Float64Array): Float64Array {
  let x = new Float64Array(right.length);
  let rest = right;
  let direction = right;
  let norm = dot(rest, rest);
  const enough = norm * 1e-12;
  for (let i = 0; i < right.length && norm > enough; i++) {
    const image = times(direction);
    const length = norm / dot(direction, image);
    x = plus(x, direction, length);
    rest = plus(rest, image, -length);
    const before = norm;
    norm = dot(rest, rest);
    direction = plus(rest, direction, norm / before);
  }
  return x;
}

function plus(a: Float64Array, b: Float64Array, times: number): Float64Array<ArrayBuffer> {
  return a.map((value, i) => value + times * b[i]!) as Float64Array<ArrayBuffer>;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
