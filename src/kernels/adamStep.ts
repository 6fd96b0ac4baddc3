// weights, their gradient, its moments → the same after a step of AdamW

import * as tf from '@tensorflow/tfjs-core';
import { elementwise } from './backends/webgpu/elementwise.ts';
import { onWebgpu } from './tfjs/webgpuProgram.ts';

/** What a step of AdamW goes by, the same for all weights; as tensors, so that they are made once a step. */
interface AdamFactors {
  /** How much of the first moment is kept, and how much of the gradient is added. */
  readonly keepMean: tf.Scalar;
  readonly addMean: tf.Scalar;
  /** How much of the second moment is kept, and how much of the gradient's square is added. */
  readonly keepSquare: tf.Scalar;
  readonly addSquare: tf.Scalar;
  /** Added to the root of the second moment. */
  readonly offset: tf.Scalar;
  readonly rate: tf.Scalar;
  /** How much is kept of weights that decay. */
  readonly decay: tf.Scalar;
}

/** Weights and the moments of their gradient, of one shape. */
interface AdamState {
  readonly value: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly square: tf.Tensor;
}

type AdamStep = (state: AdamState, gradient: tf.Tensor, factors: AdamFactors, decays: boolean) => AdamState;

/** One step; `decays` says whether these weights do. */
export const adamStep: AdamStep = (...step) => (onWebgpu() ? webgpuStep(...step) : composedStep(...step));

const composedStep: AdamStep = ({ value, mean, square }, gradient, factors, decays) => {
  const { keepMean, addMean, keepSquare, addSquare, offset, rate, decay } = factors;
  const newMean = tf.add(tf.mul(mean, keepMean), tf.mul(gradient, addMean));
  const newSquare = tf.add(tf.mul(square, keepSquare), tf.mul(tf.square(gradient), addSquare));
  const change = tf.mul(tf.div(newMean, tf.add(tf.sqrt(newSquare), offset)), rate);
  return { value: tf.sub(decays ? tf.mul(value, decay) : value, change), mean: newMean, square: newSquare };
};

/** In three dispatches: of stock operations it is twelve, which cost more than their arithmetic. */
const webgpuStep: AdamStep = ({ value, mean, square }, gradient, factors, decays) => {
  const { keepMean, addMean, keepSquare, addSquare, offset, rate, decay } = factors;
  const newMean = elementwise(
    { mean, gradient, keepMean, addMean },
    'mean[i] * keepMean[0] + gradient[i] * addMean[0]',
  );
  const newSquare = elementwise(
    { square, gradient, keepSquare, addSquare },
    'square[i] * keepSquare[0] + gradient[i] * gradient[i] * addSquare[0]',
  );
  const change = 'newMean[i] / (sqrt(newSquare[i]) + offset[0]) * rate[0]';
  return {
    value: decays
      ? elementwise({ value, newMean, newSquare, offset, rate, decay }, `value[i] * decay[0] - ${change}`)
      : elementwise({ value, newMean, newSquare, offset, rate }, `value[i] - ${change}`),
    mean: newMean,
    square: newSquare,
  };
};
