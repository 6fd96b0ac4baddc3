// weights, their gradient, its moments → the same after a step of AdamW, in tf operations

import * as tf from '@tensorflow/tfjs-core';
import type { AdamStep } from '../../signatures/adamStep.ts';

/** A step on every backend. */
export const composedAdamStep: AdamStep = ({ value, mean, square }, gradient, factors, decays) => {
  const { keepMean, addMean, keepSquare, addSquare, offset, rate, decay } = factors;
  const newMean = tf.add(tf.mul(mean, keepMean), tf.mul(gradient, addMean));
  const newSquare = tf.add(tf.mul(square, keepSquare), tf.mul(tf.square(gradient), addSquare));
  const change = tf.mul(tf.div(newMean, tf.add(tf.sqrt(newSquare), offset)), rate);
  return { value: tf.sub(decays ? tf.mul(value, decay) : value, change), mean: newMean, square: newSquare };
};
