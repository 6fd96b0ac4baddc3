// sequence → a fully recurrent network's outputs: what every implementation takes and gives

import type { StateActivation } from '../recurrent/activation.ts';
import type { RecurrentInputs, SequenceAttributes } from '../recurrent/sequence.ts';
import type { Implementation } from './implementation.ts';

/** Tensors of a fully recurrent network over a sequence: one "gate", the state itself. */
export type ElmanInputs = RecurrentInputs;

/** How a network without gates reads a sequence. */
export interface ElmanAttributes extends SequenceAttributes {
  /** Activation of the state. */
  readonly activation: StateActivation;
}

/** A fully recurrent network on one kind of backend. Outputs: y. */
export type ElmanImplementation = Implementation<ElmanInputs, ElmanAttributes>;
