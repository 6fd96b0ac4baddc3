// options → what the layers of this folder share: checks, weights from typed arrays, one tensor in

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** Options of every layer. */
export interface LayerOptions {
  /** Name within the model. @default chosen by tfjs, unique in the process */
  name?: string;
  /** Whether training changes the layer's weights. @default true */
  trainable?: boolean;
}

/** Options of a layer that draws random numbers: for its first weights, or for masks. */
export interface SeededLayerOptions extends LayerOptions {
  /** Seed of the layer's random numbers; give every layer of a model one of its own. */
  seed: number;
}

let firstWeightsWanted = true;

/**
 * Whether layers that are built from now on draw their first weights, or leave them 0: drawing takes longer than all else
 * about loading a model, whose weights are known. Set it back in the same synchronous run.
 */
export function drawFirstWeights(wanted: boolean): void {
  firstWeightsWanted = wanted;
}

/** Base of the layers: its options are its configuration, its weights start as typed arrays. */
export abstract class BaseLayer extends tfl.layers.Layer {
  /** The layer's own options, resolved: what a saved model keeps of it. */
  abstract readonly options: object;

  /** @param options what tfjs-layers itself reads of them: `name`, `trainable` and, in saved models, the input's shape */
  constructor(options: LayerOptions) {
    super(options as ConstructorParameters<typeof tfl.layers.Layer>[0]);
  }

  /** What the constructor takes, so that a saved model is built again the same. */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  /** Adds a weight; `initialize` is called once, when the layer is built. */
  protected weight(
    name: string,
    shape: number[],
    initialize: (size: number) => Float32Array,
    trainable = true,
  ): tfl.LayerVariable {
    const initializer = {
      apply: () => {
        const size = tf.util.sizeFromShape(shape);
        return tf.tensor(firstWeightsWanted ? initialize(size) : new Float32Array(size), shape);
      },
    };
    return this.addWeight(name, shape, 'float32', initializer as never, undefined, trainable);
  }
}

/** The one tensor that a layer with one input is called with. */
export function singleTensor<Rank extends tf.Rank>(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor<Rank> {
  if (!Array.isArray(inputs)) return inputs as tf.Tensor<Rank>;
  if (inputs.length === 1) return inputs[0] as tf.Tensor<Rank>;
  throw new RangeError(`Cannot call layer: its input must be one tensor, got ${inputs.length}`);
}

/** The one shape that a layer with one input is built for, checked for its rank. */
export function singleShape(layer: string, inputShape: tfl.Shape | tfl.Shape[], rank?: number): tfl.Shape {
  const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tfl.Shape;
  if (rank !== undefined && shape.length !== rank) {
    throw new RangeError(`Cannot build ${layer}: its input must have rank ${rank}, got shape [${shape}]`);
  }
  return shape;
}

/** The size of the last axis, which has to be known when a layer is built. */
export function channelsOf(layer: string, shape: tfl.Shape): number {
  const channels = shape.at(-1);
  if (channels == null) throw new RangeError(`Cannot build ${layer}: the size of its input's last axis must be known`);
  return channels;
}

/** Checks a whole number of at least `least`. */
export function checkCount(action: string, name: string, value: number, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`Cannot ${action}: ${name} must be an integer >= ${least}, got ${value}`);
  }
}

/** Checks a number of [0, 1). */
export function checkRate(action: string, name: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new RangeError(`Cannot ${action}: ${name} must be in [0, 1), got ${value}`);
}

/** Checks that a value is one of those that are allowed. */
export function checkOneOf(action: string, name: string, value: unknown, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) {
    throw new RangeError(`Cannot ${action}: ${name} must be one of ${allowed.join(', ')}, got ${String(value)}`);
  }
}

/** Checks a pair of whole numbers, [height (time), width (frequency)]. */
export function checkPair(action: string, name: string, value: readonly number[]): void {
  if (!Array.isArray(value) || value.length !== 2) {
    throw new RangeError(`Cannot ${action}: ${name} must be [height, width], got ${JSON.stringify(value)}`);
  }
  for (const side of value) checkCount(action, name, side);
}
