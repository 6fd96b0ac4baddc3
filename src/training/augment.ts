// features of a clip → an augmented variant, as another speaker, room or microphone might have given it

import type { Resolved } from '../core/check.ts';
import type { RandomStream } from '../core/random.ts';
import type { FrequencyMaskOptions, NoiseOptions, ResolvedAugment, TimeMaskOptions } from './augmentOptions.ts';

/** A clip in its window: of the rows of `bins` in `values`, those from `from` to `to` (exclusive) are the clip, the others padding. */
export interface WindowedClip {
  /** Raw features, row-major [frames, bins]. */
  readonly values: Float32Array;
  /** Bins a frame. */
  readonly bins: number;
  /** First row of the clip. */
  readonly from: number;
  /** The row after the clip's last. */
  readonly to: number;
}

/**
 * Augments a clip in place; padding stays as it is, except for noise.
 *
 * Every part draws from a random stream of its own, so switching one on or off does not change the draws of the others.
 *
 * @param silence features of silence [bins], below which no gain can bring a value
 * @param fill what masks write [bins]
 * @param stream the randomness of this clip in this epoch
 */
export function augment(
  clip: WindowedClip,
  options: ResolvedAugment,
  silence: Float32Array,
  fill: Float32Array,
  stream: RandomStream,
): void {
  if (options.melShift) shiftBins(clip, options.melShift, stream.fork('melShift'));
  if (options.gainDb) changeLevel(clip, stream.fork('gain').uniform(-options.gainDb, options.gainDb), silence);
  if (options.noise) addNoise(clip, options.noise, stream.fork('noise'));
  if (options.timeMasks) maskTime(clip, options.timeMasks, fill, stream.fork('timeMasks'));
  if (options.frequencyMasks) maskFrequency(clip, options.frequencyMasks, fill, stream.fork('frequencyMasks'));
}

function shiftBins({ values, bins, from, to }: WindowedClip, most: number, stream: RandomStream): void {
  const limit = Math.min(most, bins - 1);
  const shift = stream.integer(2 * limit + 1) - limit;
  for (let row = from * bins; row < to * bins; row += bins) {
    if (shift > 0) {
      const edge = values[row] as number;
      values.copyWithin(row + shift, row, row + bins - shift);
      values.fill(edge, row, row + shift);
    } else if (shift < 0) {
      const edge = values[row + bins - 1] as number;
      values.copyWithin(row, row - shift, row + bins);
      values.fill(edge, row + bins + shift, row + bins);
    }
  }
}

/** Values at the floor stay there: how far below it the sound was is not known. */
function changeLevel({ values, bins, from, to }: WindowedClip, gain: number, silence: Float32Array): void {
  for (let i = from * bins, bin = 0; i < to * bins; i++, bin = bin + 1 === bins ? 0 : bin + 1) {
    const floor = silence[bin] as number;
    const value = values[i] as number;
    if (value > floor) values[i] = Math.max(floor, value + gain);
  }
}

/** In the padding, too: noise does not end with the speech, and a noisy recording is hardly trimmed. */
function addNoise({ values, bins }: WindowedClip, options: Resolved<NoiseOptions>, stream: RandomStream): void {
  if (stream.next() >= options.probability) return;
  const level = stream.uniform(options.minDb, options.maxDb);
  // A table of normal draws, read from a random place at each frame: drawing 10⁵ of them a batch would cost as much as all else.
  const levels = Float32Array.from({ length: 1021 }, () => level + options.stdDb * stream.normal());
  for (let frame = 0; frame * bins < values.length; frame++) {
    let place = stream.integer(levels.length);
    for (let i = frame * bins; i < (frame + 1) * bins; i++) {
      values[i] = addDecibels(values[i] as number, levels[place] as number);
      if (++place === levels.length) place = 0;
    }
  }
}

function maskTime(
  clip: WindowedClip,
  options: Resolved<TimeMaskOptions>,
  fill: Float32Array,
  stream: RandomStream,
): void {
  const { values, bins, from, to } = clip;
  for (let mask = 0; mask < options.count; mask++) {
    const width = stream.integer(Math.min(options.maxFrames, to - from) + 1);
    const start = from + stream.integer(to - from - width + 1);
    for (let frame = start; frame < start + width; frame++) values.set(fill, frame * bins);
  }
}

function maskFrequency(
  clip: WindowedClip,
  options: Resolved<FrequencyMaskOptions>,
  fill: Float32Array,
  stream: RandomStream,
): void {
  const { values, bins, from, to } = clip;
  for (let mask = 0; mask < options.count; mask++) {
    const width = stream.integer(Math.min(options.maxBins, bins) + 1);
    const start = stream.integer(bins - width + 1);
    const band = fill.subarray(start, start + width);
    for (let frame = from; frame < to; frame++) values.set(band, frame * bins + start);
  }
}

/** Steps of the table a decibel, and its length in decibels, beyond which the weaker power is below 0.0005 dB. */
const STEPS = 16;
const REACH = 40;

/** 10 log₁₀(1 + 10^(−d/10)) for d = 0, 1/16, … 40 dB: linear interpolation between is within 3·10⁻⁵ dB. */
const SUM_TABLE = Float32Array.from(
  { length: REACH * STEPS + 1 },
  (_, i) => 10 * Math.log10(1 + 10 ** (-i / STEPS / 10)),
);

/** The level of two powers together: 10 log₁₀(10^(a/10) + 10^(b/10)). */
export function addDecibels(a: number, b: number): number {
  const louder = Math.max(a, b);
  const place = Math.abs(a - b) * STEPS;
  if (place >= REACH * STEPS) return louder;
  const index = place | 0;
  const below = SUM_TABLE[index] as number;
  return louder + below + ((SUM_TABLE[index + 1] as number) - below) * (place - index);
}
