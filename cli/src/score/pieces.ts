// a recording's layout, the segments that are asked for → the pieces that give what the whole gives
//
// What reaches from one moment of a recording to another, and what is done about it:
// - the constant offset is told from the first 100 ms behind digital silence: these come before each piece, in the place of the first
//   samples of its lead-in;
// - the resampler, frames of features, hops of the detector of speech and segments lie on grids that begin with the recording: pieces
//   and their lead-ins begin where all of these have a line;
// - the detector sees 3.3 s back, that of levels as far as it remembers, and both some tenths of a second ahead;
// - the mix of several channels follows from all that came before: such recordings are one piece.

import type { WavLayout } from './wavLayout.ts';

/** What segments a model is asked for, as far as pieces depend on it. */
export interface SegmentGrid {
  /** The model's rate in Hz, and samples from one frame of its features to the next. */
  readonly sampleRate: number;
  readonly hopLength: number;
  /** Samples behind the place of a frame that it sees. */
  readonly frameReach: number;
  /** From the start of one segment to the start of the next, and how long they are, in frames. */
  readonly hopFrames: number;
  readonly windowFrames: number;
  /** What is heard before a segment may change it, in seconds: by voice activity detection. */
  readonly memorySeconds: number;
}

/** A part of a recording. Places are in samples of it. */
export interface Piece {
  /** What has to be read: its lead-in, the piece, and what its last segment sees. */
  readonly from: number;
  readonly to: number;
  /** Segments that the lead-in gives, to be left out. */
  readonly skipped: number;
  /** Segments of it; undefined for all that there are, in the last piece. */
  readonly taken: number | undefined;
  /** The frame of the recording that the lead-in begins with. */
  readonly frame: number;
  /** Where its own first segment begins, in seconds. */
  readonly starts: number;
}

/** Samples between lines of the detector of speech, at 16 kHz. */
const DETECTOR_HOP = 512;
const DETECTOR_RATE = 16_000;
/** Seconds that the detector sees back, and ahead; resamplers, too. */
const DETECTOR_MEMORY = 4;
const AHEAD = 1;
/** The offset is told from so many seconds. */
const OFFSET_SECONDS = 0.1;
/** Pieces have at most so many seconds, and at least half of them, unless the grids are coarse. */
const PIECE_SECONDS = 600;
/** Shorter ones are part of the one before. */
const LEAST_SECONDS = 60;

/** How many samples the offset of a recording is told from. */
export function offsetSamples(sampleRate: number): number {
  return Math.max(1, Math.round(OFFSET_SECONDS * sampleRate));
}

/**
 * Cuts a recording.
 *
 * @param pieceSeconds at most, roughly
 * @returns at least one piece; one that is the whole where the recording is short or cannot be cut
 */
export function piecesOf(
  { sampleRate: rate, frames: length }: Pick<WavLayout, 'sampleRate' | 'frames'>,
  grid: SegmentGrid,
  pieceSeconds: number = PIECE_SECONDS,
): Piece[] {
  const whole: Piece = { from: 0, to: length, skipped: 0, taken: undefined, frame: 0, starts: 0 };
  const { sampleRate, hopLength, hopFrames, windowFrames, frameReach, memorySeconds } = grid;
  const seconds = length / rate;
  if (seconds <= pieceSeconds || DETECTOR_RATE !== sampleRate) return [whole];
  const step = hopFrames * hopLength; // samples at the model's rate, as all that follows
  const divisor = greatestDivisor(rate, sampleRate);
  const line = leastMultiple(leastMultiple(step, DETECTOR_HOP), sampleRate / divisor);
  const lineSeconds = line / sampleRate;
  const lead = Math.ceil((OFFSET_SECONDS + Math.max(DETECTOR_MEMORY, memorySeconds + AHEAD)) / lineSeconds);
  const count = Math.ceil(seconds / pieceSeconds);
  const lines = Math.ceil(seconds / count / lineSeconds);
  const window = (windowFrames * hopLength) / sampleRate;
  const tail = window + frameReach / sampleRate + hopLength / sampleRate + AHEAD; // seconds behind the start of the last segment
  const least = Math.max(LEAST_SECONDS, 2 * window, lead * lineSeconds) / lineSeconds;
  const toSource = (samples: number) => (samples / (sampleRate / divisor)) * (rate / divisor); // exact, on lines
  const pieces: Piece[] = [];
  for (let first = 0; ; first += lines) {
    const isLast = seconds / lineSeconds - (first + lines) < least;
    const from = Math.max(0, first - lead);
    const perLine = line / step;
    const end = Math.ceil(((first + lines) * lineSeconds + tail) * rate);
    pieces.push({
      from: toSource(from * line),
      to: isLast ? length : Math.min(length, end),
      skipped: (first - from) * perLine,
      taken: isLast ? undefined : lines * perLine,
      frame: (from * line) / hopLength,
      starts: first * lineSeconds,
    });
    if (isLast) return pieces;
  }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function leastMultiple(a: number, b: number): number {
  return (a / greatestDivisor(a, b)) * b;
}
