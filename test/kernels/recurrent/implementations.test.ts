import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { test } from 'vitest';
import { composedElman } from '../../../src/kernels/backends/composed/elman.ts';
import { composedGru } from '../../../src/kernels/backends/composed/gru.ts';
import { composedIndRnn } from '../../../src/kernels/backends/composed/indRnn.ts';
import { composedLstm } from '../../../src/kernels/backends/composed/lstm.ts';
import {
  composedMultiplicativeLstm,
  composedMultiplicativeRnn,
} from '../../../src/kernels/backends/composed/multiplicative.ts';
import { composedSecondOrder } from '../../../src/kernels/backends/composed/secondOrder.ts';
import { hostElman } from '../../../src/kernels/backends/host/elman.ts';
import { hostGru } from '../../../src/kernels/backends/host/gru.ts';
import { hostIndRnn } from '../../../src/kernels/backends/host/indRnn.ts';
import { hostLstm } from '../../../src/kernels/backends/host/lstm.ts';
import { hostMultiplicativeLstm, hostMultiplicativeRnn } from '../../../src/kernels/backends/host/multiplicative.ts';
import { hostSecondOrder } from '../../../src/kernels/backends/host/secondOrder.ts';
import type { Implementation as ImplementationOf } from '../../../src/kernels/signatures/implementation.ts';
import { expectClose, normalTensor, take } from '../../support/arrays.ts';
import { describeBackends, expectNoLeak } from '../../support/backends.ts';
import { type CellShapes, cases, draw, tensors } from './sequences.ts';

type Implementation = ImplementationOf<never, never>;

const lstm: CellShapes = { gates: 4, ownInputs: ({ batch, units }) => ({ initialCell: [batch, units] }) };
const gru: CellShapes = { gates: 3, ownInputs: ({ units }) => ({ recurrentBias: [3 * units] }) };

const indRnn: CellShapes = {
  ...{ gates: 1, lacks: ['recurrentKernel'] },
  ownInputs: ({ units }) => ({ recurrentWeights: [units] }),
};
const secondOrder: CellShapes = {
  ...{ gates: 1, lacks: ['recurrentKernel'] },
  ownInputs: ({ features, units }) => ({ kernel: [features, units * units] }),
  recurrentInputs: ['kernel'],
};
const multiplicativeRnn: CellShapes = {
  gates: 1,
  ownInputs: ({ batch, frames, units }) => ({
    factors: [batch, frames, units],
    recurrentFactorKernel: [units, units],
  }),
};
const multiplicativeLstm: CellShapes = {
  gates: 4,
  ownInputs: (item) => ({ ...multiplicativeRnn.ownInputs!(item), ...lstm.ownInputs!(item) }),
};

/** Each cell's implementations, its attributes and how many outputs are differentiable. */
const cells: [name: string, CellShapes, Implementation, Implementation, attributes: object, outputs: number][] = [
  ['LSTM', lstm, hostLstm as Implementation, composedLstm as Implementation, {}, 2],
  ['GRU, reset after', gru, hostGru as Implementation, composedGru as Implementation, { resetAfter: true }, 1],
  ['GRU, reset before', gru, hostGru as Implementation, composedGru as Implementation, { resetAfter: false }, 1],
  ['Elman', { gates: 1 }, hostElman as Implementation, composedElman as Implementation, { activation: 'tanh' }, 1],
  ['IndRNN', indRnn, hostIndRnn as Implementation, composedIndRnn as Implementation, { activation: 'relu' }, 1],
  [
    ...(['second-order', secondOrder] as const),
    ...([hostSecondOrder as Implementation, composedSecondOrder as Implementation] as const),
    ...([{ activation: 'tanh' }, 1] as const),
  ],
  [
    ...(['multiplicative RNN', multiplicativeRnn] as const),
    ...([hostMultiplicativeRnn as Implementation, composedMultiplicativeRnn as Implementation] as const),
    ...([{ activation: 'tanh' }, 1] as const),
  ],
  [
    ...(['multiplicative LSTM', multiplicativeLstm] as const),
    ...([hostMultiplicativeLstm as Implementation, composedMultiplicativeLstm as Implementation] as const),
    ...([{}, 2] as const),
  ],
];

// A backend has one implementation only; here both run on the same one, so that what serves others is tested at its speed.
await describeBackends(['cpu', 'wasm'], 'host and composed implementations give the same outputs and gradients', () => {
  for (const [name, shapes, host, composed, own, count] of cells) {
    test(name, async () => {
      await expectNoLeak(async () => {
        for (const item of cases) {
          const inputs = tensors(shapes, item, draw(shapes, item)) as never;
          const attributes = { reverse: item.reverse, ...own } as never;
          const run = (implementation: Implementation) =>
            tf.tidy(() => {
              const outputs = implementation.forward(inputs, attributes);
              const dys = outputs.map((output, i) =>
                i < count ? normalTensor(`dy ${i}`, output.shape) : tf.zerosLike(output),
              );
              const gradients = implementation.gradient(dys, inputs, outputs, attributes) as Record<
                string,
                () => tf.Tensor
              >;
              return [
                ...outputs.slice(0, count),
                ...Object.keys(gradients)
                  .sort()
                  .map((input) => gradients[input]!()),
              ];
            });
          const [expected, actual] = [await take(...run(host)), await take(...run(composed))];
          for (const [i, values] of expected.entries()) expectClose(actual[i]!, values, 1e-6);
          tf.dispose(inputs);
        }
      });
    });
  }
});
