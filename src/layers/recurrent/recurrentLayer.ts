// recurrent cell → layer over a sequence: directions, states, masks, dropout

import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { RandomStream } from '../../core/random.ts';
import type { SequenceInputs } from '../../kernels/recurrent/sequence.ts';
import { dropoutMask } from '../dropoutMask.ts';
import { type CallOptions, frameMaskOf } from '../frameMask.ts';
import { BaseLayer, channelsOf, singleShape } from '../layer.ts';
import type {
  RecurrentLayerOptions,
  ResolvedGatedLayerOptions,
  ResolvedRecurrentLayerOptions,
} from './recurrentOptions.ts';

/** A weight as it is before training. */
export interface InitialWeight {
  /** Its shape. */
  readonly shape: number[];
  /** Draws its values, row-major. */
  initialize(): Float32Array;
}

/** Inputs of a cell in one direction, without its states; the weights are among them by name. */
export type CellInputs = Pick<SequenceInputs, 'x' | 'recurrentMask' | 'frameMask'> & {
  /** [batch, units], by which training multiplies the cell's update; only where the layer has `cellDropout`. */
  readonly updateMask?: tf.Tensor2D | undefined;
} & Readonly<Record<string, tf.Tensor>>;

/**
 * Base of the recurrent layers, [batch, frames, features] → [batch, frames, units] (2 · units when bidirectional: forward,
 * then backward; the backward outputs stay at their frames).
 *
 * Called with [x, …states] instead of x, it starts from these states, [batch, units] each: those of the forward direction
 * before those of the backward one. Masks, as `tf.layers.masking` makes them, are honoured: at frames that a mask leaves out, the
 * state does not change and the output repeats it.
 */
export abstract class RecurrentLayer extends BaseLayer {
  abstract override readonly options: ResolvedRecurrentLayerOptions & Partial<ResolvedGatedLayerOptions>;
  /** Number of tensors of a direction's state. */
  protected abstract readonly stateCount: number;
  readonly #directions: DirectionWeights[] = [];
  /** The states from which a stateful layer starts its next call. */
  #kept: tf.Tensor2D[] | undefined;

  /** @param options of the layer */
  constructor(options: RecurrentLayerOptions) {
    super(options);
    this.supportsMasking = true;
  }

  /** Whether states are kept from call to call. */
  override get stateful(): boolean {
    return this.options.stateful;
  }

  /** Initial weights of a direction, in the layer's order of weights. */
  protected abstract weightInitializers(
    features: number,
    random: RandomStream,
  ): Readonly<Record<string, InitialWeight>>;

  /** Runs the cell and returns y, then the final states except for the first, which is y at the frame read last. */
  protected abstract runCell(
    inputs: CellInputs,
    states: tf.Tensor2D[],
    reverse: boolean,
  ): [y: tf.Tensor3D, ...otherStates: tf.Tensor2D[]];

  /** Makes the weights for an input shape. */
  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const { direction, seed } = this.options;
    const features = channelsOf(this.#className, singleShape(this.#className, inputShape, 3));
    for (const name of direction === 'bidirectional' ? (['forward', 'backward'] as const) : [direction]) {
      const prefix = direction === 'bidirectional' ? `${name}_` : '';
      const initial = Object.entries(this.weightInitializers(features, new RandomStream(seed, name)));
      const weights = initial.map(
        ([weight, { shape, initialize }]) => [weight, this.weight(`${prefix}${weight}`, shape, initialize)] as const,
      );
      this.#directions.push({ name, weights });
    }
    super.build(inputShape);
  }

