// sequence → an LSTM's output at every frame, and back
//
// Gates lie as [batch, frames, 4 · units] in Keras' order: input, forget, candidate, output. What a frame computes and what it
// takes from the one before are rows of the same arrays, so nothing is transposed or copied.

import { add, frameAt, isPadding, rowBefore, scale } from './frames';
import { multiplyPanels } from './multiply';
import { layOutPanels, panelBytes } from './panels';
import { BAND, SPARE } from './tile';
import { loadSome, sigmoid, storeSome, tanh } from './vectors';

/** Bytes of scratch that {@link lstmForward} and {@link lstmBackward} need. */
export function lstmScratch(batch: usize, units: usize): usize {
  const panels = max(panelBytes(units, 4 * units), panelBytes(4 * units, units));
  return SPARE + panels + ((6 * batch * units) << 2);
}

/**
 * Runs over a sequence.
 *
 * @param gates [batch, frames, 4 · units]: x·kernel on entry, the gates on return
 * @param recurrentKernel [units, 4 · units]
 * @param bias [4 · units]
 * @param recurrentMask [batch, units]
 * @param frameMask [batch, frames], 0 where state and cell are carried over
 * @param initialState [batch, units]
 * @param initialCell [batch, units]
 * @param cells [batch, frames, units], written
 * @param y [batch, frames, units], written
 * @param lastCell [batch, units], written
 * @param scratch `lstmScratch` bytes
 */
export function lstmForward(
  batch: usize,
  frames: usize,
  units: usize,
  reverse: bool,
  gates: usize,
  recurrentKernel: usize,
  bias: usize,
  recurrentMask: usize,
  frameMask: usize,
  initialState: usize,
  initialCell: usize,
  cells: usize,
  y: usize,
  lastCell: usize,
  scratch: usize,
): void {
  const row = units << 2;
  const panels = scratch + SPARE;
  const state = panels + panelBytes(units, 4 * units);
  const recurrent = state + batch * row;
  layOutPanels(recurrentKernel, 4 * row, 4, units, 4 * units, panels);
  for (let step: usize = 0; step < frames; step++) {
    const t = frameAt(step, frames, reverse);
    for (let b: usize = 0; b < batch; b++) {
      const h = rowBefore(step, frames, reverse, b, initialState, y, row);
      scale(h, recurrentMask + b * row, state + b * row, units);
    }
    multiplyPanels(batch, 4 * units, units, state, units, panels, recurrent, 4 * units, false, scratch);
    for (let b: usize = 0; b < batch; b++) {
      const frame = b * frames + t;
      const h = rowBefore(step, frames, reverse, b, initialState, y, row);
      const c = rowBefore(step, frames, reverse, b, initialCell, cells, row);
      if (isPadding(frameMask, frame)) {
        memory.copy(y + frame * row, h, row);
        memory.copy(cells + frame * row, c, row);
        continue;
      }
      forwardRow(
        gates + 4 * frame * row,
        recurrent + 4 * b * row,
        bias,
        c,
        cells + frame * row,
        y + frame * row,
        units,
      );
    }
  }
  for (let b: usize = 0; b < batch; b++) {
    memory.copy(lastCell + b * row, rowBefore(frames, frames, reverse, b, initialCell, cells, row), row);
  }
}

/** One frame of one sequence. */
function forwardRow(
  gates: usize,
  recurrent: usize,
  bias: usize,
  before: usize,
  cells: usize,
  y: usize,
  units: usize,
): void {
  const row = units << 2;
  for (let u: usize = 0; u < units; u += BAND) {
    const count = units - u;
    const at = u << 2;
    const i = sigmoid(sum(gates, recurrent, bias, at, count));
    const f = sigmoid(sum(gates, recurrent, bias, row + at, count));
    const g = tanh(sum(gates, recurrent, bias, 2 * row + at, count));
    const o = sigmoid(sum(gates, recurrent, bias, 3 * row + at, count));
    const c = f32x4.add(f32x4.mul(f, loadSome(before + at, count)), f32x4.mul(i, g));
    storeSome(gates + at, i, count);
    storeSome(gates + row + at, f, count);
    storeSome(gates + 2 * row + at, g, count);
    storeSome(gates + 3 * row + at, o, count);
    storeSome(cells + at, c, count);
    storeSome(y + at, f32x4.mul(o, tanh(c)), count);
  }
}

