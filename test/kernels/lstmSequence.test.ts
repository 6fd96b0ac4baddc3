import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { expect, test } from 'vitest';
import { composedGradient, composedSequence } from '../../src/kernels/lstmComposed.ts';
import { type LstmInputs, type LstmSequence, lstmSequence } from '../../src/kernels/lstmSequence.ts';
import { expectClose, normals, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

interface Case {
  batch: number;
  frames: number;
  features: number;
  units: number;
  reverse: boolean;
}

const names = ['x', 'kernel', 'recurrentKernel', 'bias'] as const;
type Name = (typeof names)[number] | 'recurrentMask';

const cases: Case[] = [
  { batch: 2, frames: 5, features: 3, units: 4, reverse: false },
  { batch: 3, frames: 4, features: 2, units: 5, reverse: true }, // units no multiple of 4
  { batch: 1, frames: 1, features: 3, units: 2, reverse: false }, // one frame, one sequence
  { batch: 1, frames: 6, features: 1, units: 1, reverse: true },
];

await describeBackends(allBackends, 'lstmSequence', () => {
  for (const item of cases) {
    test(`outputs: definition, step by step in float64; gradients: differences of it, ${JSON.stringify(item)}`, async () => {
      const values = draw(item);
      const dy = normals('dy', item.batch * item.frames * item.units);
      const expected = new Map<string, Float64Array>(names.map((name) => [name, differences(item, values, name, dy)]));

      const [y, ...gradients] = await expectNoLeak(async () => {
        const inputs = tensors(item, values);
        const run = (...list: tf.Tensor[]) =>
          lstmSequence(
            { ...inputs, ...Object.fromEntries(names.map((name, i) => [name, list[i]])) } as LstmInputs,
            item,
          );
        const list = names.map((name) => inputs[name]!);
        const dyTensor = tf.tensor(dy, [item.batch, item.frames, item.units]);
        const taken = await take(run(...list), ...tf.grads(run)(list, dyTensor));
        tf.dispose([inputs, dyTensor]);
        return taken;
      });

      expectClose(y!, naive(item, values), 1e-6);
      for (const [i, name] of names.entries()) expectClose(gradients[i]!, expected.get(name)!, 2e-6);
    });
  }

  test('leaves no tensor behind when it throws', async () => {
    await expectNoLeak(() => {
      const inputs = tensors(cases[0]!, draw(cases[0]!));
      const wrong = { ...inputs, kernel: tf.zeros<tf.Rank.R2>([7, 16]) };
      expect(() => lstmSequence(wrong, { reverse: false })).toThrow();
      tf.dispose([inputs, wrong.kernel]);
    });
  });
});

await describeBackends(['cpu'], 'the composed LSTM', () => {
  for (const item of cases) {
    test(`equals the host one, ${JSON.stringify(item)}`, async () => {
      await expectNoLeak(async () => {
        const inputs = tensors(item, draw(item));
        const dy = tf.tensor3d(normals('dy', item.batch * item.frames * item.units), [
          item.batch,
          item.frames,
          item.units,
        ]);
        const own = tf.tidy(() => {
          const sequence: LstmSequence = composedSequence(inputs, item);
          const gradients = composedGradient(dy, inputs, sequence, item);
          return [sequence[0], gradients.x, gradients.kernel, gradients.recurrentKernel, gradients.bias];
        });
        const run = (x: tf.Tensor, kernel: tf.Tensor, recurrentKernel: tf.Tensor, bias: tf.Tensor) =>
          lstmSequence({ ...inputs, x, kernel, recurrentKernel, bias } as LstmInputs, item);
        const list = names.map((name) => inputs[name]!);
        const host = await take(lstmSequence(inputs, item), ...tf.grads(run as never)(list, dy));
        for (const [i, values] of (await take(...own)).entries()) expectClose(values, host[i]!, 1e-6);
        tf.dispose([inputs, dy]);
      });
    });
  }
});

type Values = Record<Name, Float32Array>;

function shapes({ batch, frames, features, units }: Case): Record<Name, number[]> {
  return {
    x: [batch, frames, features],
    kernel: [features, 4 * units],
    recurrentKernel: [units, 4 * units],
    bias: [4 * units],
    recurrentMask: [batch, units],
  };
}

function draw(item: Case): Values {
  const entries = Object.entries(shapes(item)).map(([name, shape]) => {
    const values = normals(name, tf.util.sizeFromShape(shape));
    return [name, name === 'recurrentMask' ? values.map((value) => (value < -0.5 ? 0 : 2)) : values];
  });
  return Object.fromEntries(entries) as Values;
}

function tensors(item: Case, values: Values): LstmInputs {
  const entries = Object.entries(shapes(item)).map(([name, shape]) => [name, tf.tensor(values[name as Name], shape)]);
  return Object.fromEntries(entries) as LstmInputs;
}

/** h of every frame, as in Hochreiter & Schmidhuber with forget gates: recognition.md's equations, gate by gate. */
function naive(
  { batch, frames, features, units, reverse }: Case,
  values: Record<Name, ArrayLike<number>>,
): Float64Array {
  const { x, kernel, recurrentKernel, bias, recurrentMask } = values;
  const y = new Float64Array(batch * frames * units);
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  for (let b = 0; b < batch; b++) {
    let h = new Float64Array(units);
    const c = new Float64Array(units);
    for (let step = 0; step < frames; step++) {
      const t = reverse ? frames - 1 - step : step;
      const gate = (column: number) => {
        let z = bias[column]!;
        for (let d = 0; d < features; d++) z += x[(b * frames + t) * features + d]! * kernel[d * 4 * units + column]!;
        for (let v = 0; v < units; v++)
          z += h[v]! * recurrentMask[b * units + v]! * recurrentKernel[v * 4 * units + column]!;
        return z;
      };
      const next = new Float64Array(units);
      for (let u = 0; u < units; u++) {
        const [i, f, o] = [sigmoid(gate(u)), sigmoid(gate(units + u)), sigmoid(gate(3 * units + u))];
        c[u] = f * c[u]! + i * Math.tanh(gate(2 * units + u));
        next[u] = o * Math.tanh(c[u]!);
        y[(b * frames + t) * units + u] = next[u]!;
      }
      h = next;
    }
  }
  return y;
}

/** The gradient of Σ dy ⊙ y by one input, by central differences of the definition. */
function differences(item: Case, values: Values, name: Name, dy: Float32Array): Float64Array {
  const gradient = new Float64Array(values[name].length);
  const moved = { ...values, [name]: Float64Array.from(values[name]) } as Record<Name, Float32Array>;
  const loss = () => naive(item, moved).reduce((sum, value, i) => sum + value * dy[i]!, 0);
  const h = 1e-5;
  for (let i = 0; i < gradient.length; i++) {
    const value = values[name][i]!;
    moved[name][i] = value + h;
    const above = loss();
    moved[name][i] = value - h;
    gradient[i] = (above - loss()) / (2 * h);
    moved[name][i] = value;
  }
  return gradient;
}
