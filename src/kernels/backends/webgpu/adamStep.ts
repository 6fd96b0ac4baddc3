// weights, their gradient, its moments → the same after a step of AdamW, in three dispatches

import type { AdamStep } from '../../signatures/adamStep.ts';
import { elementwise } from './elementwise.ts';

/** A step on WebGPU: of stock operations it is twelve dispatches, which cost more than their arithmetic. */
export const webgpuAdamStep: AdamStep = ({ value, mean, square }, gradient, factors, decays) => {
  const { keepMean, addMean, keepSquare, addSquare, offset, rate, decay } = factors;
  const newMean = elementwise(
    { mean, gradient, keepMean, addMean },
    'mean[i] * keepMean[0] + gradient[i] * addMean[0]',
  );
  const newSquare = elementwise(
    { square, gradient, keepSquare, addSquare },
    'square[i] * keepSquare[0] + gradient[i] * gradient[i] * addSquare[0]',
  );
  const change = 'newMean[i] / (sqrt(newSquare[i]) + offset[0]) * rate[0]';
  return {
    value: decays
      ? elementwise({ value, newMean, newSquare, offset, rate, decay }, `value[i] * decay[0] - ${change}`)
      : elementwise({ value, newMean, newSquare, offset, rate }, `value[i] - ${change}`),
    mean: newMean,
    square: newSquare,
  };
};
