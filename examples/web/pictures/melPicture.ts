// samples at 16 kHz → a picture, in parts, the loudness evened for the eye

import { LogMel } from 'speech-emotion/features';
import { type Picture, SCALE } from './picture.ts';

/** Frames from one to the next, in samples. */
const HOP = SCALE.sampleRate / SCALE.columnsPerSecond;
/** So many columns are kept at most: of longer recordings, each shows the loudest of several frames. */
const MOST_COLUMNS = 16_000;
/** Frames on each side whose loudest is the reference. */
const AROUND = 75;
/** A column stays as it is when so many follow. */
export const SETTLED = 2 * AROUND;
/** What is quieter than the loudest by more than this is not lifted further: silence stays silent. */
const MOST_LIFT_DB = 24;
/** The loudest of quiet recordings counts as so loud, in decibels of full scale: noise of a room stays pale. */
const LEAST_PEAK_DB = -30;
const PART = 500;

const { sampleRate, bands, minHz, maxHz } = SCALE;
/** What is computed of the sound for every picture. */
export const MEL = {
  melBands: bands,
  minHz,
  maxHz,
  melScale: 'htk',
  minDb: -110,
  frameLength: 640,
  hopLength: HOP,
  fftLength: 2048,
} as const;

/** How a recording of so many samples is drawn. */
export function layoutOf(samples: number): Pick<Picture, 'columns' | 'columnsPerSecond'> & { framesPerColumn: number } {
  const frames = Math.max(1, Math.ceil(samples / HOP));
  const framesPerColumn = Math.ceil(frames / MOST_COLUMNS);
  const columnsPerSecond = SCALE.columnsPerSecond / framesPerColumn;
  return { columns: Math.ceil(frames / framesPerColumn), columnsPerSecond, framesPerColumn };
}

/** Gives the columns so far, in decibels, at every turn. */
export async function* melColumns(samples: Float32Array): AsyncGenerator<{ decibels: Float32Array; done: number }> {
  const mel = new LogMel({ sampleRate, ...MEL });
  const { columns, framesPerColumn } = layoutOf(samples.length);
  const decibels = new Float32Array(columns * bands).fill(-110);
  const frames = Math.min(mel.frameCount(samples.length), columns * framesPerColumn);
  for (let start = 0; start < frames; start += PART) {
    const part = mel.computeFrames(samples, start, Math.min(frames, start + PART));
    for (let i = 0; i < part.frames; i++) {
      const column = Math.floor((start + i) / framesPerColumn);
      for (let band = 0; band < bands; band++) {
        const at = column * bands + band;
        decibels[at] = Math.max(decibels[at]!, part.values[i * bands + band]!);
      }
    }
    yield { decibels, done: Math.ceil((start + part.frames) / framesPerColumn) };
  }
}

/** Levels of columns in decibels; quiet stretches are lifted towards the loud ones, for display only. */
export function evened(decibels: Float32Array, columns: number, framesPerColumn: number): Uint8Array {
  const { rangeDb } = SCALE;
  const loudest = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let band = 0; band < bands; band++) most = Math.max(most, decibels[column * bands + band]!);
    loudest[column] = most;
  }
  const peak = loudest.reduce((a, b) => Math.max(a, b), LEAST_PEAK_DB);
  const around = Math.max(1, Math.round(AROUND / framesPerColumn));
  const reference = smoothed(highest(loudest, around), around);
  const levels = new Uint8Array(columns * bands);
  for (let column = 0; column < columns; column++) {
    const floor = Math.max(reference[column]!, peak - MOST_LIFT_DB) - rangeDb;
    for (let band = 0; band < bands; band++) {
      const share = (decibels[column * bands + band]! - floor) / rangeDb;
      levels[column * bands + band] = 255 * Math.min(1, Math.max(0, share));
    }
  }
  return levels;
}

/** The highest value within so many places on either side. */
function highest(values: Float32Array, around: number): Float32Array {
  const queue: number[] = []; // places whose values fall
  let first = 0;
  let next = 0;
  return values.map((_, i) => {
    for (; next < Math.min(values.length, i + around + 1); next++) {
      while (queue.length > first && values[queue.at(-1)!]! <= values[next]!) queue.pop();
      queue.push(next);
    }
    while (queue[first]! < i - around) first++;
    return values[queue[first]!]!;
  });
}

/** The mean within so many places on either side. */
function smoothed(values: Float32Array, around: number): Float32Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = sums[i]! + values[i]!;
  return values.map((_, i) => {
    const [from, to] = [Math.max(0, i - around), Math.min(values.length, i + around + 1)];
    return (sums[to]! - sums[from]!) / (to - from);
  });
}
