// network in training + batch → the same, one step further

import * as tf from '@tensorflow/tfjs-core';
import type { AddUp } from '../core/threadTeam.ts';
import { backpropagate } from './backpropagate.ts';
import type { Batch } from './batches.ts';
import type { Trainee } from './trainee.ts';

/** How far a step goes. */
interface StepSize {
  readonly learningRate: number;
  /** Largest norm of all gradients together, or false. */
  readonly clipNorm: number | false;
}

/** What a step was. */
export interface StepFigures {
  /** Mean loss of the batch. */
  readonly loss: number;
  /** Euclidean norm of all gradients together, before clipping. */
  readonly norm: number;
  /** Clips of the batch. */
  readonly clips: number;
}

/**
 * Forward, backward, and an update of the weights; none where a figure is not finite, so that it never gets into the weights.
 *
 * @param addUp as in {@link backpropagate}
 */
export async function takeStep(
  trainee: Trainee,
  batch: Batch,
  { learningRate, clipNorm }: StepSize,
  addUp?: AddUp,
): Promise<StepFigures> {
  const { loss, norm, gradients } = await backpropagate(trainee, batch, addUp);
  try {
    if (Number.isFinite(loss) && Number.isFinite(norm)) {
      const clip = clipNorm !== false && norm > clipNorm ? clipNorm / norm : 1;
      trainee.update(gradients, learningRate, clip);
    }
    return { loss, norm, clips: batch.clips };
  } finally {
    tf.dispose(gradients);
  }
}
