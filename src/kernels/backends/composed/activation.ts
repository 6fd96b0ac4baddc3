// activations of gates and states → their values and slopes, of tensors

import * as tf from '@tensorflow/tfjs-core';
import type { StateActivation } from '../../recurrent/activation.ts';

/** φ(z) of a tensor. */
export function activated(z: tf.Tensor2D, activation: StateActivation): tf.Tensor2D {
  return activation === 'relu' ? tf.relu(z) : tf.tanh(z);
}

/** φ′ where φ is `h`. */
export function slopeOf(h: tf.Tensor2D, activation: StateActivation): tf.Tensor2D {
  return activation === 'relu' ? tf.step(h) : tanhSlope(h);
}

/** σ′ where σ is `value`. */
export function sigmoidSlope(value: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(value, tf.sub(1, value));
}

/** tanh′ where tanh is `value`. */
export function tanhSlope(value: tf.Tensor2D): tf.Tensor2D {
  return tf.sub(1, tf.square(value));
}
