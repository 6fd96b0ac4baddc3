// sequence → a GRU's output at every frame, and back
//
// Gates lie as [batch, frames, 3 · units] in Keras' order: update, reset, candidate. The reset gate acts on what the candidate
// takes from the state either after the product with the recurrent kernel (Keras, cuDNN, PyTorch) or before it (Cho 2014).

import { add, frameAt, isPadding, rowBefore, scale, scaleAndAdd } from './frames';
import { multiplyPanels } from './multiply';
import { layOutPanels, panelBytes } from './panels';
import { BAND, SPARE } from './tile';
import { loadSome, sigmoid, storeSome, tanh } from './vectors';

/** Bytes of scratch that {@link gruForward} and {@link gruBackward} need. */
export function gruScratch(batch: usize, units: usize): usize {
  const forward = panelBytes(units, 2 * units) + panelBytes(units, units);
  const backward = panelBytes(2 * units, units) + panelBytes(units, units);
  return SPARE + max(forward, backward) + ((6 * batch * units) << 2);
}

/**
 * Runs over a sequence.
 *
 * @param gates [batch, frames, 3 · units]: x·kernel on entry, the gates on return
 * @param recurrentKernel [units, 3 · units]
 * @param bias [3 · units]
 * @param recurrentBias [3 · units], added to the products with the recurrent kernel
 * @param recurrentMask [batch, units]
 * @param frameMask [batch, frames], 0 where the state is carried over
 * @param initialState [batch, units]
 * @param inner [batch, frames, units], written: what the candidate took from the state, before the reset gate acted on it; or
 *   with `resetAfter` false, the state after it did
 * @param y [batch, frames, units], written
 * @param scratch `gruScratch` bytes
 */
export function gruForward(
  batch: usize,
  frames: usize,
  units: usize,
  reverse: bool,
  resetAfter: bool,
  gates: usize,
  recurrentKernel: usize,
  bias: usize,
  recurrentBias: usize,
  recurrentMask: usize,
  frameMask: usize,
  initialState: usize,
  inner: usize,
  y: usize,
  scratch: usize,
): void {
  const row = units << 2;
  const gatePanels = scratch + SPARE;
  const candidatePanels = gatePanels + panelBytes(units, 2 * units);
  const state = candidatePanels + panelBytes(units, units);
  const recurrent = state + batch * row; // of update and reset gate
  const candidate = recurrent + 2 * batch * row;
  const reset = candidate + batch * row;
  layOutPanels(recurrentKernel, 3 * row, 4, units, 2 * units, gatePanels);
  layOutPanels(recurrentKernel + 2 * row, 3 * row, 4, units, units, candidatePanels);
  for (let step: usize = 0; step < frames; step++) {
    const t = frameAt(step, frames, reverse);
    for (let b: usize = 0; b < batch; b++) {
      const h = rowBefore(step, frames, reverse, b, initialState, y, row);
      scale(h, recurrentMask + b * row, state + b * row, units);
    }
    multiplyPanels(batch, 2 * units, units, state, units, gatePanels, recurrent, 2 * units, false, scratch);
    for (let b: usize = 0; b < batch; b++) {
      const z = gates + 3 * (b * frames + t) * row;
      gate(z, recurrent + 2 * b * row, bias, recurrentBias, 2 * units);
      scale(z + row, state + b * row, reset + b * row, units);
    }
    const from = resetAfter ? state : reset;
    multiplyPanels(batch, units, units, from, units, candidatePanels, candidate, units, false, scratch);
    for (let b: usize = 0; b < batch; b++) {
      const frame = b * frames + t;
      const h = rowBefore(step, frames, reverse, b, initialState, y, row);
      if (isPadding(frameMask, frame)) {
        memory.copy(y + frame * row, h, row);
        memory.fill(inner + frame * row, 0, row);
        continue;
      }
      const z = gates + 3 * frame * row;
      for (let u: usize = 0; u < units; u += BAND) {
        const count = units - u;
        const at = u << 2;
        let product = f32x4.add(
          loadSome(candidate + b * row + at, count),
          loadSome(recurrentBias + 2 * row + at, count),
        );
        const kept = resetAfter ? product : loadSome(reset + b * row + at, count);
        storeSome(inner + frame * row + at, kept, count);
        if (resetAfter) product = f32x4.mul(product, loadSome(z + row + at, count));
        const projected = f32x4.add(loadSome(z + 2 * row + at, count), loadSome(bias + 2 * row + at, count));
        const proposal = tanh(f32x4.add(projected, product));
        storeSome(z + 2 * row + at, proposal, count);
        const before = loadSome(h + at, count);
        const change = f32x4.mul(loadSome(z + at, count), f32x4.sub(before, proposal));
        storeSome(y + frame * row + at, f32x4.add(proposal, change), count);
      }
    }
  }
}

/** gates = σ(gates + recurrent + both biases). */
function gate(gates: usize, recurrent: usize, bias: usize, recurrentBias: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4) {
    const at = i << 2;
    const left = count - i;
    const products = f32x4.add(loadSome(gates + at, left), loadSome(recurrent + at, left));
    const biases = f32x4.add(loadSome(bias + at, left), loadSome(recurrentBias + at, left));
    storeSome(gates + at, sigmoid(f32x4.add(products, biases)), left);
  }
}

