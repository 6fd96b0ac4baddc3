// sequence → a second-order network's outputs: what every implementation takes and gives

import type { SequenceInputs } from '../recurrent/sequence.ts';
import type { ElmanAttributes } from './elman.ts';
import type { Implementation } from './implementation.ts';

/**
 * Tensors of a second-order network over a sequence: `kernel` is [features, units · units], a matrix from state to state for
 * each feature, row-major by the state before; `bias` is [units].
 */
export type SecondOrderInputs = SequenceInputs;

/** A second-order network on one kind of backend. Outputs: y, then what is saved. */
export type SecondOrderImplementation = Implementation<SecondOrderInputs, ElmanAttributes>;
