// tiles of two factors in float64 → rows of their product in float32, for the backend `cpu`
//
// Each multiplication and addition is rounded by itself, also where the engine has them fused: what `cpu` computes is the same on
// every machine.

import { storeSome } from './vectors';

/**
 * Multiplies tiles of four rows by tiles of four columns.
 *
 * @param a for each tile of rows: for each step the values of its four rows
 * @param b for each tile of columns: for each step the values of its four columns
 * @param steps rows of the second factor
 * @param to [rows, columns], written
 */
export function multiplyTiles(a: usize, b: usize, steps: usize, to: usize, rows: usize, columns: usize): void {
  const tile = steps << 5;
  for (let column: usize = 0; column < columns; column += 4, b += tile) {
    let at = a;
    for (let row: usize = 0; row < rows; row += 4, at += tile) {
      let s00 = f64x2.splat(0);
      let s01 = s00;
      let s10 = s00;
      let s11 = s00;
      let s20 = s00;
      let s21 = s00;
      let s30 = s00;
      let s31 = s00;
      for (let step: usize = 0; step < tile; step += 32) {
        const b0 = v128.load(b + step);
        const b1 = v128.load(b + step, 16);
        let x = v128.load64_splat(at + step);
        s00 = f64x2.add(s00, f64x2.mul(x, b0));
        s01 = f64x2.add(s01, f64x2.mul(x, b1));
        x = v128.load64_splat(at + step, 8);
        s10 = f64x2.add(s10, f64x2.mul(x, b0));
        s11 = f64x2.add(s11, f64x2.mul(x, b1));
        x = v128.load64_splat(at + step, 16);
        s20 = f64x2.add(s20, f64x2.mul(x, b0));
        s21 = f64x2.add(s21, f64x2.mul(x, b1));
        x = v128.load64_splat(at + step, 24);
        s30 = f64x2.add(s30, f64x2.mul(x, b0));
        s31 = f64x2.add(s31, f64x2.mul(x, b1));
      }
      const corner = to + ((row * columns + column) << 2);
      const height = rows - row;
      const width = columns - column;
      storeRow(corner, s00, s01, width);
      if (height > 1) storeRow(corner + (columns << 2), s10, s11, width);
      if (height > 2) storeRow(corner + (columns << 3), s20, s21, width);
      if (height > 3) storeRow(corner + columns * 12, s30, s31, width);
    }
  }
}

/** Rounds up to four sums to float32. */
function storeRow(to: usize, left: v128, right: v128, count: usize): void {
  const low = f32x4.demote_f64x2_zero(left);
  const high = f32x4.demote_f64x2_zero(right);
  storeSome(to, v128.shuffle<i64>(low, high, 0, 2), count);
}
