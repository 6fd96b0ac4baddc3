// options of every recurrent layer → checked and completed

import { checkBoolean, checkInteger, checkObject, checkOneOf, checkSeed, checkShare, type Resolved } from '../../core/check.ts';
import type { StateActivation } from '../../kernels/recurrent/activation.ts';
import { checkNoOtherOption, type SeededLayerOptions } from '../layer.ts';

/** The most units of a direction; beyond, initialising an orthogonal matrix alone would take hours. */
export const MOST_STATE = 4096;

/** Every {@link Direction}. */
export const DIRECTIONS: readonly Direction[] = ['forward', 'backward', 'bidirectional'];

/** Direction in which a recurrent layer reads a sequence: `bidirectional` reads both ways and concatenates the outputs. */
export type Direction = 'forward' | 'backward' | 'bidirectional';

/** Options of every recurrent layer. */
export interface RecurrentLayerOptions extends SeededLayerOptions {
  /** Size of the state, of each direction. */
  units: number;
  /** Reading direction. @default 'forward' */
  direction?: Direction | undefined;
  /**
   * Whether to return the output of every frame, or only that of the frame read last, [batch, units].
   * @default true, because poolings over all frames follow here (Keras has false)
   */
  returnSequences?: boolean | undefined;
  /** Whether to return the states after the frame read last as well: [output, …states], forward before backward. @default false */
  returnState?: boolean | undefined;
  /**
   * Whether a call starts from the final states of the call before, until `resetStates()`, so that a long sequence can be read in
   * pieces. Forward only. Gradients stay within a call.
   * @default false
   */
  stateful?: boolean | undefined;
  /**
   * Share of the input features that training drops, one mask a sequence (Gal & Ghahramani 2016) for both directions: the same as a
   * `Dropout` of unit 'channel' with the same seed before the layer.
   * @default 0
   */
  inputDropout?: number | undefined;
  /**
   * Share of the previous output that training drops on its way into the gates, one mask a sequence and direction (Gal &
   * Ghahramani 2016).
   * @default 0
   */
  recurrentDropout?: number | undefined;
}

/** Options of the recurrent layers without gates. */
export interface UngatedLayerOptions extends RecurrentLayerOptions {
  /** Activation of the state. @default 'tanh'; of `IndRnn`, 'relu' */
  activation?: StateActivation | undefined;
}

/** {@link UngatedLayerOptions} with every default in place. */
export type ResolvedUngatedLayerOptions = ResolvedRecurrentLayerOptions &
  Resolved<Pick<UngatedLayerOptions, 'activation'>>;

/** Options of the recurrent layers with gates, which add an update to the memory that they carry on. */
export interface GatedLayerOptions extends RecurrentLayerOptions {
  /**
   * Share of the update (the candidate of the cell or of the state) that training drops, one mask a sequence and direction; the
   * memory itself is never dropped (Semeniuta et al. 2016).
   * @default 0
   */
  cellDropout?: number | undefined;
}

/** {@link GatedLayerOptions} with every default in place. */
export type ResolvedGatedLayerOptions = ResolvedRecurrentLayerOptions &
  Resolved<Pick<GatedLayerOptions, 'cellDropout'>>;

/** {@link RecurrentLayerOptions} with every default in place. */
export type ResolvedRecurrentLayerOptions = Resolved<Omit<RecurrentLayerOptions, 'name' | 'trainable'>>;

/**
 * Checks the options that every recurrent layer has and fills in their defaults, for a recurrent layer of your own.
 *
 * @param layer its name, for messages
 * @param options with the layer's own ones taken out: any other is an error
 * @throws {RangeError} when an option is out of range
 * @throws {TypeError} when an option is of the wrong type or there is none of that name
 * @example
 * const { decay = 0.9, ...others } = options;
 * this.options = { ...resolveRecurrentOptions('Decay', others), decay };
 */
export function resolveRecurrentOptions(layer: string, options: RecurrentLayerOptions): ResolvedRecurrentLayerOptions {
  const action = `make ${layer}`;
  const {
    units,
    direction = 'forward',
    returnSequences = true,
    returnState = false,
    stateful = false,
    ...rest
  } = checkObject(action, 'options', options);
  const { inputDropout = 0, recurrentDropout = 0, seed, ...others } = rest;
  checkNoOtherOption(action, others);
  checkInteger(action, 'units', units, 1, MOST_STATE);
  checkOneOf(action, 'direction', direction, DIRECTIONS);
  for (const [name, flag] of Object.entries({ returnSequences, returnState, stateful }))
    checkBoolean(action, name, flag);
  checkShare(action, 'inputDropout', inputDropout);
  checkShare(action, 'recurrentDropout', recurrentDropout);
  checkSeed(action, 'seed', seed);
  if (stateful && direction !== 'forward') {
    throw new RangeError(`Cannot ${action}: direction must be forward where stateful, got ${direction}`);
  }
  return { units, direction, returnSequences, returnState, stateful, inputDropout, recurrentDropout, seed };
}

/** @throws {RangeError} when an option is out of range */
export function resolveGatedOptions(layer: string, options: GatedLayerOptions): ResolvedGatedLayerOptions {
  const { cellDropout = 0, ...others } = options;
  checkShare(`make ${layer}`, 'cellDropout', cellDropout);
  return { ...resolveRecurrentOptions(layer, others), cellDropout };
}

/** @throws {RangeError} when an option is out of range */
export function resolveUngatedOptions(
  layer: string,
  options: UngatedLayerOptions,
  activationByDefault: StateActivation = 'tanh',
): ResolvedUngatedLayerOptions {
  const { activation = activationByDefault, ...others } = options;
  checkOneOf(`make ${layer}`, 'activation', activation, ['tanh', 'relu']);
  return { ...resolveRecurrentOptions(layer, others), activation };
}
