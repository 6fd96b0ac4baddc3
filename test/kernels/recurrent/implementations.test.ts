import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { test } from 'vitest';
import { type Implementations, isActive } from '../../../src/kernels/backends/implementations.ts';
import { gruImplementations } from '../../../src/kernels/recurrent/gruSequence.ts';
import { lstmImplementations } from '../../../src/kernels/recurrent/lstmSequence.ts';
import { multiplicativeLstmImplementations } from '../../../src/kernels/recurrent/multiplicativeSequence.ts';
import type { Implementation } from '../../../src/kernels/signatures/implementation.ts';
import { expectClose, normalTensor, take } from '../../support/arrays.ts';
import { describeBackends, expectNoLeak, hostBackends } from '../../support/backends.ts';
import { type CellShapes, cases, draw, tensors } from './sequences.ts';

type Table = Implementations<Implementation<never, never>>;

const lstm: CellShapes = { gates: 4, ownInputs: ({ batch, units }) => ({ initialCell: [batch, units] }) };
const gru: CellShapes = { gates: 3, ownInputs: ({ units }) => ({ recurrentBias: [3 * units] }) };
const multiplicativeLstm: CellShapes = {
  gates: 4,
  ownInputs: (item) => ({
    factors: [item.batch, item.frames, item.units],
    recurrentFactorKernel: [item.units, item.units],
    ...lstm.ownInputs!(item),
  }),
};

/** The cells that have others than the composed one: their tables, their attributes and how many outputs are differentiable. */
const cells: [name: string, CellShapes, table: unknown, attributes: object, outputs: number][] = [
  ['LSTM', lstm, lstmImplementations, {}, 2],
  ['GRU, reset after', gru, gruImplementations, { resetAfter: true }, 1],
  ['GRU, reset before', gru, gruImplementations, { resetAfter: false }, 1],
  ['multiplicative LSTM', multiplicativeLstm, multiplicativeLstmImplementations, {}, 2],
];

// A backend takes one implementation; here all that it can run do the same, so that what serves others is tested at its speed.
// Those of WebGPU, where the composed one is slow, are in backends/webgpu.
await describeBackends(hostBackends, 'every implementation gives the outputs and gradients of the composed one', () => {
  for (const [name, shapes, table, own, count] of cells) {
    for (const kind of (['simd', 'host'] as const).filter((kind) => (table as Table)[kind])) {
      test(`${name}: ${kind}`, async ({ skip }) => {
        skip(!isActive(kind), 'of another backend');
        await expectNoLeak(async () => {
          for (const item of cases) {
            const inputs = tensors(shapes, item, draw(shapes, item)) as never;
            const attributes = { reverse: item.reverse, ...own } as never;
            const run = (implementation: Implementation<never, never>) =>
              tf.tidy(() => {
                const outputs = implementation.forward(inputs, attributes);
                const dys = outputs.map((output, i) =>
                  i < count ? normalTensor(`dy ${i}`, output.shape) : tf.zerosLike(output),
                );
                const gradients: Record<string, () => tf.Tensor> = implementation.gradient(
                  ...([dys, inputs, outputs, attributes] as const),
                );
                const names = Object.keys(gradients).sort();
                return [...outputs.slice(0, count), ...names.map((input) => gradients[input]!())];
              });
            const { composed, [kind]: special } = table as Table;
            const [expected, actual] = [await take(...run(composed)), await take(...run(special!))];
            for (const [i, values] of expected.entries()) expectClose(actual[i]!, values, 2e-6);
            tf.dispose(inputs);
          }
        });
      });
    }
  }
});
