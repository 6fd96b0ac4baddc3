// network + auxiliary targets → the same network, telling those too, for as long as it is trained

import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { Dense } from '../layers/dense.ts';
import { MeanPooling } from '../layers/pooling.ts';
import { RandomStream } from '../random.ts';
import type { AuxiliaryTarget } from './trainOptions.ts';

/**
 * A softmax for each auxiliary target, over what the network's classifying layer reads: the last layer that is trained. What a
 * frame says of itself is averaged over the frames first.
 */
export class AuxiliaryHeads {
  /** The weights of the heads, all of them trainable. */
  readonly weights: readonly tfl.LayerVariable[];
  readonly #trained: tfl.LayersModel;
  readonly #heads: readonly Dense[];

  /** @param network stays the caller's; its layers are shared */
  constructor(network: tfl.LayersModel, targets: readonly AuxiliaryTarget[], seed: number) {
    if (targets.length === 0) {
      this.#trained = network;
      this.#heads = [];
      this.weights = [];
      return;
    }
    const classifying = network.layers.findLast(({ trainableWeights }) => trainableWeights.length > 0);
    const read = classifying?.input;
    if (!read || Array.isArray(read)) {
      throw new RangeError('Cannot train: auxiliary needs a network whose last trained layer has one input');
    }
    const pooled = read.shape.length === 3 ? (new MeanPooling({}).apply(read) as tfl.SymbolicTensor) : read;
    if (pooled.shape.length !== 2) {
      throw new RangeError(
        `Cannot train: auxiliary needs a network whose last trained layer reads [batch, features] or [batch, frames, ` +
          `features], got [${read.shape.map(String)}]`,
      );
    }
    this.#heads = targets.map(({ group, values }) => {
      const own = new RandomStream(seed, 'auxiliary', group).integerSeed();
      return new Dense({ name: `auxiliary_${group}`, units: values.length, activation: 'softmax', seed: own });
    });
    const outputs = this.#heads.map((head) => head.apply(pooled) as tfl.SymbolicTensor);
    this.#trained = tfl.model({ inputs: network.inputs, outputs: [...network.outputs, ...outputs] });
    this.weights = this.#heads.flatMap(({ trainableWeights }) => trainableWeights);
  }

  /** The network's probabilities, then those of each head: [batch, labels] and [batch, values]. */
  apply(inputs: tf.Tensor): tf.Tensor2D[] {
    const outputs = this.#trained.apply(inputs, { training: true });
    return (Array.isArray(outputs) ? outputs : [outputs]) as tf.Tensor2D[];
  }

  /** Frees the heads; the network stays. */
  dispose(): void {
    for (const head of this.#heads) head.dispose();
  }
}
