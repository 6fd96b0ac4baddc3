// what a recurrent cell does with one unit of one frame, in WGSL → all frames of all sequences, in one dispatch
//
// A sequence depends on no other, so each is one workgroup, which goes through the frames by itself: its invocations share
// the units among them and meet at barriers within a frame. What one unit needs of all others goes through workgroup memory
// (`vector`, the factor of a product with a matrix); what a unit carries from frame to frame stays with its invocation.

import * as tf from '@tensorflow/tfjs-core';
import { MOST_INVOCATIONS, runProgram } from '../../tfjs/webgpuProgram.ts';

/** A pass over the frames of sequences. */
export interface Recurrence {
  /** In the order of reading, or against it for a gradient. */
  readonly pass: 'forward' | 'backward';
  /** Whether the last frame is read first. */
  readonly reverse: boolean;
  /** By their names in the code; `frameMask` must be among them. */
  readonly inputs: Readonly<Record<string, tf.Tensor>> & { readonly frameMask: tf.Tensor2D };
  /** What is [batch, units], together one input more: `initialState` is `initialState(own)` in the code. */
  readonly ofSequence: Readonly<Record<string, tf.Tensor2D>>;
  readonly units: number;
  readonly outputShape: readonly number[];
  /** Names of what every unit carries from frame to frame: `h` is `h[slot]` in the code. */
  readonly carried: readonly string[];
  /** Functions, which may call those of the products. */
  readonly functions?: string | undefined;
  /** For every unit `u`, of UNITS, before the frames. `own` is its index in what is [batch, units]. */
  readonly start: string;
  /**
   * What is done in a frame, in turn: code for every unit, or a product. Code sees besides `row` (of the frame among those of
   * all sequences), `at` and `previous` (indices, in what is [batch, frames, units] and has `section` numbers, of the unit in
   * this frame and in the one that is read before it), `isFirst` (there is none before) and `counts` (no padding).
   */
  readonly frame: readonly (string | Product)[];
  /** For every unit, after the frames. */
  readonly end?: string | undefined;
}

/** vector·matrix, for a block of a matrix. */
interface Product {
  /** The function that gives the product's column of that index. */
  readonly name: string;
  /** The input that is the matrix. */
  readonly matrix: string;
  /** Columns of the whole matrix. */
  readonly rowLength: number;
  /** Rows of the block: so many elements of `vector` are read. */
  readonly rows: number;
  /** Columns of the block. */
  readonly columns: number;
  /** First row of the block. @default 0 */
  readonly firstRow?: number | undefined;
  /** First column of the block. @default 0 */
  readonly firstColumn?: number | undefined;
}

/** Rows of a product that are worth an invocation of their own. */
const LEAST_ROWS = 16;

/** Runs the pass. */
export function runRecurrence<Rank extends tf.Rank>(recurrence: Recurrence): tf.Tensor<Rank> {
  const { inputs, ofSequence, outputShape, units, frame } = recurrence;
  const products = frame.filter((phase) => typeof phase !== 'string');
  const wanted = Math.max(units, ...products.map(({ rows, columns }) => Math.ceil(rows / LEAST_ROWS) * columns));
  const workgroupSize = Math.min(MOST_INVOCATIONS, 32 * Math.ceil(wanted / 32));
  const code = codeOf(recurrence, products, workgroupSize);
  const workgroups = inputs.frameMask.shape[0];
  return tf.tidy(() => {
    const all = { ...inputs, ofSequence: tf.stack(Object.values(ofSequence)) };
    return runProgram<Rank>({ inputs: all, outputShape, workgroups, workgroupSize, code });
  });
}