function sum(projected: usize, recurrent: usize, bias: usize, at: usize, count: usize): v128 {
  const products = f32x4.add(loadSome(projected + at, count), loadSome(recurrent + at, count));
  return f32x4.add(products, loadSome(bias + at, count));
}

/**
 * Backpropagation through time, as far as the frames depend on each other.
 *
 * @param dy [batch, frames, units]
 * @param dLastCell [batch, units]
 * @param gates as {@link lstmForward} wrote them
 * @param dz [batch, frames, 4 · units], written: the gradient before the gates' nonlinearities
 * @param states [batch, frames, units], written: what the recurrent kernel was multiplied by
 * @param dState [batch, units], written: the gradient of the initial state
 * @param dCell [batch, units], written: the gradient of the initial cell
 */
export function lstmBackward(
  batch: usize,
  frames: usize,
  units: usize,
  reverse: bool,
  dy: usize,
  dLastCell: usize,
  gates: usize,
  recurrentKernel: usize,
  recurrentMask: usize,
  frameMask: usize,
  initialState: usize,
  initialCell: usize,
  cells: usize,
  y: usize,
  dz: usize,
  states: usize,
  dState: usize,
  dCell: usize,
  scratch: usize,
): void {
  const row = units << 2;
  const panels = scratch + SPARE;
  const recurrent = panels + panelBytes(4 * units, units);
  layOutPanels(recurrentKernel, 4, 4 * row, 4 * units, units, panels); // transposed
  memory.copy(dCell, dLastCell, batch * row);
  memory.fill(dState, 0, batch * row);
  for (let step = frames; step-- > 0; ) {
    const t = frameAt(step, frames, reverse);
    for (let b: usize = 0; b < batch; b++) {
      const frame = b * frames + t;
      add(dy + frame * row, dState + b * row, units);
      if (isPadding(frameMask, frame)) {
        memory.fill(dz + 4 * frame * row, 0, 4 * row);
        memory.fill(states + frame * row, 0, row);
        continue;
      }
      const h = rowBefore(step, frames, reverse, b, initialState, y, row);
      const c = rowBefore(step, frames, reverse, b, initialCell, cells, row);
      scale(h, recurrentMask + b * row, states + frame * row, units);
      backwardRow(
        gates + 4 * frame * row,
        c,
        cells + frame * row,
        dState + b * row,
        dCell + b * row,
        dz + 4 * frame * row,
        units,
      );
    }
    multiplyPanels(
      batch,
      units,
      4 * units,
      dz + 4 * t * row,
      4 * units * frames,
      panels,
      recurrent,
      units,
      false,
      scratch,
    );
    for (let b: usize = 0; b < batch; b++) {
      if (isPadding(frameMask, b * frames + t)) continue; // what came in goes on
      scale(recurrent + b * row, recurrentMask + b * row, dState + b * row, units);
    }
  }
}

/** One frame of one sequence. */
function backwardRow(
  gates: usize,
  before: usize,
  cells: usize,
  dState: usize,
  dCell: usize,
  dz: usize,
  units: usize,
): void {
  const row = units << 2;
  const one = f32x4.splat(1);
  for (let u: usize = 0; u < units; u += BAND) {
    const count = units - u;
    const at = u << 2;
    const i = loadSome(gates + at, count);
    const f = loadSome(gates + row + at, count);
    const g = loadSome(gates + 2 * row + at, count);
    const o = loadSome(gates + 3 * row + at, count);
    const saturated = tanh(loadSome(cells + at, count));
    const dh = loadSome(dState + at, count);
    const slope = f32x4.sub(one, f32x4.mul(saturated, saturated));
    const dc = f32x4.add(loadSome(dCell + at, count), f32x4.mul(f32x4.mul(dh, o), slope));
    storeSome(dCell + at, f32x4.mul(dc, f), count);
    storeSome(dz + at, f32x4.mul(f32x4.mul(dc, g), f32x4.mul(i, f32x4.sub(one, i))), count);
    const dForget = f32x4.mul(dc, loadSome(before + at, count));
    storeSome(dz + row + at, f32x4.mul(dForget, f32x4.mul(f, f32x4.sub(one, f))), count);
    storeSome(dz + 2 * row + at, f32x4.mul(f32x4.mul(dc, i), f32x4.sub(one, f32x4.mul(g, g))), count);
    storeSome(dz + 3 * row + at, f32x4.mul(f32x4.mul(dh, saturated), f32x4.mul(o, f32x4.sub(one, o))), count);
  }
}
