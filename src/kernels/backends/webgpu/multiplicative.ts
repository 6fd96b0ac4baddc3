// sequence → a multiplicative RNN's or LSTM's output and gradients, each in one dispatch over all frames

import type {
  MultiplicativeLstmImplementation,
  MultiplicativeRnnImplementation,
} from '../../signatures/multiplicative.ts';
import { composedMultiplicativeLstm, composedMultiplicativeRnn } from '../composed/multiplicative.ts';
import { ELMAN_SIZE, elman } from './elman.ts';
import { LSTM_SIZE, lstm } from './lstm.ts';
import { whereItFits } from './sequence.ts';

/** A multiplicative RNN on WebGPU. */
export const webgpuMultiplicativeRnn: MultiplicativeRnnImplementation = whereItFits(
  { ...ELMAN_SIZE, sections: 2 }, // on the way back, the gradients of m besides
  elman,
  composedMultiplicativeRnn,
);

/** A multiplicative LSTM on WebGPU. */
export const webgpuMultiplicativeLstm: MultiplicativeLstmImplementation = whereItFits(
  LSTM_SIZE,
  lstm,
  composedMultiplicativeLstm,
);
