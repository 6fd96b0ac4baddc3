// [frames, bins] of any length → windows of one length

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Normalizer } from '../features/normalizer.ts';

/** A range of frames: from `startFrame` up to, not including, `endFrame`. */
export interface FrameRange {
  /** First frame. */
  readonly startFrame: number;
  /** One past the last frame. */
  readonly endFrame: number;
}

/**
 * Lays windows out over frames: `hopFrames` apart, the last one moved back to end with the last frame. Up to a window's length of
 * frames is one range.
 *
 * @param frames number of frames
 * @param window length and hop of the windows, in frames
 * @returns the windows in order, ⌈(frames − window.frames) / hopFrames⌉ + 1 of them, or 1
 */
export function layOutWindows(frames: number, window: { frames: number; hopFrames: number }): FrameRange[] {
  if (frames <= window.frames) return [{ startFrame: 0, endFrame: frames }];
  const last = frames - window.frames;
  return Array.from({ length: Math.ceil(last / window.hopFrames) + 1 }, (_, i) => {
    const startFrame = Math.min(i * window.hopFrames, last);
    return { startFrame, endFrame: startFrame + window.frames };
  });
}

/**
 * Where the first frame of a range is put in a window: in the middle, or at several places around it, a frame apart.
 *
 * @param windowFrames length of the window
 * @param frames length of the range
 * @param shifts number of places
 * @returns below 0 where the range begins before the window
 */
export function placesIn(windowFrames: number, frames: number, shifts: number): number[] {
  const first = Math.floor((windowFrames - frames - (shifts - 1)) / 2);
  return Array.from({ length: shifts }, (_, i) => first + i);
}

/**
 * Normalises a range of frames into a window, with silence where it has none. What is outside the window is left out.
 *
 * @param matrix raw features [frames, bins]
 * @param range the frames to take
 * @param normalizer of the model
 * @param silence [bins], one normalised frame of silence
 * @param target [windowFrames, bins], such as a part of a batch; all of it is written
 * @param place where the first frame goes, see {@link placesIn}
 */
export function fillWindow(
  matrix: FeatureMatrix,
  { startFrame, endFrame }: FrameRange,
  normalizer: Normalizer,
  silence: Float32Array,
  target: Float32Array,
  place: number,
): void {
  const { bins } = matrix;
  const windowFrames = target.length / bins;
  const before = Math.max(0, place);
  const first = startFrame + before - place;
  const after = Math.min(windowFrames, place + endFrame - startFrame);
  for (let frame = 0; frame < before; frame++) target.set(silence, frame * bins);
  if (after > before) normalizer.applyInto(matrix, target, before * bins, first, first + after - before);
  for (let frame = Math.max(after, before); frame < windowFrames; frame++) target.set(silence, frame * bins);
}
