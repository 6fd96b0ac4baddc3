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
 * Normalises a range of frames into the middle of a window that is at least as long, with silence before and after.
 *
 * @param matrix raw features [frames, bins]
 * @param range the frames to take
 * @param normalizer of the model
 * @param silence [bins], one normalised frame of silence
 * @param target [windowFrames, bins], such as a part of a batch; all of it is written
 * @returns the number of frames of silence before the first frame
 */
export function fillWindow(
  matrix: FeatureMatrix,
  { startFrame, endFrame }: FrameRange,
  normalizer: Normalizer,
  silence: Float32Array,
  target: Float32Array,
): number {
  const { bins } = matrix;
  const windowFrames = target.length / bins;
  const before = Math.floor((windowFrames - (endFrame - startFrame)) / 2);
  const after = before + endFrame - startFrame;
  for (let frame = 0; frame < before; frame++) target.set(silence, frame * bins);
  normalizer.applyInto(matrix, target, before * bins, startFrame, endFrame);
  for (let frame = after; frame < windowFrames; frame++) target.set(silence, frame * bins);
  return before;
}
