// sequence → a fully recurrent network's outputs and gradients, on wasm with SIMD

import * as tf from '@tensorflow/tfjs-core';
import type { ElmanImplementation } from '../../signatures/elman.ts';
import { hostTensor } from '../../tfjs/hostMemory.ts';
import { frameRows, project, sharedGradients } from './sequence.ts';
import { simd } from './simd.ts';

/** A fully recurrent network in two kernels: the whole sequence, and the whole of backpropagation through time. */
export const simdElman: ElmanImplementation = {
  forward(inputs, { reverse, activation }) {
    const { run, at, withScratch } = simd()!;
    const { x, recurrentKernel, bias, recurrentMask, frameMask, initialState } = inputs;
    const [batch, frames] = x.shape;
    const units = recurrentKernel.shape[0];
    const y = project(inputs); // [batch · frames, units]
    withScratch(run.elmanScratch(batch, units), (scratch) => {
      run.elmanForward(
        ...[batch, frames, units, reverse, activation === 'relu', at(recurrentKernel), at(bias)],
        ...[at(recurrentMask), at(frameMask), at(initialState), at(y), scratch],
      );
    });
    return [tf.reshape(y, [batch, frames, units])];
  },

  gradient([dy], inputs, [y], { reverse, activation }) {
    const { run, at, withScratch } = simd()!;
    const { x, recurrentKernel, recurrentMask, frameMask, initialState } = inputs;
    const [batch, frames] = x.shape;
    const units = recurrentKernel.shape[0];
    const [dProjected, states] = frameRows(x, units, units) as [tf.Tensor2D, tf.Tensor2D];
    const dState = hostTensor<tf.Rank.R2>([batch, units]);
    withScratch(run.elmanScratch(batch, units), (scratch) => {
      run.elmanBackward(
        ...[batch, frames, units, reverse, activation === 'relu', at(dy!), at(recurrentKernel)],
        ...[at(recurrentMask), at(frameMask), at(initialState), at(y!)],
        ...[at(dProjected), at(states), at(dState), scratch],
      );
    });
    return sharedGradients(inputs, { dProjected, states, dState });
  },
};
