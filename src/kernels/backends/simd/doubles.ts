// tiles of float64 → their product, in a WebAssembly memory of its own: the arithmetic of the backend `cpu`
//
// JavaScript's loops have no vectors and check every index: this takes a fifth of their time.

import { instantiate, newMemory } from '../../../core/instantiate.ts';
import bytes from './plain.wasm.ts';

/** Multiplies tiles in float64. */
export interface TileMultiplier {
  /**
   * @param writeRows writes the tiles of the first factor, four rows each, to where it is told
   * @param factor the tiles of the second factor, four columns each; not changed after they were given once
   * @param steps rows of the second factor
   * @param product [rows, columns], rows written from `start` on
   */
  multiply(
    writeRows: (tiles: Float64Array) => void,
    factor: Float64Array,
    steps: number,
    rows: number,
    columns: number,
    product: Float32Array,
    start: number,
  ): void;
}

/** The multiplier; undefined where the engine has no SIMD, or a content security policy allows no WebAssembly. */
export function tileMultiplier(): TileMultiplier | undefined {
  if (multiplier === undefined) multiplier = open() ?? null;
  return multiplier ?? undefined;
}

let multiplier: TileMultiplier | null | undefined;

const PAGE = 65536;

function open(): TileMultiplier | undefined {
  const memory = newMemory();
  if (!memory) return undefined;
  const run = instantiate<{ multiplyTiles(...parameters: number[]): void }>(bytes, memory);
  if (!run) return undefined;
  let inMemory: Float64Array | undefined; // the factor that was copied last: a recurrent layer multiplies by one again and again
  return {
    multiply(writeRows, factor, steps, rows, columns, product, start) {
      const rowTiles = 4 * steps * Math.ceil(rows / 4);
      const rowsAt = 8 * factor.length;
      const productAt = rowsAt + 8 * rowTiles;
      const missing = productAt + 4 * rows * columns - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      if (inMemory !== factor) new Float64Array(memory.buffer, 0, factor.length).set(factor);
      inMemory = factor;
      writeRows(new Float64Array(memory.buffer, rowsAt, rowTiles));
      run.multiplyTiles(rowsAt, 0, steps, productAt, rows, columns);
      product.set(new Float32Array(memory.buffer, productAt, rows * columns), start);
    },
  };
}
