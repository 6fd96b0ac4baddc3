// options of adapt → their types

import type { TrainOptions } from './trainOptions.ts';

/** Options of {@link adapt}: those of `train` but for the window, which is the model's, and pretraining, which it had; some have other defaults. */
export interface AdaptOptions extends Omit<TrainOptions, 'window' | 'auxiliary' | 'pretraining'> {
  /**
   * What is adapted: the new classifying layer alone, in seconds, by regression on what it reads, without epochs; or that first, and then
   * all layers. The layer alone is better where there are few clips.
   *
   * @default 'all'
   */
  readonly layers?: 'head' | 'all' | undefined;
  /** How often to go over all clips when all layers are adapted. @default 20 */
  readonly epochs?: number | undefined;
  /** The highest learning rate of the schedule, that of the classifying layer. @default 0.0005 */
  readonly learningRate?: number | undefined;
  /**
   * By what the learning rate falls from each layer with weights to the one below it (discriminative rates): the first layers, which
   * hear what all voices have in common, change least.
   *
   * @default 1.5
   * @see Howard & Ruder 2018, "Universal language model fine-tuning for text classification", https://arxiv.org/abs/1801.06146
   */
  readonly rateDecay?: number | undefined;
}
