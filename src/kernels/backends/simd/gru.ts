// sequence → a GRU's outputs and gradients, on wasm with SIMD

import * as tf from '@tensorflow/tfjs-core';
import type { GruImplementation } from '../../signatures/gru.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import { matMul, sumRows } from '../matMul.ts';
import { frameRows, project, sharedGradients } from './sequence.ts';
import { simd } from './simd.ts';

/**
 * A GRU in two kernels: the whole sequence, and the whole of backpropagation through time. Saved are the gates and what the
 * candidate's product and the reset gate leave of the state, whichever comes first.
 */
export const simdGru: GruImplementation = {
  forward(inputs, { reverse, resetAfter }) {
    const { run, at, withScratch } = simd()!;
    const { x, recurrentKernel, bias, recurrentBias, recurrentMask, frameMask, initialState } = inputs;
    const [batch, frames] = x.shape;
    const units = recurrentKernel.shape[0];
    const gates = project(inputs); // [batch · frames, 3 · units]
    const [inner] = frameRows(x, units) as [tf.Tensor2D];
    const y = hostTensor<tf.Rank.R3>([batch, frames, units]);
    const usedBias = resetAfter ? recurrentBias : tf.zerosLike(recurrentBias);
    withScratch(run.gruScratch(batch, units), (scratch) => {
      run.gruForward(
        ...[batch, frames, units, reverse, resetAfter, at(gates), at(recurrentKernel), at(bias), at(usedBias)],
        ...[at(recurrentMask), at(frameMask), at(initialState), at(inner), at(y), scratch],
      );
    });
    return [y, gates, inner];
  },

  gradient([dy], inputs, [y, gates, inner], { reverse, resetAfter }) {
    const { run, at, withScratch } = simd()!;
    const { x, recurrentKernel, recurrentMask, frameMask, initialState } = inputs;
    const [batch, frames] = x.shape;
    const units = recurrentKernel.shape[0];
    const written = frameRows(x, 3 * units, 3 * units, units) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
    const [dProjected, dRecurrent, states] = written;
    const dState = hostTensor<tf.Rank.R2>([batch, units]);
    withScratch(run.gruScratch(batch, units), (scratch) => {
      run.gruBackward(
        ...[batch, frames, units, reverse, resetAfter, at(dy!), at(gates!), at(recurrentKernel)],
        ...[at(recurrentMask), at(frameMask), at(initialState), at(inner!), at(y!)],
        ...[at(dProjected), at(dRecurrent), at(states), at(dState), scratch],
      );
    });
    const shared = sharedGradients(inputs, { dProjected, dRecurrent, states, dState });
    if (resetAfter) return { ...shared, recurrentBias: () => sumRows(dRecurrent) };
    // Gates and candidate were multiplied by different states: `inner` is what the reset gate left of them.
    const recurrent = () => {
      const ofGates = matMul(states, dProjected, { aTransposed: true });
      const ofCandidate = matMul(inner as tf.Tensor2D, dProjected, { aTransposed: true });
      const parts = [tf.slice(ofGates, [0, 0], [-1, 2 * units]), tf.slice(ofCandidate, [0, 2 * units], [-1, -1])];
      return tf.concat(parts, 1);
    };
    return { ...shared, recurrentKernel: recurrent };
  },
};
