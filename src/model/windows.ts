// [frames, bins] of any length → windows of one length

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Normalizer } from '../features/normalizer.ts';

/** A stretch of frames: from `startFrame` up to, not including, `endFrame`. */
export interface FrameRange {
  /** First frame. */
  readonly startFrame: number;
  /** One past the last frame. */
  readonly endFrame: number;
}

/**
 * Cuts a stretch of frames into windows that cover it: `hopFrames` apart, the last one moved back to end where the
 * frames end. What is no longer than a window is one range.
 *
 * @param frames how many frames there are
 * @param window length and distance of the windows, in frames
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
 * Normalises a stretch of frames into a window that is at least as long: into its middle, with silence before and after.
 *
 * @param matrix raw features [frames, bins]
 * @param range the frames to take
 * @param normalizer the model's
 * @param silence [bins], one frame of silence, normalised already
 * @param target [windowFrames, bins], a part of a batch for example; all of it is written
 * @returns where in the window the first frame lies: how many frames of silence are before it
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
