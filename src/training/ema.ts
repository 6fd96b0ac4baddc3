// weights of every step → their exponential moving average (EMA)

import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import { moveTowards } from '../kernels/emaStep.ts';
import { assign, toTensors } from '../model/weights.ts';

/**
 * An exponential moving average of a network's weights, batch-norm statistics included.
 *
 * After step t (from 1) the average moves by 1 − min(decay, (1 + t) / (10 + t)) towards the weights, so that the first steps are
 * soon forgotten.
 *
 * @see Polyak & Juditsky 1992; the decay's warm-up is that of TensorFlow's `ExponentialMovingAverage`.
 */
export class Ema {
  /** The share of the average that is kept at each step, once warmed up. */
  readonly decay: number;
  readonly #variables: readonly LayerVariable[];
  #averages: tf.Tensor[];
  #swapped: tf.Tensor[] | undefined;

  /**
   * Starts from the current weights.
   *
   * @param variables all weights of the network; the average holds one tensor for each until it is disposed
   * @param decay in [0, 1)
   */
  constructor(variables: readonly LayerVariable[], decay: number) {
    this.decay = decay;
    this.#variables = variables;
    this.#averages = variables.map((variable) => tf.keep(tf.clone(variable.read())));
  }

  /**
   * Updates the average with the weights after a step.
   *
   * @param step counted from 1
   */
  update(step: number): void {
    const decay = Math.min(this.decay, (1 + step) / (10 + step));
    tf.tidy(() => {
      const part = tf.scalar(1 - decay);
      // One by one: where there is no memory for one of them, the others are still known, and can be disposed of.
      for (const [i, average] of this.#averages.entries()) {
        this.#averages[i] = tf.keep(moveTowards(average, this.#variables[i]!.read(), part));
        average.dispose();
      }
    });
  }

  /** The averages, in the order of the variables: what a checkpoint holds. */
  averages(): tf.Tensor[] {
    return [...this.#averages];
  }

  /** Restores the averages of a checkpoint. */
  restore(averages: readonly Float32Array[]): void {
    const restored = toTensors(averages, this.#variables);
    tf.dispose(this.#averages);
    this.#averages = restored;
  }

  /** Puts the averages into the network, until {@link Ema.swapOut}. */
  swapIn(): void {
    this.#swapped = this.#variables.map((variable) => tf.keep(tf.clone(variable.read())));
    assign(this.#variables, this.#averages);
  }

  /** Puts the network's own weights back. */
  swapOut(): void {
    if (!this.#swapped) return;
    assign(this.#variables, this.#swapped);
    tf.dispose(this.#swapped);
    this.#swapped = undefined;
  }

  /** Puts the averages into the network for good. */
  moveIn(): void {
    assign(this.#variables, this.#averages);
  }

  /** Frees the averages. */
  dispose(): void {
    tf.dispose([...this.#averages, ...(this.#swapped ?? [])]);
    this.#averages = [];
    this.#swapped = undefined;
  }
}
