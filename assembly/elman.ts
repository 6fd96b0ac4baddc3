// sequence → a fully recurrent network's output at every frame, and back

import { add, frameAt, isPadding, rowBefore, scale } from './frames';
import { multiplyPanels } from './multiply';
import { layOutPanels, panelBytes } from './panels';
import { BAND, SPARE } from './tile';
import { loadSome, storeSome, tanh } from './vectors';

/** Bytes of scratch that {@link elmanForward} and {@link elmanBackward} need. */
export function elmanScratch(batch: usize, units: usize): usize {
  return SPARE + panelBytes(units, units) + ((2 * batch * units) << 2);
}

/**
 * Runs over a sequence.
 *
 * @param rectify whether the activation is ReLU, else tanh
 * @param recurrentKernel [units, units]
 * @param bias [units]
 * @param recurrentMask [batch, units]
 * @param frameMask [batch, frames], 0 where the state is carried over
 * @param initialState [batch, units]
 * @param y [batch, frames, units]: x·kernel on entry, the outputs on return
 * @param scratch `elmanScratch` bytes
 */
export function elmanForward(
  batch: usize,
  frames: usize,
  units: usize,
  reverse: bool,
  rectify: bool,
  recurrentKernel: usize,
  bias: usize,
  recurrentMask: usize,
  frameMask: usize,
  initialState: usize,
  y: usize,
  scratch: usize,
): void {
  const row = units << 2;
  const panels = scratch + SPARE;
  const state = panels + panelBytes(units, units);
  const recurrent = state + batch * row;
  layOutPanels(recurrentKernel, row, 4, units, units, panels);
  for (let step: usize = 0; step < frames; step++) {
    const t = frameAt(step, frames, reverse);
    for (let b: usize = 0; b < batch; b++) {
      const h = rowBefore(step, frames, reverse, b, initialState, y, row);
      scale(h, recurrentMask + b * row, state + b * row, units);
    }
    multiplyPanels(batch, units, units, state, units, panels, recurrent, units, false, scratch);
    for (let b: usize = 0; b < batch; b++) {
      const frame = b * frames + t;
      if (isPadding(frameMask, frame)) {
        memory.copy(y + frame * row, rowBefore(step, frames, reverse, b, initialState, y, row), row);
        continue;
      }
      for (let u: usize = 0; u < units; u += BAND) {
        const count = units - u;
        const at = u << 2;
        const to = y + frame * row + at;
        const products = f32x4.add(loadSome(to, count), loadSome(recurrent + b * row + at, count));
        const z = f32x4.add(products, loadSome(bias + at, count));
        storeSome(to, rectify ? f32x4.max(z, f32x4.splat(0)) : tanh(z), count);
      }
    }
  }
}

/**
 * Backpropagation through time, as far as the frames depend on each other.
 *
 * @param dy [batch, frames, units]
 * @param y as {@link elmanForward} wrote it
 * @param dz [batch, frames, units], written: the gradient before the activation
 * @param states [batch, frames, units], written: what the recurrent kernel was multiplied by
 * @param dState [batch, units], written: the gradient of the initial state
 */
export function elmanBackward(
  batch: usize,
  frames: usize,
  units: usize,
  reverse: bool,
  rectify: bool,
  dy: usize,
  recurrentKernel: usize,
  recurrentMask: usize,
  frameMask: usize,
  initialState: usize,
  y: usize,
  dz: usize,
  states: usize,
  dState: usize,
  scratch: usize,
): void {
  const row = units << 2;
  const panels = scratch + SPARE;
  const recurrent = panels + panelBytes(units, units);
  layOutPanels(recurrentKernel, 4, row, units, units, panels); // transposed
  memory.fill(dState, 0, batch * row);
  for (let step = frames; step-- > 0; ) {
    const t = frameAt(step, frames, reverse);
    for (let b: usize = 0; b < batch; b++) {
      const frame = b * frames + t;
      add(dy + frame * row, dState + b * row, units);
      if (isPadding(frameMask, frame)) {
        memory.fill(dz + frame * row, 0, row);
        memory.fill(states + frame * row, 0, row);
        continue;
      }
      const h = rowBefore(step, frames, reverse, b, initialState, y, row);
      scale(h, recurrentMask + b * row, states + frame * row, units);
      for (let u: usize = 0; u < units; u += BAND) {
        const count = units - u;
        const at = u << 2;
        const dh = loadSome(dState + b * row + at, count);
        const value = loadSome(y + frame * row + at, count);
        const smooth = f32x4.mul(dh, f32x4.sub(f32x4.splat(1), f32x4.mul(value, value)));
        const passed = v128.and(dh, f32x4.gt(value, f32x4.splat(0)));
        storeSome(dz + frame * row + at, rectify ? passed : smooth, count);
      }
    }
    multiplyPanels(batch, units, units, dz + t * row, units * frames, panels, recurrent, units, false, scratch);
    for (let b: usize = 0; b < batch; b++) {
      if (isPadding(frameMask, b * frames + t)) continue; // what came in goes on
      scale(recurrent + b * row, recurrentMask + b * row, dState + b * row, units);
    }
  }
}
