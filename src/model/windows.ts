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
 * Where the first frame of a range is put in a window: in the middle, or at several places around it, a frame apart. None cuts frames
 * off: a range as long as the window has one place.
 *
 * @param windowFrames length of the window
 * @param frames length of the range, at most as long
 * @param shifts number of places, where there is room for so many
 */
export function placesIn(windowFrames: number, frames: number, shifts: number): number[] {
  const room = windowFrames - frames;
  const count = Math.min(shifts, room + 1);
  const first = Math.floor((room - (count - 1)) / 2);
  return Array.from({ length: count }, (_, i) => first + i);
}

/**
 * Normalises a range of frames into a window, with silence where it has none.
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
  const after = place + endFrame - startFrame;
  for (let frame = 0; frame < place; frame++) target.set(silence, frame * bins);
  normalizer.applyInto(matrix, target, place * bins, startFrame, endFrame);
  for (let frame = after; frame < windowFrames; frame++) target.set(silence, frame * bins);
}
