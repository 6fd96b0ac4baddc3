// a recurrent cell's definition → tests of its operation: outputs, all gradients, no leak, on every backend

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the stock gradients
import { expect, test } from 'vitest';
import { expectClose, normals, take } from '../../support/arrays.ts';
import { expectNoLeak } from '../../support/backends.ts';

/** Sizes of a test, and what is special about it. */
export interface Case {
  batch: number;
  frames: number;
  features: number;
  units: number;
  reverse: boolean;
  /** Whether some frames are padding: at the end, at the start, between, and a whole sequence where there are four. */
  padded?: boolean;
}

/** The cases that every cell is tested with. */
export const cases: Case[] = [
  { batch: 2, frames: 5, features: 3, units: 4, reverse: false },
  { batch: 3, frames: 4, features: 2, units: 5, reverse: true }, // units no multiple of 4
  { batch: 1, frames: 1, features: 3, units: 2, reverse: false }, // one frame, one sequence
  { batch: 1, frames: 6, features: 1, units: 1, reverse: true },
  { batch: 5, frames: 6, features: 2, units: 6, reverse: false, padded: true },
  { batch: 4, frames: 5, features: 3, units: 3, reverse: true, padded: true },
];

/** Numbers by the name of the input that they are for, row-major. */
export type Values = Record<string, ArrayLike<number>>;

/** What inputs a cell has. */
export interface CellShapes {
  /** Columns of the kernel for each unit. */
  gates: number;
  /** Shapes of the inputs that not every cell has, or has otherwise. */
  ownInputs?: (item: Case) => Record<string, number[]>;
  /** Inputs of most cells that this one has not. */
  lacks?: readonly string[];
  /** Inputs that the previous output is multiplied by, beside those that are called recurrent. */
  recurrentInputs?: readonly string[];
}

/** A cell as its operation and, beside it, as its definition. */
export interface CellTest extends CellShapes {
  /** The operation; all of its outputs are differentiable. */
  run(inputs: never, item: Case): tf.Tensor[];
  /**
   * One frame of one sequence, in float64. `sum(column)` is x·kernel + bias, `recurrent(column, state)` (state ⊙
   * mask)·recurrentKernel; states are [h] or [h, c] before the frame, and after it what is returned.
   */
  frame(frame: NaiveFrame, values: Values, units: number): Float64Array<ArrayBuffer>[];
}

/** What a definition sees of a frame. */
interface NaiveFrame {
  sum(column: number): number;
  recurrent(column: number, state: Float64Array): number;
  states: Float64Array<ArrayBuffer>[];
  /** Which sequence, and which frame among those of all. */
  b: number;
  row: number;
}

/** Names of the inputs that have no gradient. */
const constants = ['recurrentMask', 'frameMask', 'updateMask'];

/** Registers the tests of a cell, within a `describe` for a backend. */
export function testCell(cell: CellTest, without: readonly string[] = []): void {
  for (const item of cases) {
    test(`outputs: definition, frame by frame in float64; gradients: differences of it, ${JSON.stringify(item)}`, async () => {
      const values = draw(cell, item);
      const names = Object.keys(values).filter((name) => !constants.includes(name) && !without.includes(name));
      const expected = naive(cell, item, values);
      const dys = expected.map((output, i) => normals(`dy ${i}`, output.length));
      const slopes = names.map((name) => differences(cell, item, values, name, dys));

      const [outputs, gradients] = await expectNoLeak(() => outputsAndGradients(cell, item, values, names, dys));
      for (const [i, output] of expected.entries()) expectClose(outputs[i]!, output, 1e-6);
      for (const [i, slope] of slopes.entries()) expectClose(gradients[i]!, slope, 2e-6);
    });
  }

  test('the gradient of one output alone, of one input alone', async () => {
    const item = cases[0]!;
    const values = draw(cell, item);
    const sizes = naive(cell, item, values).map(({ length }) => length);
    for (const [i] of sizes.entries()) {
      const dys = sizes.map((size, j) => (i === j ? normals('dy', size) : new Float32Array(size)));
      const run = () => outputsAndGradients(cell, item, values, ['kernel'], dys, i);
      const [, [gradient]] = await expectNoLeak(run);
      expectClose(gradient!, differences(cell, item, values, 'kernel', dys), 2e-6);
    }
  });

  test('leaves no tensor behind when it throws', async () => {
    await expectNoLeak(() => {
      const item = cases[0]!;
      const inputs = tensors(cell, item, draw(cell, item));
      const wrong = { ...inputs, kernel: tf.zeros([7, cell.gates * item.units]) };
      expect(() => cell.run(wrong as never, item)).toThrow();
      tf.dispose([inputs, wrong.kernel]);
    });
  });
}

/** Runs the operation, and its gradients by the named inputs of Σ dy ⊙ output, over all outputs or the one of index `only`. */
async function outputsAndGradients(
  cell: CellTest,
  item: Case,
  values: Values,
  names: string[],
  dys: Float32Array[],
  only?: number,
): Promise<[outputs: Float32Array[], gradients: Float32Array[]]> {
  const inputs = tensors(cell, item, values);
  const run = (...list: tf.Tensor[]) =>
    cell.run({ ...inputs, ...Object.fromEntries(list.map((tensor, i) => [names[i], tensor])) } as never, item);
  const loss = (...list: tf.Tensor[]) =>
    tf.tidy(() => {
      const products = run(...list).map((output, i) => tf.sum(tf.mul(output, tf.tensor(dys[i]!, output.shape))));
      return only === undefined ? tf.addN(products) : products[only]!;
    });
  const list = names.map((name) => inputs[name]!);
  leaveNaN(item);
  const outputs = await take(...run(...list));
  const gradients = await take(...tf.grads(loss)(list));
  tf.dispose(inputs);
  return [outputs, gradients];
}

