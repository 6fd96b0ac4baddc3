// nothing → a small training run with all that a large one has: the same in a test, in a child process and in a page

import type * as tfl from '@tensorflow/tfjs-layers';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { train } from '../../src/training/train.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import { BINS, LABELS, synthetic, weightsOf } from '../training/synthetic.ts';

/** 24 made-up clips of four speakers. */
export const data = synthetic();
/** 9 clips of others, to validate on. */
export const validation = synthetic({ clips: 9, seed: 2, prefix: 'held' });

/** 3 steps an epoch; all that is drawn at random is drawn. */
export const OPTIONS: TrainOptions = {
  batchSize: 8,
  window: { frames: 12 },
  augment: { timeMasks: { maxFrames: 3 }, frequencyMasks: { maxBins: 2 }, noise: {}, mixup: {} },
};

/**
 * Three steps, each of a hundredth a weight at first, as Adam goes; no average of the weights, which would hide what the
 * later steps did.
 */
export const STEPS: TrainOptions = { epochs: 1, schedule: 'constant', learningRate: 0.01, ema: false };

/** 24 epochs of three steps, each followed by a validation; at a rate this high the best of them is an early one. */
export const LONG: TrainOptions = { epochs: 24, learningRate: 0.1, validation, chooseBy: 'loss' };

/** Two convolutions (one strided), max pooling, batch norm, a bidirectional LSTM, attention, and every kind of dropout. */
export function smallNetwork(seed = 1): tfl.LayersModel {
  return buildCnnLstm({
    bins: BINS,
    classes: LABELS.length,
    seed,
    convolution: [
      { filters: 4, dropout: 0.2 },
      { filters: 6, strides: [1, 2], pool: [1, 2] },
    ],
    recurrent: { units: 5, inputDropout: 0.2, recurrentDropout: 0.2 },
    head: { hidden: [6], dropout: 0.2 },
  });
}

/** What a run ends in. */
export interface SmallResult {
  /** Of each step that this process took. */
  readonly losses: readonly number[];
  /** Of each step that this process took, before clipping. */
  readonly gradientNorms: readonly number[];
  /** All weights of the network, end to end. */
  readonly weights: Float32Array;
}

/** Trains the small network on the active backend; leaves no tensor. */
export async function trainSmall({ onProgress, ...options }: TrainOptions): Promise<SmallResult> {
  const losses: number[] = [];
  const gradientNorms: number[] = [];
  const network = smallNetwork();
  try {
    await train(network, data, {
      ...OPTIONS,
      ...options,
      onProgress: (event) => {
        if (event.type === 'batch') {
          losses.push(event.loss);
          gradientNorms.push(event.gradientNorm);
        }
        onProgress?.(event);
      },
    });
    return { losses, gradientNorms, weights: Float32Array.from((await weightsOf(network)).flat()) };
  } finally {
    network.dispose();
  }
}
