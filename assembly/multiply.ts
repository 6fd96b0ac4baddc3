// matrix × matrix → matrix

import { layOutPanels, panelBytes } from './panels';
import { BAND, PANEL, SPARE, writeBand, writeTile } from './tile';

/** Rows of the second factor that are multiplied at a time: a panel of them stays in the first-level cache. */
const DEPTH: usize = 256;
/** Columns of the second factor that are laid out at a time: their panels stay in the second-level cache. */
const COLUMNS: usize = 256;
/** Rows of the first factor that a panel is multiplied by before the next one is fetched. */
const ROWS: usize = 64;

/** Bytes of scratch that {@link multiply} needs, whatever it multiplies. */
export function multiplyScratch(): usize {
  return SPARE + panelBytes(DEPTH, COLUMNS) + ((ROWS * DEPTH) << 2);
}

/**
 * C = A·B, or C += A·B.
 *
 * @param m rows of A and C
 * @param n columns of B and C
 * @param k columns of A, rows of B
 * @param aTransposed whether A lies in memory as [k, m], else as [m, k]
 * @param bTransposed whether B lies in memory as [n, k], else as [k, n]
 * @param c [m, n]
 * @param scratch `multiplyScratch()` bytes
 */
export function multiply(
  m: usize,
  n: usize,
  k: usize,
  a: usize,
  aTransposed: bool,
  b: usize,
  bTransposed: bool,
  c: usize,
  accumulate: bool,
  scratch: usize,
): void {
  const panels = scratch + SPARE;
  const bands = panels + panelBytes(DEPTH, COLUMNS);
  const rowStep: usize = bTransposed ? 4 : n << 2;
  const columnStep: usize = bTransposed ? k << 2 : 4;
  for (let column: usize = 0; column < n; column += COLUMNS) {
    const width = min(COLUMNS, n - column);
    for (let depth: usize = 0; depth < k; depth += DEPTH) {
      const length = min(DEPTH, k - depth);
      const add = accumulate || depth > 0;
      layOutPanels(b + depth * rowStep + column * columnStep, rowStep, columnStep, length, width, panels);
      for (let row: usize = 0; row < m; row += ROWS) {
        const height = min(ROWS, m - row);
        const to = c + ((row * n + column) << 2);
        if (aTransposed) {
          layOutBands(a + ((depth * m + row) << 2), m, height, length, bands);
          multiplyBands(height, width, length, bands, panels, to, n, add, scratch);
        } else {
          multiplyPanels(height, width, length, a + ((row * k + depth) << 2), k, panels, to, n, add, scratch);
        }
      }
    }
  }
}

/**
 * C = A·B or C += A·B with B already in panels.
 *
 * @param aStride floats from row to row of A
 * @param cStride floats from row to row of C
 * @param spare `SPARE` bytes
 */
export function multiplyPanels(
  m: usize,
  n: usize,
  k: usize,
  a: usize,
  aStride: usize,
  panels: usize,
  c: usize,
  cStride: usize,
  accumulate: bool,
  spare: usize,
): void {
  const aBytes = aStride << 2;
  const cBytes = cStride << 2;
  for (let column: usize = 0; column < n; column += PANEL, panels += k << 5) {
    const columns = min(PANEL, n - column);
    for (let row: usize = 0; row < m; row += BAND) {
      const rows = min(BAND, m - row);
      const a0 = a + row * aBytes;
      const a1 = rows > 1 ? a0 + aBytes : a0;
      const a2 = rows > 2 ? a1 + aBytes : a0;
      const a3 = rows > 3 ? a2 + aBytes : a0;
      const to = c + row * cBytes + (column << 2);
      writeTile(a0, a1, a2, a3, 1, k, 0, panels, to, cBytes, rows, columns, accumulate, spare);
    }
  }
}

/** Lays out [k, m] as bands of four rows of its transpose, the four values of a step side by side. */
function layOutBands(from: usize, stride: usize, m: usize, k: usize, to: usize): void {
  const bytes = stride << 2;
  for (let row: usize = 0; row < m; row += BAND) {
    const rows = min(BAND, m - row);
    let source = from + (row << 2);
    for (let step: usize = 0; step < k; step++, source += bytes, to += 16) {
      if (rows === BAND) v128.store(to, v128.load(source));
      else for (let i: usize = 0; i < rows; i++) store<f32>(to + (i << 2), load<f32>(source + (i << 2)));
    }
  }
}

/** As {@link multiplyPanels}, with A as {@link layOutBands} lays it out. */
function multiplyBands(
  m: usize,
  n: usize,
  k: usize,
  bands: usize,
  panels: usize,
  c: usize,
  cStride: usize,
  accumulate: bool,
  spare: usize,
): void {
  const cBytes = cStride << 2;
  for (let column: usize = 0; column < n; column += PANEL, panels += k << 5) {
    const columns = min(PANEL, n - column);
    for (let row: usize = 0; row < m; row += BAND) {
      const rows = min(BAND, m - row);
      const to = c + row * cBytes + (column << 2);
      writeBand(bands + ((row * k) << 2), 16, 0, panels, 32, 1, k, to, cBytes, rows, columns, accumulate, spare);
    }
  }
}