/** Frees memory full of NaN, which tensors of an operation's own are likely to get: then what it fails to write shows. */
function leaveNaN({ batch, frames, units }: Case): void {
  const sizes = [1, 2, 3, 4].map((columns) => columns * batch * frames * units);
  tf.dispose([...sizes, ...sizes, ...sizes].map((size) => tf.fill([size], Number.NaN)));
}

function shapes(cell: CellShapes, item: Case): Record<string, number[]> {
  const { batch, frames, features, units } = item;
  const all = {
    x: [batch, frames, features],
    kernel: [features, cell.gates * units],
    recurrentKernel: [units, cell.gates * units],
    bias: [cell.gates * units],
    recurrentMask: [batch, units],
    frameMask: [batch, frames],
    initialState: [batch, units],
    ...cell.ownInputs?.(item),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !cell.lacks?.includes(name)));
}

/** Normal values; of the masks, some are 0. Recurrent weights are smaller, as larger ones amplify what float32 rounds away. */
export function draw(cell: CellShapes, item: Case): Values {
  const entries = Object.entries(shapes(cell, item)).map(([name, shape]) => {
    const values = normals(name, tf.util.sizeFromShape(shape));
    if (name === 'frameMask') return [name, drawFrameMask(item)];
    if (name === 'recurrentMask' || name === 'updateMask') return [name, values.map((value) => (value < -0.5 ? 0 : 2))];
    const isRecurrent = name.startsWith('recurrent') || cell.recurrentInputs?.includes(name);
    return [name, isRecurrent ? values.map((value) => value / 4) : values];
  });
  return Object.fromEntries(entries);
}

function drawFrameMask({ batch, frames, padded }: Case): Float32Array {
  const counts = [(t: number) => t < frames - 2, (t: number) => t > 0, (t: number) => t !== 2, () => false, () => true];
  return Float32Array.from({ length: batch * frames }, (_, i) =>
    !padded || counts[Math.floor(i / frames)]!(i % frames) ? 1 : 0,
  );
}

/** The inputs as tensors on the active backend. */
export function tensors(cell: CellShapes, item: Case, values: Values): Record<string, tf.Tensor> {
  const entries = Object.entries(shapes(cell, item));
  return Object.fromEntries(entries.map(([name, shape]) => [name, tf.tensor(Float32Array.from(values[name]!), shape)]));
}

/** The definition over sequences: y of every frame, then the other states after the frame read last. */
function naive(cell: CellTest, item: Case, values: Values): Float64Array[] {
  const { batch, frames, features, units, reverse } = item;
  const { x, kernel, recurrentKernel, bias, recurrentMask, frameMask } = values as Required<Values>;
  const columns = cell.gates * units;
  const initial = ['initialState', 'initialCell'].flatMap((name) => (values[name] ? [values[name]] : []));
  const outputs = initial.map((_, i) => new Float64Array(batch * units * (i === 0 ? frames : 1)));
  for (let b = 0; b < batch; b++) {
    let states = initial.map((state) => Float64Array.from({ length: units }, (_, u) => state[b * units + u]!));
    for (let step = 0; step < frames; step++) {
      const t = reverse ? frames - 1 - step : step;
      const sum = (column: number) => {
        let z = bias![column]!;
        for (let d = 0; d < features; d++) z += x![(b * frames + t) * features + d]! * kernel![d * columns + column]!;
        return z;
      };
      const recurrent = (column: number, state: Float64Array) => {
        let z = 0;
        for (let v = 0; v < units; v++)
          z += state[v]! * recurrentMask![b * units + v]! * recurrentKernel![v * columns + column]!;
        return z;
      };
      if (frameMask![b * frames + t])
        states = cell.frame({ sum, recurrent, states, b, row: b * frames + t }, values, units);
      outputs[0]!.set(states[0]!, (b * frames + t) * units);
    }
    for (const [i, state] of states.entries()) if (i > 0) outputs[i]!.set(state, b * units);
  }
  return outputs;
}

/** The gradient of Σ dy ⊙ output by one input, by central differences of the definition. */
function differences(cell: CellTest, item: Case, values: Values, name: string, dys: Float32Array[]): Float64Array {
  const moved = Float64Array.from(values[name]!);
  const loss = () => {
    const outputs = naive(cell, item, { ...values, [name]: moved });
    return outputs.reduce((total, output, i) => total + output.reduce((sum, v, j) => sum + v * dys[i]![j]!, 0), 0);
  };
  const h = 1e-5;
  return moved.map((value, i) => {
    moved[i] = value + h;
    const above = loss();
    moved[i] = value - h;
    const slope = (above - loss()) / (2 * h);
    moved[i] = value;
    return slope;
  });
}

/** An LSTM's states after a frame, where `z` are its gates before their activations. */
export function lstmStates(
  z: (column: number) => number,
  cells: Float64Array,
  units: number,
  kept: (u: number) => number = () => 1,
): Float64Array<ArrayBuffer>[] {
  const [h, c] = [new Float64Array(units), new Float64Array(units)];
  for (let u = 0; u < units; u++) {
    c[u] = sigmoid(z(units + u)) * cells[u]! + sigmoid(z(u)) * Math.tanh(z(2 * units + u)) * kept(u);
    h[u] = sigmoid(z(3 * units + u)) * Math.tanh(c[u]!);
  }
  return [h, c];
}

/** Activations of the state of cells without gates. */
export const activations = { tanh: Math.tanh, relu: (z: number) => Math.max(0, z) };

/** The logistic function. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
