// sequence → an independently recurrent network's outputs: what every implementation takes and gives

import type * as tf from '@tensorflow/tfjs-core';
import type { SequenceInputs } from '../recurrent/sequence.ts';
import type { ElmanAttributes } from './elman.ts';
import type { Implementation } from './implementation.ts';

/** Tensors of an independently recurrent network over a sequence. */
export interface IndRnnInputs extends SequenceInputs {
  /** [units], what each unit's previous output is multiplied by. */
  readonly recurrentWeights: tf.Tensor1D;
}

/** An independently recurrent network on one kind of backend. Output: y. */
export type IndRnnImplementation = Implementation<IndRnnInputs, ElmanAttributes>;
