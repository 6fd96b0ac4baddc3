// frames as they come → windows of them, as `layOutWindows` has them

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { FrameRange } from './windows.ts';

/** A window of a recording. */
export interface WindowOfRecording extends FeatureMatrix {
  /** Which of the recording's frames they are. */
  readonly range: FrameRange;
  /** Whether the recording ends with it. */
  readonly isLast: boolean;
}

/**
 * Cuts frames into windows: `hopFrames` apart, the last one moved back to end with the last frame; one, however short, where there are
 * no more than a window's.
 *
 * @param pieces frames in their order
 * @param window length of the windows and their distance, in frames
 */
export async function* windowsOf(
  pieces: AsyncIterable<FeatureMatrix>,
  window: { readonly frames: number; readonly hopFrames: number },
): AsyncGenerator<WindowOfRecording, void, undefined> {
  const held = new HeldFrames();
  let next = 0; // where the next window begins
  let given = -1; // where the last one began
  const take = (startFrame: number, isLast: boolean): WindowOfRecording => {
    const endFrame = Math.min(held.end, startFrame + window.frames);
    given = startFrame;
    return { ...held.slice(startFrame, endFrame), range: { startFrame, endFrame }, isLast };
  };
  for await (const piece of pieces) {
    held.push(piece);
    // One that more frames follow: the last one waits for the end.
    while (held.end > next + window.frames) {
      yield take(next, false);
      next += window.hopFrames;
      held.drop(Math.min(next, held.end - window.frames));
    }
  }
  const last = Math.max(0, held.end - window.frames);
  if (held.end > 0 && last > given) yield take(last, true);
}

/** The latest frames, known by their number. */
class HeldFrames {
  #values = new Float32Array(0);
  #bins = 0;
  #start = 0;
  #end = 0;

  /** How many frames there have been. */
  get end(): number {
    return this.#end;
  }

  push({ values, frames, bins }: FeatureMatrix): void {
    this.#bins = bins;
    const used = (this.#end - this.#start) * bins;
    if (used + values.length > this.#values.length) {
      const larger = new Float32Array(2 * (used + values.length));
      larger.set(this.#values.subarray(0, used));
      this.#values = larger;
    }
    this.#values.set(values.subarray(0, frames * bins), used);
    this.#end += frames;
  }

  /** Lets the frames before one go. */
  drop(before: number): void {
    const from = Math.max(this.#start, before);
    this.#values.copyWithin(0, (from - this.#start) * this.#bins, (this.#end - this.#start) * this.#bins);
    this.#start = from;
  }

  slice(from: number, to: number): FeatureMatrix {
    const values = this.#values.slice((from - this.#start) * this.#bins, (to - this.#start) * this.#bins);
    return { values, frames: to - from, bins: this.#bins };
  }
}
