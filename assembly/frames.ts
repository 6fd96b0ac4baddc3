// what recurrent cells share: where a sequence's rows lie, and plain arithmetic on rows

import { loadSome, storeSome } from './vectors';

/** The frame that is read in a step. */
export function frameAt(step: usize, frames: usize, reverse: bool): usize {
  return reverse ? frames - 1 - step : step;
}

/**
 * What a sequence had before a step: its initial row, or that of the frame that was read before.
 *
 * @param initial [batch, units]
 * @param series [batch, frames, units]
 */
export function rowBefore(
  step: usize,
  frames: usize,
  reverse: bool,
  b: usize,
  initial: usize,
  series: usize,
  row: usize,
): usize {
  if (step === 0) return initial + b * row;
  return series + (b * frames + frameAt(step - 1, frames, reverse)) * row;
}

/** Whether a frame is padding, over which the state is carried. */
export function isPadding(frameMask: usize, frame: usize): bool {
  return load<f32>(frameMask + (frame << 2)) === 0;
}

/** to = a ⊙ b. */
export function scale(a: usize, b: usize, to: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4, a += 16, b += 16, to += 16) {
    storeSome(to, f32x4.mul(loadSome(a, count - i), loadSome(b, count - i)), count - i);
  }
}

/** to += from. */
export function add(from: usize, to: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4, from += 16, to += 16) {
    storeSome(to, f32x4.add(loadSome(to, count - i), loadSome(from, count - i)), count - i);
  }
}

/** to = a ⊙ b + c. */
export function scaleAndAdd(a: usize, b: usize, c: usize, to: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 4, a += 16, b += 16, c += 16, to += 16) {
    const product = f32x4.mul(loadSome(a, count - i), loadSome(b, count - i));
    storeSome(to, f32x4.add(product, loadSome(c, count - i)), count - i);
  }
}
