// sizes, direction, padding → the frames of sequences in the order of reading, as offsets into typed arrays

import { framesOf } from '../frames.ts';

/** Sizes of sequences. */
export interface Sizes {
  readonly batch: number;
  readonly frames: number;
  readonly units: number;
}

/** A frame of all sequences. */
export interface HostFrame {
  readonly t: number;
  /** Whether it is the first that is read: the states before it are the initial ones. */
  readonly first: boolean;
  /** The frame in every sequence. */
  readonly all: readonly HostRow[];
  /** The frame in those sequences where it counts. */
  readonly counted: readonly HostRow[];
  /** The frame in those where it is padding. */
  readonly padding: readonly HostRow[];
}

/** A frame of one sequence: where it starts in memory of `units` columns (for gates, times their number). */
interface HostRow {
  /** In [batch, frames, units]. */
  readonly at: number;
  /** In [batch, units]. */
  readonly row: number;
  /** Of the frame before it, in [batch, frames, units]; of the initial state, in [batch, units]. */
  readonly from: number;
}

/** @param frameMask [batch, frames] */
export function hostFrames(frameMask: Float32Array, reverse: boolean, { batch, frames, units }: Sizes): HostFrame[] {
  return framesOf(frames, reverse).map(({ t, previous }) => {
    const all: HostRow[] = [];
    const counted: HostRow[] = [];
    const padding: HostRow[] = [];
    for (let b = 0; b < batch; b++) {
      const from = previous === undefined ? b * units : (b * frames + previous) * units;
      const row = { at: (b * frames + t) * units, row: b * units, from };
      all.push(row);
      (frameMask[b * frames + t] ? counted : padding).push(row);
    }
    return { t, first: previous === undefined, all, counted, padding };
  });
}
