// sequence → an LSTM's outputs and gradients, on wasm with SIMD

import type * as tf from '@tensorflow/tfjs-core';
import type { LstmImplementation, LstmInputs } from '../../signatures/lstm.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import { frameRows, project, sharedGradients } from './sequence.ts';
import { simd } from './simd.ts';

/** An LSTM in two kernels: the whole sequence, and the whole of backpropagation through time. Saved are gates and cells. */
export const simdLstm: LstmImplementation = {
  forward(inputs, { reverse }) {
    const { run, at, withScratch } = simd()!;
    const { x, recurrentKernel } = inputs;
    const [batch, frames] = x.shape;
    const units = recurrentKernel.shape[0];
    const gates = project(inputs); // [batch · frames, 4 · units]
    const [cells] = frameRows(x, units) as [tf.Tensor2D];
    const y = hostTensor<tf.Rank.R3>([batch, frames, units]);
    const lastCell = hostTensor<tf.Rank.R2>([batch, units]);
    withScratch(run.lstmScratch(batch, units), (scratch) => {
      const sizes = [batch, frames, units, reverse];
      const written = [at(cells), at(y), at(lastCell), scratch];
      run.lstmForward(
        ...sizes,
        at(gates),
        at(recurrentKernel),
        at(inputs.bias),
        ...context(inputs).map(at),
        ...written,
      );
    });
    return [y, lastCell, gates, cells];
  },

  gradient([dy, dLastCell], inputs, [y, , gates, cells], { reverse }) {
    const { run, at, withScratch } = simd()!;
    const { x, recurrentKernel } = inputs;
    const [batch, frames] = x.shape;
    const units = recurrentKernel.shape[0];
    const [dProjected, states] = frameRows(x, 4 * units, units) as [tf.Tensor2D, tf.Tensor2D];
    const dState = hostTensor<tf.Rank.R2>([batch, units]);
    const dCell = hostTensor<tf.Rank.R2>([batch, units]);
    withScratch(run.lstmScratch(batch, units), (scratch) => {
      const sizes = [batch, frames, units, reverse];
      const read = [
        at(dy!),
        at(dLastCell!),
        at(gates!),
        at(recurrentKernel),
        ...context(inputs).map(at),
        at(cells!),
        at(y!),
      ];
      run.lstmBackward(...sizes, ...read, at(dProjected), at(states), at(dState), at(dCell), scratch);
    });
    return { ...sharedGradients(inputs, { dProjected, states, dState }), initialCell: () => dCell };
  },
};

function context({ recurrentMask, frameMask, initialState, initialCell }: LstmInputs): tf.Tensor[] {
  return [recurrentMask, frameMask, initialState, initialCell];
}
