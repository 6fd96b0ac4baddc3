// features → weighted sums of them: the base of fully connected layers

import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { checkInteger, checkSeed } from '../core/check.ts';
import { RandomStream } from '../core/random.ts';
import { glorotUniform, heUniform } from './initialize.ts';
import { BaseLayer, channelsOf, MOST, type SeededLayerOptions, singleShape } from './layer.ts';

/** Options of every fully connected layer. */
export interface FullyConnectedOptions extends SeededLayerOptions {
  /** Number of outputs. */
  units: number;
}

/** The weighted sums that a fully connected layer computes. */
export interface Sums {
  /** Number of sums. */
  readonly count: number;
  /** Whether a rectifier follows, which sets negative sums to 0: initial weights are He-uniform then, Glorot-uniform otherwise. */
  readonly rectified: boolean;
}

/** Base of the fully connected layers over the last axis, [..., inputs] → [..., units], with weights `[kernel, bias]`. */
export abstract class FullyConnected extends BaseLayer {
  abstract override readonly options: Readonly<Pick<FullyConnectedOptions, 'units' | 'seed'>>;
  /** The sums that the layer computes. */
  protected abstract readonly sums: Sums;
  #kernel!: tfl.LayerVariable;
  #bias!: tfl.LayerVariable;

  /** @param options of the layer */
  constructor(options: FullyConnectedOptions) {
    super(options);
    this.supportsMasking = true; // masks are passed on
    const action = `make ${this.#className}`;
    checkInteger(action, 'units', options.units, 1, MOST);
    checkSeed(action, 'seed', options.seed);
  }

  /** [inputs, sums] */
  protected get kernel(): tf.Tensor2D {
    return this.#kernel.read() as tf.Tensor2D;
  }

  /** [sums] */
  protected get bias(): tf.Tensor1D {
    return this.#bias.read() as tf.Tensor1D;
  }

  /** Makes the weights for an input shape. */
  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const { count, rectified } = this.sums;
    const inputs = channelsOf(this.#className, singleShape(this.#className, inputShape));
    const random = new RandomStream(this.options.seed, 'kernel');
    this.#kernel = this.weight('kernel', [inputs, count], (size) =>
      rectified ? heUniform(size, inputs, random) : glorotUniform(size, inputs, count, random),
    );
    this.#bias = this.weight('bias', [count], (size) => new Float32Array(size));
    super.build(inputShape);
  }

  /** [..., inputs] → [..., units] */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return [...singleShape(this.#className, inputShape).slice(0, -1), this.options.units];
  }

  get #className(): string {
    return this.getClassName().replace('SpeechEmotion', '');
  }
}
