// network in training + batch → its loss and gradients

import * as tf from '@tensorflow/tfjs-core';
import { freeingTape } from '../kernels/tfjs/tape.ts';
import { onBackend } from '../kernels/wasmGuard.ts';
import { setTrainingStep } from '../layers/trainingStep.ts';
import { tensorsOf } from '../model/weights.ts';
import type { Batch } from './batches.ts';
import { globalNorm } from './optimizer.ts';
import type { Trainee } from './trainee.ts';

/** What a batch gives. */
export interface Gradients {
  /** Mean loss of its clips. */
  readonly loss: number;
  /** Euclidean norm of all gradients together. */
  readonly norm: number;
  /** By the name of the variable. */
  readonly gradients: tf.NamedTensorMap;
}

/**
 * Forward and backward through the network, with the masks of the step that it is at.
 *
 * @returns with gradients that are the caller's to dispose
 */
export async function backpropagate(
  { network, heads, trained, state }: Trainee,
  { size, frames, bins, width, inputs, targets, unasked }: Batch,
): Promise<Gradients> {
  setTrainingStep(network, state.step);
  const shape = [size, frames, bins, 1].slice(0, network.inputs[0]!.shape.length);
  const forwardAndBack = () => {
    const x = tf.tensor(inputs, shape); // [batch, frames, bins, 1]
    const t = tf.tensor2d(targets, [size, width]); // [batch, labels and auxiliary values]
    const left = unasked && tf.tensor2d(unasked, [size, unasked.length / size]); // [batch, labels]
    const { value, grads } = tf.variableGrads(() => heads.loss(x, t, left), tensorsOf(trained));
    return { figures: tf.stack([value, globalNorm(grads)]), gradients: grads };
  };
  const { figures, gradients } = freeingTape(() => tf.tidy(() => onBackend(forwardAndBack)));
  try {
    const [loss, norm] = await figures.data(); // read together: one wait for the backend
    return { loss: loss!, norm: norm!, gradients };
  } catch (error) {
    tf.dispose(gradients);
    throw error;
  } finally {
    figures.dispose();
  }
}
