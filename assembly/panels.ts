// matrix → panels of eight columns, the layout in which a second factor is read

import { PANEL } from './tile';

/** Bytes of the panels of a matrix. */
export function panelBytes(rows: usize, columns: usize): usize {
  return (rows * ((columns + PANEL - 1) / PANEL)) << 5;
}

/** The next multiple of `step`. */
export function roundUp(value: usize, step: usize): usize {
  return ((value + step - 1) / step) * step;
}

/**
 * Lays out a matrix whose element (row, column) is at `from + row · rowStep + column · columnStep` bytes.
 *
 * @param to `panelBytes(rows, columns)` bytes
 */
export function layOutPanels(
  from: usize,
  rowStep: usize,
  columnStep: usize,
  rows: usize,
  columns: usize,
  to: usize,
): void {
  for (let column: usize = 0; column < columns; column += PANEL) {
    const width = min(PANEL, columns - column);
    let source = from + column * columnStep;
    if (width === PANEL && columnStep === 4) {
      for (let row: usize = 0; row < rows; row++, source += rowStep, to += 32) {
        v128.store(to, v128.load(source));
        v128.store(to, v128.load(source, 16), 16);
      }
      continue;
    }
    for (let row: usize = 0; row < rows; row++, source += rowStep, to += 32) {
      let i: usize = 0;
      for (; i < width; i++) store<f32>(to + (i << 2), load<f32>(source + i * columnStep));
      for (; i < PANEL; i++) store<f32>(to + (i << 2), 0);
    }
  }
}
