// matrix × matrix → matrix, by the stock kernel

import * as tf from '@tensorflow/tfjs-core';
import type { MatMul } from '../../signatures/matMul.ts';

/** a·b on every backend. */
export const composedMatMul: MatMul = (a, b, { aTransposed, bTransposed }) => {
  if (tf.getBackend() !== 'wasm') return tf.matMul(a, b, aTransposed, bTransposed);
  // There, the stock kernel leaves XNNPACK for a loop fifty times slower where it is told to transpose.
  return tf.tidy(() => tf.matMul(aTransposed ? tf.transpose(a) : a, bTransposed ? tf.transpose(b) : b));
};
