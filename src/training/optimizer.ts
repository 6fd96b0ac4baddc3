// gradients → weights, one step of AdamW

import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import { checkNothingElse, checkNumber, checkOptions, type Resolved } from '../core/check.ts';
import { adamStep } from '../kernels/adamStep.ts';
import { sumOfSquares } from '../kernels/sumOfSquares.ts';
import { toTensors } from '../model/weights.ts';

/** Options of {@link AdamW}. */
export interface AdamWOptions {
  /** Decay of the first moment, the mean of the gradients, in [0, 1). @default 0.9 */
  readonly beta1?: number | undefined;
  /** Decay of the second moment, the mean of their squares, in [0, 1). @default 0.999 */
  readonly beta2?: number | undefined;
  /** Added to the root of the second moment. @default 1e-8 */
  readonly epsilon?: number | undefined;
  /** Decoupled decay of the weight matrices, relative to the learning rate. @default 0.01 */
  readonly weightDecay?: number | undefined;
}

/**
 * Adam with decoupled weight decay, over the variables of a layers model.
 *
 *     m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²
 *     w ← w (1 − η λ) − η m̂ / (√v̂ + ε),   m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)
 *
 * Only matrices and convolution kernels decay: biases, batch-norm scales and offsets and the per-unit recurrent weights of an IndRNN
 * (all of rank 1, or named a bias) do not. Variables without a gradient are not touched.
 * Constraints of the variables are applied after the step, as tfjs does.
 *
 * tfjs' own Adam has no decay, hides its moments from a checkpoint, and takes more ops a variable.
 *
 * @see Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101
 */
export class AdamW {
  /** The options with their defaults filled in. */
  readonly options: Resolved<AdamWOptions>;
  /** Steps taken, for the bias correction. */
  step = 0;
  readonly #variables: readonly LayerVariable[];
  readonly #decays: readonly boolean[];
  readonly #rates: readonly number[];
  #means: tf.Tensor[];
  #squares: tf.Tensor[];

  /**
   * @param variables the trainable weights; the optimiser holds two tensors of the size of each until it is disposed
   * @param rates what the learning rate is multiplied by for each variable. @default 1
   * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown
   */
  constructor(variables: readonly LayerVariable[], options: AdamWOptions = {}, rates: readonly number[] = []) {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01, ...rest } = checkOptions(ACTION, options);
    checkNothingElse(ACTION, rest);
    checkNumber(ACTION, 'beta1', beta1, 0, 0.9999);
    checkNumber(ACTION, 'beta2', beta2, 0, 0.999999);
    checkNumber(ACTION, 'epsilon', epsilon, 1e-30, 1);
    checkNumber(ACTION, 'weightDecay', weightDecay, 0, 100);
    this.options = { beta1, beta2, epsilon, weightDecay };
    this.#variables = variables;
    this.#decays = variables.map((variable) => variable.shape.length > 1 && !/bias/.test(variable.originalName));
    this.#rates = variables.map((_, i) => rates[i] ?? 1);
    this.#means = variables.map((variable) => tf.keep(tf.zeros(variable.shape as number[])));
    this.#squares = variables.map((variable) => tf.keep(tf.zeros(variable.shape as number[])));
  }

  /**
   * Takes one step.
   *
   * @param gradients by the name of the variable, as `tf.variableGrads` gives them; not disposed here
   * @param learningRate η of this step
   * @param scale multiplies every gradient, for clipping without an op of its own
   */
  apply(gradients: tf.NamedTensorMap, learningRate: number, scale = 1): void {
    const { beta1, beta2, epsilon, weightDecay } = this.options;
    this.step++;
    const correction1 = 1 - beta1 ** this.step;
    const correction2 = Math.sqrt(1 - beta2 ** this.step);
    tf.tidy(() => {
      // The corrections are folded into the step and ε: η/c₁ · m / (√v/c₂ + ε) = η c₂/c₁ · m / (√v + ε c₂).
      const shared = {
        keepMean: tf.scalar(beta1),
        addMean: tf.scalar((1 - beta1) * scale),
        keepSquare: tf.scalar(beta2),
        addSquare: tf.scalar((1 - beta2) * scale * scale),
        offset: tf.scalar(epsilon * correction2),
      };
      const factorsAt = (rate: number) => ({
        ...shared,
        rate: tf.scalar((rate * learningRate * correction2) / correction1),
        decay: tf.scalar(1 - rate * learningRate * weightDecay),
      });
      const factors = new Map(Array.from(new Set(this.#rates), (rate) => [rate, factorsAt(rate)]));
      for (const [i, variable] of this.#variables.entries()) {
        const value = variable.read();
        const gradient = gradients[(value as tf.Variable).name];
        if (!gradient) continue;
        const before = { value, mean: this.#means[i]!, square: this.#squares[i]! };
        const after = adamStep(before, gradient, factors.get(this.#rates[i]!)!, this.#decays[i]! && weightDecay > 0);
        variable.write(after.value);
        tf.dispose([this.#means[i]!, this.#squares[i]!]);
        this.#means[i] = tf.keep(after.mean);
        this.#squares[i] = tf.keep(after.square);
      }
    });
  }

  /** The moments, means first, then squares, each in the order of the variables: what a checkpoint holds beside `step`. */
  moments(): tf.Tensor[] {
    return [...this.#means, ...this.#squares];
  }

  /**
   * Restores the moments of a checkpoint.
   *
   * @param step the value of {@link AdamW.step}
   * @param moments the values of {@link AdamW.moments}
   */
  restore(step: number, moments: readonly Float32Array[]): void {
    const restored = toTensors(moments, [...this.#variables, ...this.#variables]);
    this.dispose();
    this.#means = restored.slice(0, this.#variables.length);
    this.#squares = restored.slice(this.#variables.length);
    this.step = step;
  }

  /** Frees the moments. */
  dispose(): void {
    tf.dispose(this.moments());
    this.#means = [];
    this.#squares = [];
  }
}

/** The Euclidean norm of all gradients together, as a scalar tensor. */
export function globalNorm(gradients: tf.NamedTensorMap): tf.Scalar {
  return tf.tidy(() => tf.sqrt(sumOfSquares(Object.values(gradients))));
}

const ACTION = 'optimise';
