import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers'; // registers the stock gradients too
import { expect, test } from 'vitest';
import { adamStep } from '../../../../src/kernels/adamStep.ts';
import { batchNorm } from '../../../../src/kernels/batchNorm.ts';
import { moveTowards } from '../../../../src/kernels/emaStep.ts';
import { gruSequence } from '../../../../src/kernels/recurrent/gruSequence.ts';
import { lstmSequence } from '../../../../src/kernels/recurrent/lstmSequence.ts';
import { normalTensor } from '../../../support/arrays.ts';
import { describeBackends, expectNoLeak } from '../../../support/backends.ts';
import { countDispatches } from '../../../support/dispatches.ts';

const [batch, features, units] = [2, 8, 16];

const reverse = false;

/**
 * A cell, and how many dispatches its output takes, and this with the gradients of x and all weights. Stock products over
 * 2000 rows or more (batch · frames) take one more each, as tfjs clears what it then sums up in parts.
 */
const cells: [name: string, gates: number, run: (inputs: never) => tf.Tensor, forward: number, step: number][] = [
  ['LSTM', 4, (inputs) => lstmSequence(inputs, { reverse }).y, 4, 13],
  ['GRU, reset after', 3, (inputs) => gruSequence(inputs, { reverse, resetAfter: true }), 3, 15],
  ['GRU, reset before', 3, (inputs) => gruSequence(inputs, { reverse, resetAfter: false }), 3, 18],
];

await describeBackends(['webgpu'], 'dispatches of a recurrence', () => {
  test.for(cells)('%s: as many for 4 frames as for 40', async ([name, gates, run, forward, step]) => {
    await expectNoLeak(() => {
      for (const frames of [4, 40]) {
        const inputs = inputsOf(frames, gates);
        const output = () => run(inputs as never);
        expect(tf.tidy(() => countDispatches(output))).toBe(forward);
        expect(stepDispatches(output, weightsOf(inputs, name))).toBe(step);
        tf.dispose(inputs);
      }
    });
  });

  test('batch normalisation: sums and activations, forward and back, and a slice for each of what is a channel long', async () => {
    await expectNoLeak(() => {
      const weights = [normalTensor('x', [batch, 6, 4]), tf.ones([4]), tf.zeros([4])] as const;
      const [x, gamma, beta] = weights as readonly tf.Tensor[] as [tf.Tensor, tf.Tensor1D, tf.Tensor1D];
      const output = () => batchNorm({ x, gamma, beta }, { epsilon: 1e-3, rectify: true }).y;
      expect(tf.tidy(() => countDispatches(output))).toBe(4);
      const dy = tf.ones(x.shape);
      expect(tf.tidy(() => countDispatches(() => tf.engine().gradients(output, [...weights], dy)))).toBe(8);
      tf.dispose([...weights, dy]);
    });
  });

  test('AdamW: a dispatch for each moment and one for the weights; an average of them: one', async () => {
    await expectNoLeak(() => {
      const value = normalTensor('value', [3, 5]);
      const half = tf.scalar(0.5);
      const factors = {
        keepMean: half,
        addMean: half,
        keepSquare: half,
        addSquare: half,
        offset: half,
        rate: half,
        decay: half,
      };
      const state = { value, mean: value, square: value };
      for (const decays of [false, true]) {
        expect(tf.tidy(() => countDispatches(() => adamStep(state, value, factors, decays)))).toBe(3);
      }
      expect(tf.tidy(() => countDispatches(() => moveTowards(value, value, half)))).toBe(1);
      tf.dispose([value, half]);
    });
  });

  test('LSTM: over 5 times fewer than tf.layers.lstm, for 12 frames', async () => {
    await expectNoLeak(() => {
      const inputs = inputsOf(12, 4);
      const x = inputs.x!;
      const layer = layers.lstm({ units, returnSequences: true, recurrentInitializer: 'glorotNormal' });
      const output = () => layer.apply(x) as tf.Tensor;
      output().dispose(); // makes its weights
      const stock = stepDispatches(output, [x, ...layer.trainableWeights.map((weight) => weight.read())]);
      const own = stepDispatches(() => lstmSequence(inputs as never, { reverse }).y, weightsOf(inputs, 'LSTM'));
      expect(stock).toBeGreaterThan(5 * own);
      layer.dispose();
      tf.dispose(inputs);
    });
  });
});

/** Dispatches of a training step but for loss and optimizer: an output, and its gradients by weights, of which x is the first. */
function stepDispatches(run: () => tf.Tensor, weights: tf.Tensor[]): number {
  return tf.tidy(() => {
    const dy = tf.ones([batch, weights[0]!.shape[1]!, units]);
    return countDispatches(() => tf.engine().gradients(run, weights, dy));
  });
}

function inputsOf(frames: number, gates: number): Record<string, tf.Tensor> {
  return {
    x: normalTensor('x', [batch, frames, features]),
    kernel: normalTensor('kernel', [features, gates * units]),
    recurrentKernel: normalTensor('recurrent kernel', [units, gates * units]),
    bias: normalTensor('bias', [gates * units]),
    recurrentBias: normalTensor('recurrent bias', [gates * units]),
    recurrentMask: tf.ones([batch, units]),
    frameMask: tf.ones([batch, frames]),
    initialState: tf.zeros([batch, units]),
    initialCell: tf.zeros([batch, units]),
  };
}

function weightsOf(inputs: Record<string, tf.Tensor>, cell: string): tf.Tensor[] {
  const own = cell === 'GRU, reset after' ? ['recurrentBias'] : [];
  return ['x', 'kernel', 'recurrentKernel', 'bias', ...own].map((name) => inputs[name]!);
}
