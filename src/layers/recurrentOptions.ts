// options that all recurrent layers share → checked and completed

import type { StateActivation } from '../kernels/recurrent/activation.ts';
import { checkCount, checkOneOf, checkRate, type SeededLayerOptions } from './layer.ts';

/** Which way a recurrent layer reads a sequence: `bidirectional` reads both ways and concatenates the outputs. */
export type Direction = 'forward' | 'backward' | 'bidirectional';

/** Options of every recurrent layer. */
export interface RecurrentLayerOptions extends SeededLayerOptions {
  /** Size of the state, of each direction. */
  units: number;
  /** Reading direction. @default 'forward' */
  direction?: Direction;
  /**
   * Whether the output is that of every frame, or that of the frame read last alone, [batch, units].
   * @default true, because here poolings over all frames come after (in Keras it is false)
   */
  returnSequences?: boolean;
  /** Whether the states after the frame read last are outputs too: [output, …states], forward before backward. @default false */
  returnState?: boolean;
  /**
   * Whether a call starts from the states in which the one before ended, so that a long sequence can be read in pieces, until
   * `resetStates()`. Forward only. Gradients stay within a call.
   * @default false
   */
  stateful?: boolean;
  /**
   * Share of the input features that training drops, one mask a sequence (Gal & Ghahramani 2016), for both directions: what a
   * `Dropout` of unit 'channel' with the same seed does before the layer.
   * @default 0
   */
  inputDropout?: number;
  /**
   * Share of the previous output that training drops on its way into the gates, one mask a sequence and direction (Gal &
   * Ghahramani 2016).
   * @default 0
   */
  recurrentDropout?: number;
}

/** Options of the recurrent layers without gates. */
export interface UngatedLayerOptions extends RecurrentLayerOptions {
  /** What squashes the state. @default 'tanh'; of `IndRnn`, 'relu' */
  activation?: StateActivation;
}

/** {@link UngatedLayerOptions} with every default in place. */
export type ResolvedUngatedLayerOptions = ResolvedRecurrentLayerOptions &
  Readonly<Required<Pick<UngatedLayerOptions, 'activation'>>>;

/** Options of the recurrent layers that add an update to what they carry on. */
export interface GatedLayerOptions extends RecurrentLayerOptions {
  /**
   * Share of the update (the candidate of the cell or of the state) that training drops, one mask a sequence and direction:
   * what is carried on is never dropped (Semeniuta et al. 2016).
   * @default 0
   */
  cellDropout?: number;
}

/** {@link GatedLayerOptions} with every default in place. */
export type ResolvedGatedLayerOptions = ResolvedRecurrentLayerOptions &
  Readonly<Required<Pick<GatedLayerOptions, 'cellDropout'>>>;

/** {@link RecurrentLayerOptions} with every default in place. */
export type ResolvedRecurrentLayerOptions = Readonly<Required<Omit<RecurrentLayerOptions, 'name' | 'trainable'>>>;

/** @throws {RangeError} when an option is out of range */
function resolveRecurrentOptions(layer: string, options: RecurrentLayerOptions): ResolvedRecurrentLayerOptions {
  const { units, direction = 'forward', returnSequences = true, returnState = false, stateful = false } = options;
  const { inputDropout = 0, recurrentDropout = 0, seed } = options;
  const action = `make ${layer}`;
  checkCount(action, 'units', units);
  checkOneOf(action, 'direction', direction, ['forward', 'backward', 'bidirectional']);
  checkRate(action, 'inputDropout', inputDropout);
  checkRate(action, 'recurrentDropout', recurrentDropout);
  if (stateful && direction !== 'forward') {
    throw new RangeError(`Cannot ${action}: direction must be forward where stateful, got ${direction}`);
  }
  return { units, direction, returnSequences, returnState, stateful, inputDropout, recurrentDropout, seed };
}

/** @throws {RangeError} when an option is out of range */
export function resolveGatedOptions(layer: string, options: GatedLayerOptions): ResolvedGatedLayerOptions {
  const { cellDropout = 0 } = options;
  checkRate(`make ${layer}`, 'cellDropout', cellDropout);
  return { ...resolveRecurrentOptions(layer, options), cellDropout };
}

/** @throws {RangeError} when an option is out of range */
export function resolveUngatedOptions(
  layer: string,
  options: UngatedLayerOptions,
  usual: StateActivation = 'tanh',
): ResolvedUngatedLayerOptions {
  const { activation = usual } = options;
  checkOneOf(`make ${layer}`, 'activation', activation, ['tanh', 'relu']);
  return { ...resolveRecurrentOptions(layer, options), activation };
}