function codeOf(recurrence: Recurrence, products: readonly Product[], size: number): string {
  const { pass, reverse, units, ofSequence, carried, functions = '', start, frame, end = '' } = recurrence;
  const slots = Math.ceil(units / size);
  const vector = Math.max(units, ...products.map(({ rows }) => rows));
  const room = Math.max(1, ...products.map((product) => product.columns * parts(product, size)));
  const forEachUnit = (code: string) => `
    for (var slot = 0; slot < ${slots}; slot++) {
      let u = slot * ${size} + thread;
      let own = b * UNITS + u;
      if (u < UNITS) { ${code} }
    }`;
  const inFrame = (code: string) =>
    forEachUnit(`let at = row * UNITS + u; let previous = at ${reverse ? '+' : '-'} UNITS; ${code}`);
  const phases = frame.map((phase) => (typeof phase === 'string' ? inFrame(phase) : multiply(phase, size)));
  return `
    const UNITS = ${units};
    var<workgroup> vector : array<f32, ${vector}>;
    var<workgroup> products : array<f32, ${room}>;
    ${carried.map((name) => `var<private> ${name} : array<f32, ${slots}>;`).join('\n')}

    fn sigmoid(z : f32) -> f32 { return 1.0 / (1.0 + exp(-z)); }
    // The built-in tanh may be off by 1e-5, and overflow.
    fn safeTanh(z : f32) -> f32 {
      let e = exp(-2.0 * abs(z));
      return sign(z) * (1.0 - e) / (1.0 + e);
    }
    ${Object.keys(ofSequence).map(readerOf).join('\n')}
    ${products.map((product) => columnOf(product, size)).join('\n')}
    ${functions}

    fn main(index : i32) {
      let b = i32(workgroupId.x);
      let thread = i32(localIndex);
      let batch = uniforms.frameMaskShape.x;
      let frames = uniforms.frameMaskShape.y;
      let rows = batch * frames;
      let section = rows * UNITS;
      ${forEachUnit(start)}
      for (var step = 0; step < frames; step++) {
        let read = ${pass === 'forward' ? 'step' : 'frames - 1 - step'};
        let row = b * frames + ${reverse ? 'frames - 1 - read' : 'read'};
        let isFirst = read == 0;
        let counts = f32(frameMask[row]) != 0.0;
        ${phases.join('\nworkgroupBarrier();\n')}
      }
      ${forEachUnit(end)}
    }`;
}

/** Into how many parts the rows are cut, so that a product with few columns has work for all invocations. */
function parts({ rows, columns }: Product, size: number): number {
  return Math.max(1, Math.min(rows, Math.floor(size / columns)));
}

/** Neighbouring invocations read neighbouring columns, and four rows at a time, as each has to be waited for. */
function multiply(product: Product, size: number): string {
  const { matrix, rowLength, rows, columns, firstRow = 0, firstColumn = 0 } = product;
  const count = parts(product, size);
  const height = Math.ceil(rows / count);
  return `
    for (var task = thread; task < ${count * columns}; task += ${size}) {
      let first = (task / ${columns}) * ${height};
      let end = min(first + ${height}, ${rows});
      var at = (${firstRow} + first) * ${rowLength} + ${firstColumn} + task % ${columns};
      var sum = 0.0;
      var k = first;
      for (; k + 3 < end; k += 4) {
        let four = vec4<f32>(${[0, 1, 2, 3].map((i) => `${matrix}[at + ${i * rowLength}]`).join(', ')});
        sum += dot(vec4<f32>(vector[k], vector[k + 1], vector[k + 2], vector[k + 3]), four);
        at += ${4 * rowLength};
      }
      for (; k < end; k++) {
        sum += vector[k] * ${matrix}[at];
        at += ${rowLength};
      }
      products[task] = sum;
    }`;
}

function readerOf(name: string, place: number): string {
  return `fn ${name}(own : i32) -> f32 { return ofSequence[${place} * uniforms.ofSequenceShape.y * UNITS + own]; }`;
}

function columnOf(product: Product, size: number): string {
  return `
    fn ${product.name}(column : i32) -> f32 {
      var sum = products[column];
      for (var part = 1; part < ${parts(product, size)}; part++) { sum += products[part * ${product.columns} + column]; }
      return sum;
    }`;
}
