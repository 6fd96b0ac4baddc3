// network in training + batch → its loss and gradients

import * as tf from '@tensorflow/tfjs-core';
import type { AddUp } from '../core/threadTeam.ts';
import { hostValues } from '../kernels/tfjs/hostMemory.ts';
import { freeingTape } from '../kernels/tfjs/tape.ts';
import { onBackend } from '../kernels/wasmGuard.ts';
import { setBatchPart } from '../layers/batchPart.ts';
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
 * @param addUp adds the sums of the threads that have the other parts of the batch, where there are some; tensors must be in main memory
 * @returns with gradients that are the caller's to dispose
 */
export async function backpropagate(
  { network, heads, trained, state }: Trainee,
  { size, first, clips, frames, bins, width, inputs, targets, unasked }: Batch,
  addUp?: AddUp,
): Promise<Gradients> {
  setTrainingStep(network, state.step);
  if (addUp) setBatchPart(network, { first, size, addUp });
  const shape = [size, frames, bins, 1].slice(0, network.inputs[0]!.shape.length);
  const forwardAndBack = () => {
    const x = tf.tensor(inputs, shape); // [batch, frames, bins, 1]
    const t = tf.tensor2d(targets, [size, width]); // [batch, labels and auxiliary values]
    const left = unasked && tf.tensor2d(unasked, [size, unasked.length / size]); // [batch, labels]
    const own = tf.variableGrads(() => heads.loss(x, t, left, clips), tensorsOf(trained));
    const { value, grads } = addUp ? ofWholeBatch(own, addUp) : own;
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

/** What `tf.variableGrads` gives. */
interface LossAndGradients {
  readonly value: tf.Scalar;
  readonly grads: tf.NamedTensorMap;
}

/** The shares of all parts of a batch, added. */
function ofWholeBatch({ value, grads }: LossAndGradients, addUp: AddUp): LossAndGradients {
  const names = Object.keys(grads);
  const tensors = [value, ...Object.values(grads)];
  const starts = [0];
  for (const { size } of tensors) starts.push(starts.at(-1)! + size);
  const sums = new Float32Array(starts.at(-1)!);
  for (const [i, values] of hostValues(...tensors).entries()) sums.set(values, starts[i]!);
  addUp(sums);
  const [loss, ...others] = tensors.map(({ shape }, i) => tf.tensor(sums.slice(starts[i], starts[i + 1]), shape));
  return { value: loss as tf.Scalar, grads: Object.fromEntries(names.map((name, i) => [name, others[i]!])) };
}