/**
 * Backpropagation through time, as far as the frames depend on each other.
 *
 * @param dy [batch, frames, units]
 * @param gates as {@link gruForward} wrote them
 * @param inner as {@link gruForward} wrote it
 * @param dProjected [batch, frames, 3 · units], written: the gradient before the gates' nonlinearities
 * @param dRecurrent [batch, frames, 3 · units], written: the gradient of the products with the recurrent kernel
 * @param states [batch, frames, units], written: what the recurrent kernel was multiplied by (with `resetAfter` false, only
 *   for the update and the reset gate)
 * @param dState [batch, units], written: the gradient of the initial state
 */
export function gruBackward(
  batch: usize,
  frames: usize,
  units: usize,
  reverse: bool,
  resetAfter: bool,
  dy: usize,
  gates: usize,
  recurrentKernel: usize,
  recurrentMask: usize,
  frameMask: usize,
  initialState: usize,
  inner: usize,
  y: usize,
  dProjected: usize,
  dRecurrent: usize,
  states: usize,
  dState: usize,
  scratch: usize,
): void {
  const row = units << 2;
  const gatePanels = scratch + SPARE;
  const candidatePanels = gatePanels + panelBytes(2 * units, units);
  const fromGates = candidatePanels + panelBytes(units, units);
  const fromCandidate = fromGates + batch * row;
  const direct = fromCandidate + batch * row; // what goes to the state before without passing a product
  layOutPanels(recurrentKernel, 4, 3 * row, 2 * units, units, gatePanels); // transposed
  layOutPanels(recurrentKernel + 2 * row, 4, 3 * row, units, units, candidatePanels);
  memory.fill(dState, 0, batch * row);
  for (let step = frames; step-- > 0; ) {
    const t = frameAt(step, frames, reverse);
    for (let b: usize = 0; b < batch; b++) {
      const frame = b * frames + t;
      add(dy + frame * row, dState + b * row, units);
      if (isPadding(frameMask, frame)) {
        memory.fill(dProjected + 3 * frame * row, 0, 3 * row);
        memory.fill(dRecurrent + 3 * frame * row, 0, 3 * row);
        memory.fill(states + frame * row, 0, row);
        continue;
      }
      const h = rowBefore(step, frames, reverse, b, initialState, y, row);
      scale(h, recurrentMask + b * row, states + frame * row, units);
      throughOutput(
        gates + 3 * frame * row,
        h,
        dState + b * row,
        dProjected + 3 * frame * row,
        direct + b * row,
        units,
      );
      if (!resetAfter) continue;
      const reset = gates + (3 * frame + 1) * row;
      throughReset(
        dProjected + (3 * frame + 2) * row,
        inner + frame * row,
        reset,
        dProjected + (3 * frame + 1) * row,
        units,
      );
      memory.copy(dRecurrent + 3 * frame * row, dProjected + 3 * frame * row, 2 * row);
      scale(dProjected + (3 * frame + 2) * row, reset, dRecurrent + (3 * frame + 2) * row, units);
    }
    const stride = units * frames * 3;
    const dCandidate = (resetAfter ? dRecurrent : dProjected) + (3 * t + 2) * row;
    multiplyPanels(batch, units, units, dCandidate, stride, candidatePanels, fromCandidate, units, false, scratch);
    for (let b: usize = 0; b < batch && !resetAfter; b++) {
      const frame = b * frames + t;
      if (isPadding(frameMask, frame)) continue;
      const reset = gates + (3 * frame + 1) * row;
      throughReset(fromCandidate + b * row, states + frame * row, reset, dProjected + (3 * frame + 1) * row, units);
      memory.copy(dRecurrent + 3 * frame * row, dProjected + 3 * frame * row, 3 * row);
      scale(fromCandidate + b * row, reset, fromCandidate + b * row, units);
    }
    const dGates = dRecurrent + 3 * t * row;
    multiplyPanels(batch, units, 2 * units, dGates, stride, gatePanels, fromGates, units, false, scratch);
    for (let b: usize = 0; b < batch; b++) {
      if (isPadding(frameMask, b * frames + t)) continue; // what came in goes on
      add(fromCandidate + b * row, fromGates + b * row, units);
      scaleAndAdd(fromGates + b * row, recurrentMask + b * row, direct + b * row, dState + b * row, units);
    }
  }
}

/** From h to the update gate, the candidate and the state before. */
function throughOutput(gates: usize, before: usize, dState: usize, dz: usize, direct: usize, units: usize): void {
  const row = units << 2;
  const one = f32x4.splat(1);
  for (let u: usize = 0; u < units; u += BAND) {
    const count = units - u;
    const at = u << 2;
    const dh = loadSome(dState + at, count);
    const z = loadSome(gates + at, count);
    const candidate = loadSome(gates + 2 * row + at, count);
    const difference = f32x4.sub(loadSome(before + at, count), candidate);
    const kept = f32x4.sub(one, z);
    storeSome(dz + at, f32x4.mul(f32x4.mul(dh, difference), f32x4.mul(z, kept)), count);
    const slope = f32x4.sub(one, f32x4.mul(candidate, candidate));
    storeSome(dz + 2 * row + at, f32x4.mul(f32x4.mul(dh, kept), slope), count);
    storeSome(direct + at, f32x4.mul(dh, z), count);
  }
}

/** To the reset gate, from the gradient of its product with `factor`. */
function throughReset(gradient: usize, factor: usize, reset: usize, to: usize, units: usize): void {
  for (let u: usize = 0; u < units; u += BAND) {
    const count = units - u;
    const at = u << 2;
    const r = loadSome(reset + at, count);
    const product = f32x4.mul(loadSome(gradient + at, count), loadSome(factor + at, count));
    storeSome(to + at, f32x4.mul(product, f32x4.mul(r, f32x4.sub(f32x4.splat(1), r))), count);
  }
}
