// network + options → all that changes while it is trained

import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { onBackend } from '../kernels/wasmGuard.ts';
import { constrainWeights } from '../layers/constraints.ts';
import { areValuesOf, assignValues, tensorsOf, valuesOf } from '../model/weights.ts';
import { AuxiliaryHeads } from './auxiliaryHeads.ts';
import { type Checkpoint, firstState, type TrainingState } from './checkpoint.ts';
import { Ema } from './ema.ts';
import { AdamW } from './optimizer.ts';
import type { ResolvedTrainOptions } from './trainOptions.ts';

/** A network in training, with its optimiser, the EMA of its weights, and its position. To be disposed. */
export class Trainee {
  readonly network: LayersModel;
  readonly heads: AuxiliaryHeads;
  /** The trainable weights: the network's, and those of the heads. */
  readonly trained: readonly LayerVariable[];
  readonly optimizer: AdamW;
  readonly ema: Ema | undefined;
  state: TrainingState = firstState();
  /** The weights of the best epoch; empty while there is none. */
  best: readonly Float32Array[] = [];

  /**
   * @param network stays the caller's
   * @param rates what the learning rate is multiplied by, for each of its trainable weights
   */
  constructor(
    network: LayersModel,
    { auxiliary, seed, ema, weightDecay }: ResolvedTrainOptions,
    rates?: readonly number[],
  ) {
    this.network = network;
    this.heads = new AuxiliaryHeads(network, auxiliary, seed);
    this.trained = [...network.trainableWeights, ...this.heads.weights];
    this.optimizer = new AdamW(this.trained, { weightDecay }, rates);
    this.ema = ema === false ? undefined : new Ema(network.weights, ema);
  }

  /**
   * Moves the weights by one step of the optimiser, within their constraints, and takes them into the average.
   *
   * @param clip multiplies every gradient
   */
  update(gradients: tf.NamedTensorMap, learningRate: number, clip: number): void {
    onBackend(() => {
      this.optimizer.apply(gradients, learningRate, clip);
      constrainWeights(this.network);
      this.ema?.update(this.optimizer.step);
    });
  }

  /** Copies of all weights and moments. */
  async numbers(): Promise<Pick<Checkpoint, 'weights' | 'moments' | 'averages' | 'best'>> {
    return {
      weights: await valuesOf(tensorsOf(this.#weights)),
      moments: await valuesOf(this.optimizer.moments()),
      averages: await valuesOf(this.ema?.averages() ?? []),
      best: this.best,
    };
  }

  /**
   * Restores a checkpoint.
   *
   * @param checkpoint one that {@link Trainee.fits}
   */
  restore({ state, weights, moments, averages, best }: Omit<Checkpoint, 'initialWeights'>): void {
    assignValues(this.#weights, weights);
    this.optimizer.restore(state.step, moments);
    this.ema?.restore(averages);
    this.best = best;
    this.state = state;
  }

  /** Whether a checkpoint has finite numbers for everything here. */
  fits({ weights, moments, averages, best, state }: Checkpoint): boolean {
    const { network, trained, ema } = this;
    return (
      areValuesOf(this.#weights, weights) &&
      areValuesOf([...trained, ...trained], moments) &&
      areValuesOf(ema ? network.weights : [], averages) &&
      areValuesOf(state.bestEpoch > 0 ? network.weights : [], best)
    );
  }

  /** Gives the network its final weights: those of the best epoch or, without validation, the EMA. */
  finish(): void {
    if (this.best.length > 0) assignValues(this.network.weights, this.best);
    else this.ema?.moveIn();
  }

  /** Frees all but the network. */
  dispose(): void {
    this.optimizer.dispose();
    this.ema?.dispose();
    this.heads.dispose();
  }

  get #weights(): readonly LayerVariable[] {
    return [...this.network.weights, ...this.heads.weights];
  }
}
