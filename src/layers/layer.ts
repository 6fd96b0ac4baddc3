// options → layer: checks, weights from typed arrays and one input tensor, for all layers of this folder

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { checkBoolean, checkNothingElse, checkOptions, checkString } from '../core/check.ts';

/** The most units, filters or strides that a layer may have; no network that trains comes near. */
export const MOST = 65536;

/** The most weights of one kernel: a gigabyte of them. */
const MOST_WEIGHTS = 2 ** 28;

/** Options of every layer. */
export interface LayerOptions {
  /** Name within the model. @default chosen by tfjs, unique in the process */
  name?: string | undefined;
  /** Whether training changes the layer's weights. @default true */
  trainable?: boolean | undefined;
}

/** Options of a layer that draws random numbers, for its initial weights or for masks. */
export interface SeededLayerOptions extends LayerOptions {
  /** Seed of the layer's random numbers; each layer of a model should have its own. */
  seed: number;
}

/** Base of the library's layers, and of your own: options are its configuration, weights are initialised from typed arrays. */
export abstract class BaseLayer extends tfl.layers.Layer {
  /** The layer's own options, resolved; a saved model keeps them. */
  abstract readonly options: object;

  /** @param options of which tfjs-layers reads `name`, `trainable` and, in saved models, the input's shape */
  constructor(options: LayerOptions) {
    super(checkLayerOptions(options, new.target) as ConstructorParameters<typeof tfl.layers.Layer>[0]);
  }

  /** The constructor's options, from which a saved model is built again. */
  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.options };
  }

  /**
   * Adds a weight.
   *
   * @param initialize gives its values, row-major; called once when the layer is built, and not at all when a model is loaded, whose
   *   weights are known (tfjs' `setFastWeightInitDuringBuild`)
   */
  protected weight(
    name: string,
    shape: number[],
    initialize: (size: number) => Float32Array,
    trainable = true,
  ): tfl.LayerVariable {
    const count = tf.util.sizeFromShape(shape);
    if (!(count <= MOST_WEIGHTS)) {
      throw new RangeError(
        `Cannot build ${this.name}: its ${name} must have at most ${MOST_WEIGHTS} weights, got [${shape.join(', ')}]`,
      );
    }
    const initializer = { apply: () => tf.tensor(initialize(count), shape) };
    return this.addWeight(name, shape, 'float32', initializer as never, undefined, trainable);
  }
}

/** Options that every layer of tfjs takes, and those that tfjs adds when it reads a saved model. */
const TFJS_OPTIONS = new Set([
  ...['name', 'trainable', 'dtype', 'batchInputShape', 'inputShape', 'batchSize', 'inputDType', 'updatable', 'weights'],
  'customObjects',
]);

function checkLayerOptions(
  options: LayerOptions,
  { className, name: own }: { className?: string | undefined; name: string },
): LayerOptions {
  const action = `make ${className?.replace('SpeechEmotion', '') ?? own}`; // a bundler may have shortened the class's own name
  const { name, trainable } = checkOptions(action, options);
  if (name !== undefined) checkString(action, 'name', name);
  if (trainable !== undefined) checkBoolean(action, 'trainable', trainable);
  return options;
}

/** Checks that only options of every layer are left once the layer's own are taken out: see `checkNothingElse`. */
export function checkNoOtherOption(action: string, rest: object): void {
  checkNothingElse(action, Object.fromEntries(Object.entries(rest).filter(([name]) => !TFJS_OPTIONS.has(name))));
}

/** The tensor that a layer with one input is called with. */
export function singleTensor<Rank extends tf.Rank>(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor<Rank> {
  if (!Array.isArray(inputs)) return inputs as tf.Tensor<Rank>;
  if (inputs.length === 1) return inputs[0] as tf.Tensor<Rank>;
  throw new RangeError(`Cannot call layer: its input must be one tensor, got ${inputs.length}`);
}

/** The shape that a layer with one input is built for, with its rank checked. */
export function singleShape(layer: string, inputShape: tfl.Shape | tfl.Shape[], rank?: number): tfl.Shape {
  const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tfl.Shape;
  if (rank !== undefined && shape.length !== rank) {
    throw new RangeError(`Cannot build ${layer}: its input must have rank ${rank}, got shape [${shape}]`);
  }
  return shape;
}

/** The size of the last axis, which must be known when a layer is built. */
export function channelsOf(layer: string, shape: tfl.Shape): number {
  const channels = shape.at(-1);
  if (channels == null) throw new RangeError(`Cannot build ${layer}: the size of its input's last axis must be known`);
  return channels;
}
