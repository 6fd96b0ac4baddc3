// name → what squashes the state of a cell without gates, in numbers and in tensors, and its slope

import * as tf from '@tensorflow/tfjs-core';
import { tanhSlope } from '../backends/composed/composedSequence.ts';
import { tanh } from '../backends/host/hostCell.ts';

/** What squashes a state. */
export type StateActivation = 'tanh' | 'relu';

/** φ(z) of a number. */
export function activate(z: number, activation: StateActivation): number {
  return activation === 'relu' ? Math.max(0, z) : tanh(z);
}

/** φ′ where φ is `h`. */
export function slopeAt(h: number, activation: StateActivation): number {
  return activation === 'relu' ? Math.sign(h) : 1 - h * h; // h ≥ 0 with relu
}

/** φ(z) of a tensor. */
export function activated(z: tf.Tensor2D, activation: StateActivation): tf.Tensor2D {
  return activation === 'relu' ? tf.relu(z) : tf.tanh(z);
}

/** φ′ where φ is `h`, of a tensor. */
export function slopeOf(h: tf.Tensor2D, activation: StateActivation): tf.Tensor2D {
  return activation === 'relu' ? tf.step(h) : tanhSlope(h);
}