  /** Runs over the sequence, from zero states unless others are given or kept. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: CallOptions = {}): tf.Tensor | tf.Tensor[] {
    const { units, returnSequences, returnState, stateful } = this.options;
    return tf.tidy(() => {
      const [x, ...given] = (Array.isArray(inputs) ? inputs : [inputs]) as [tf.Tensor3D, ...tf.Tensor2D[]];
      const [batch, frames] = x.shape;
      const initial = this.#initialStates(batch, given);
      const frameMask = frameMaskOf(x, kwargs) ?? tf.ones<tf.Rank.R2>([batch, frames]);
      const dropped = this.#dropInputs(x, kwargs.training ?? false);
      const results = this.#directions.map(({ name, weights }, index) => {
        const cellInputs = {
          x: dropped,
          ...Object.fromEntries(weights.map(([weight, variable]) => [weight, variable.read()])),
          ...this.#masks(name, batch, kwargs.training ?? false),
          frameMask,
        } as CellInputs;
        const states = initial.slice(index * this.stateCount, (index + 1) * this.stateCount);
        const reverse = name === 'backward';
        const [y, ...others] = this.runCell(cellInputs, states, reverse);
        if (returnSequences && !returnState && !stateful) return { output: y, states: [] };
        const last = tf.reshape(tf.slice(y, [0, reverse ? 0 : frames - 1, 0], [batch, 1, units]), [batch, units]);
        return { output: returnSequences ? y : last, states: [last, ...others] };
      });
      const states = results.flatMap((result) => result.states) as tf.Tensor2D[];
      if (stateful) this.#keep(states);
      const outputs = results.map(({ output }) => output);
      const output = outputs.length === 1 ? outputs[0]! : tf.concat(outputs, -1);
      return returnState ? [output, ...states.map((state) => tf.clone(state))] : output;
    });
  }

  /** The shape of the output for [batch, frames, features], or the shapes of the output and every state. */
  override computeOutputShape(inputShape: tfl.Shape | tfl.Shape[]): tfl.Shape | tfl.Shape[] {
    const { units, direction, returnSequences, returnState } = this.options;
    const [batch, frames] = singleShape(this.#className, inputShape, 3) as [number | null, number | null];
    const directions = direction === 'bidirectional' ? 2 : 1;
    const output = returnSequences ? [batch, frames, directions * units] : [batch, directions * units];
    if (!returnState) return output;
    return [output, ...Array.from({ length: directions * this.stateCount }, () => [batch, units])];
  }

  /** The input's mask where the output has frames; none for the states. */
  override computeMask(_inputs: tf.Tensor | tf.Tensor[], mask?: CallOptions['mask']): tf.Tensor | tf.Tensor[] {
    const { direction, returnSequences, returnState } = this.options;
    const one = (Array.isArray(mask) ? mask[0] : mask) ?? null;
    const states = returnState ? this.stateCount * (direction === 'bidirectional' ? 2 : 1) : 0;
    const masks = [returnSequences ? one : null, ...new Array(states).fill(null)];
    return (masks.length === 1 ? masks[0] : masks) as tf.Tensor | tf.Tensor[]; // null stands for no mask
  }

  /** Lets the next call of a stateful layer start from zero states; required before a call with another batch size. */
  override resetStates(): void {
    tf.dispose(this.#kept ?? []);
    this.#kept = undefined;
  }

  /** Disposes the weights and the kept states. */
  override dispose(): ReturnType<tfl.layers.Layer['dispose']> {
    const result = super.dispose();
    if (result.refCountAfterDispose === 0) this.resetStates();
    return result;
  }

  /** The weights of a name, one for each direction. */
  protected weightsNamed(name: string): tfl.LayerVariable[] {
    return this.#directions.flatMap(({ weights }) =>
      weights.filter(([own]) => own === name).map(([, weight]) => weight),
    );
  }

  /** The initial state where none is given, [batch, units]. */
  protected firstState(batch: number): tf.Tensor2D {
    return tf.zeros([batch, this.options.units]);
  }

  get #className(): string {
    return this.getClassName().replace('SpeechEmotion', '');
  }

  #initialStates(batch: number, given: tf.Tensor2D[]): tf.Tensor2D[] {
    const states = given.length > 0 ? given : this.#kept;
    if (states) this.#checkStates(states, batch);
    const count = this.#directions.length * this.stateCount;
    return states ?? Array.from({ length: count }, () => this.firstState(batch));
  }

  #checkStates(states: tf.Tensor2D[], batch: number): void {
    const count = this.#directions.length * this.stateCount;
    const shape = `[${batch}, ${this.options.units}]`;
    if (states.length === count && states.every((state) => `[${state.shape.join(', ')}]` === shape)) return;
    const got = states.map((state) => `[${state.shape.join(', ')}]`).join(', ');
    throw new RangeError(`Cannot call ${this.#className}: states must be ${count} of shape ${shape}, got ${got}`);
  }

  #dropInputs(x: tf.Tensor3D, training: boolean): tf.Tensor3D {
    const { inputDropout, seed } = this.options;
    if (!training || inputDropout === 0) return x;
    return tf.mul(x, dropoutMask<tf.Rank.R3>(this, [x.shape[0], 1, x.shape[2]], inputDropout, seed));
  }

  #masks(direction: string, batch: number, training: boolean): Pick<CellInputs, 'recurrentMask' | 'updateMask'> {
    const { units, recurrentDropout, cellDropout = 0, seed } = this.options;
    const draw = (rate: number, part: string) =>
      dropoutMask<tf.Rank.R2>(this, [batch, units], rate, seed, `${direction} ${part}`);
    return {
      recurrentMask: training && recurrentDropout > 0 ? draw(recurrentDropout, 'mask') : tf.ones([batch, units]),
      ...(training && cellDropout > 0 && { updateMask: draw(cellDropout, 'update mask') }),
    };
  }

  #keep(states: tf.Tensor2D[]): void {
    const kept = states.map((state) => tf.keep(detached(state)));
    tf.dispose(this.#kept ?? []);
    this.#kept = kept;
  }
}

interface DirectionWeights {
  readonly name: 'forward' | 'backward';
  readonly weights: readonly (readonly [name: string, tfl.LayerVariable])[];
}

/** A copy through which no gradient flows. */
const detached = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
})) as (x: tf.Tensor2D) => tf.Tensor2D;
