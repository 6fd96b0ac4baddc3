// network + auxiliary targets → the network with a head for each, while it is trained; targets → its loss

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { RandomStream } from '../core/random.ts';
import { Dense } from '../layers/dense.ts';
import { MeanPooling } from '../layers/pooling/meanPooling.ts';
import { logProbabilities } from './logProbabilities.ts';
import { amongAsked, crossEntropy } from './losses.ts';
import type { AuxiliaryTarget } from './trainOptions.ts';

/**
 * A softmax head for each auxiliary target (multitask learning). It reads the input of the network's classifying layer, which is the
 * last layer with trainable weights; an input per frame is averaged over the frames first.
 */
export class AuxiliaryHeads {
  /** The weights of the heads, all of them trainable. */
  readonly weights: readonly tfl.LayerVariable[];
  /** The network's output and those of the heads, in logarithms. */
  readonly #trained: tfl.LayersModel;
  readonly #heads: readonly Dense[];

  /** @param network stays the caller's; its layers are shared */
  constructor(network: tfl.LayersModel, targets: readonly AuxiliaryTarget[], seed: number) {
    if (targets.length === 0) {
      this.#trained = tfl.model({ inputs: network.inputs, outputs: network.outputs.map(logProbabilities) });
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
      const headSeed = new RandomStream(seed, 'auxiliary', group).integerSeed();
      return new Dense({ name: `auxiliary_${group}`, units: values.length, activation: 'softmax', seed: headSeed });
    });
    const outputs = [...network.outputs, ...this.#heads.map((head) => head.apply(pooled) as tfl.SymbolicTensor)];
    this.#trained = tfl.model({ inputs: network.inputs, outputs: outputs.map(logProbabilities) });
    this.weights = this.#heads.flatMap(({ trainableWeights }) => trainableWeights);
  }

  /**
   * Mean loss of a batch, or the share of a part of one in it: of the network, and of the heads by their weights, which are in the targets.
   *
   * @param targets [batch, labels, then the values of each head]
   * @param unasked 1 for each label that a clip was not asked for, [batch, labels]; none where all were asked for all
   * @param clips of the whole batch. @default those that are there
   */
  loss(inputs: tf.Tensor, targets: tf.Tensor2D, unasked?: tf.Tensor2D, clips?: number): tf.Scalar {
    const result = this.#trained.apply(inputs, { training: true });
    const logs = (Array.isArray(result) ? [...result] : [result]) as tf.Tensor2D[];
    if (unasked) logs[0] = amongAsked(logs[0]!, unasked);
    return crossEntropy(logs.length === 1 ? logs[0]! : tf.concat2d(logs, 1), targets, clips);
  }

  /** Frees the heads; the network stays. */
  dispose(): void {
    for (const head of this.#heads) head.dispose();
  }
}
