import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { composedGru } from '../../../../src/kernels/backends/composed/gru.ts';
import { composedLstm } from '../../../../src/kernels/backends/composed/lstm.ts';
import { webgpuGru } from '../../../../src/kernels/backends/webgpu/gru.ts';
import { webgpuLstm } from '../../../../src/kernels/backends/webgpu/lstm.ts';
import { whereItFits } from '../../../../src/kernels/backends/webgpu/sequence.ts';
import type { SequenceInputs } from '../../../../src/kernels/recurrent/sequence.ts';
import type { Implementation as ImplementationOf } from '../../../../src/kernels/signatures/implementation.ts';
import { expectClose, normalTensor, take } from '../../../support/arrays.ts';
import { describeBackends, expectNoLeak } from '../../../support/backends.ts';
import { programsOf } from '../../../support/dispatches.ts';

// biome-ignore lint/suspicious/noExplicitAny: each cell has inputs and attributes of its own
type Implementation = ImplementationOf<any, any>;

/** Each cell on WebGPU and composed, with its own attributes. */
const cells: [name: string, gates: number, webgpu: Implementation, composed: Implementation, attributes: object][] = [
  ['LSTM', 4, webgpuLstm, composedLstm, {}],
  ['GRU, reset after', 3, webgpuGru, composedGru, { resetAfter: true }],
  ['GRU, reset before', 3, webgpuGru, composedGru, { resetAfter: false }],
  ['LSTM, dropping updates', 4, webgpuLstm, composedLstm, {}],
  ['GRU, reset after, dropping updates', 3, webgpuGru, composedGru, { resetAfter: true }],
  ['GRU, reset before, dropping updates', 3, webgpuGru, composedGru, { resetAfter: false }],
];

interface Size {
  batch: number;
  frames: number;
  features: number;
  units: number;
  reverse: boolean;
}

/** One frame and one sequence; units that are no multiple of anything, and more than a workgroup has invocations. */
const sizes: Size[] = [
  { batch: 3, frames: 7, features: 3, units: 5, reverse: true },
  { batch: 1, frames: 1, features: 2, units: 70, reverse: false },
  { batch: 2, frames: 4, features: 4, units: 70, reverse: true },
  { batch: 2, frames: 2, features: 5, units: 300, reverse: false },
];

await describeBackends(['webgpu'], 'recurrences in one dispatch', () => {
  for (const [name, gates, webgpu, composed, attributes] of cells) {
    for (const size of sizes) {
      test(`${name}: outputs and gradients of the composed cell, ${JSON.stringify(size)}`, async () => {
        await expectNoLeak(async () => {
          const inputs = inputsOf(name, size, gates);
          const all = [webgpu, composed].map((one) => run(one, inputs, { ...attributes, reverse: size.reverse }));
          const [actual, expected] = [await take(...all[0]!), await take(...all[1]!)];
          tf.dispose({ ...inputs });
          expect(actual.length).toBe(expected.length);
          for (const [i, values] of expected.entries()) expectClose(actual[i]!, values, 2e-6);
        });
      });
    }

    test(`${name}: needs no more workgroup memory than the limit is asked for`, async () => {
      for (const units of [1, 65, 257]) {
        const inputs = inputsOf(name, { batch: 1, frames: 1, features: 1, units, reverse: false }, gates);
        const programs = programsOf(() => tf.dispose(run(webgpu, inputs, { ...attributes, reverse: false })));
        const floats = programs.map((program) => {
          const code = (program as { getUserCode(): string }).getUserCode();
          const arrays = code.matchAll(/var<workgroup> \w+ : array<f32, (\d+)>/g);
          return [...arrays].reduce((sum, [, length]) => sum + Number(length), 0);
        });
        expect(Math.max(...floats)).toBeGreaterThan(units);
        expect(Math.max(...floats)).toBeLessThanOrEqual((gates + 1) * units + 256);
        tf.dispose({ ...inputs });
      }
    });
  }

  const limits = () => (tf.backend() as unknown as { device: { limits: object } }).device.limits;
  test.for([
    ['maxComputeWorkgroupStorageSize', 4 * (5 * 7 + 256)],
    ['maxStorageBufferBindingSize', 4 * 3 * (5 + 1) * 7 * 6],
    ['maxComputeWorkgroupsPerDimension', 3],
  ] as const)('where %s is below %i, the composed cell is taken', ([limit, least]) => {
    const named = (name: string): Implementation => ({ forward: () => [name], gradient: () => name }) as never;
    const either = whereItFits({ gates: 4, sections: 6 }, named('webgpu'), named('composed'));
    const inputs = { x: tf.zeros([3, 5, 2]), initialState: tf.zeros([3, 7]) };
    for (const [value, chosen] of [
      [least, 'webgpu'],
      [least - 1, 'composed'],
    ] as const) {
      Object.defineProperty(limits(), limit, { value, configurable: true });
      try {
        expect(either.forward(inputs, {})).toEqual([chosen]);
        expect(either.gradient([], inputs, [], {})).toBe(chosen);
      } finally {
        Reflect.deleteProperty(limits(), limit);
      }
    }
    tf.dispose(inputs);
  });
});

/** Outputs of the operation, then the gradients of all inputs, for random gradients of the outputs. */
function run(implementation: Implementation, inputs: SequenceInputs, attributes: object): tf.Tensor[] {
  return tf.tidy(() => {
    const outputs = implementation.forward(inputs, attributes);
    const visible = 'initialCell' in inputs ? 2 : 1;
    const dys = outputs.map(({ shape }, i) =>
      i < visible ? normalTensor(`dy ${i}`, shape as never) : tf.zeros(shape),
    );
    const gradients = implementation.gradient(dys, inputs, outputs, attributes);
    const names = Object.keys(gradients).sort();
    return [...outputs.slice(0, visible), ...names.map((name) => gradients[name]!())];
  });
}

/** Weights as large as initialisers draw them; some frames of the second sequence are padding, and all of the third. */
function inputsOf(name: string, { batch, frames, features, units }: Size, gates: number): SequenceInputs {
  return tf.tidy(() => {
    const columns = gates * units;
    const scaled = (name: string, shape: [number, number]) =>
      tf.div<tf.Tensor2D>(normalTensor<tf.Rank.R2>(name, shape), Math.sqrt(shape[0]));
    const padding = (b: number, t: number) => (b === 1 && (t === 0 || t > 2)) || b === 2;
    const frameMask = Float32Array.from({ length: batch * frames }, (_, i) =>
      padding(Math.floor(i / frames), i % frames) ? 0 : 1,
    );
    const mask = (name: string) =>
      tf.mul<tf.Tensor2D>(tf.cast(tf.greater(normalTensor(name, [batch, units]), -0.5), 'float32'), 1.25);
    return {
      x: normalTensor<tf.Rank.R3>('x', [batch, frames, features]),
      kernel: scaled('kernel', [features, columns]),
      recurrentKernel: scaled('recurrent kernel', [units, columns]),
      bias: normalTensor<tf.Rank.R1>('bias', [columns]),
      recurrentMask: mask('mask'),
      frameMask: tf.tensor2d(frameMask, [batch, frames]),
      initialState: normalTensor<tf.Rank.R2>('state', [batch, units]),
      ...(gates === 4 && { initialCell: normalTensor<tf.Rank.R2>('cell', [batch, units]) }),
      ...(gates === 3 && { recurrentBias: normalTensor<tf.Rank.R1>('recurrent bias', [columns]) }),
      ...(name.endsWith('dropping updates') && { updateMask: mask('update mask') }),
    };
  });
}
