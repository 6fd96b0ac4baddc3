// Waveform → Waveform without the silence before and after

import { checkBoolean, checkNothingElse, checkNumber, checkOptions, type Resolved } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import { checkWaveform } from './checkWaveform.ts';
import type { Waveform } from './waveform.ts';

/** Options of {@link trimSilence}. */
export interface TrimOptions {
  /**
   * A frame is silent when its RMS is more than this many decibels, 0.01 to 1000, below that of the loudest frame.
   *
   * @default 40
   */
  readonly thresholdDb?: number | undefined;
  /**
   * Seconds of the recording to keep on either side of what was found, as far as it goes: breath, soft onsets and the
   * decay of the room.
   *
   * @default 0.1
   */
  readonly keepSeconds?: number | undefined;
  /**
   * Whether frames begin at every sample in place of every 10 ms: then the same is left of a recording wherever in its silence it
   * begins, and not up to 10 ms more or less.
   *
   * @default false, as in models from before there was the choice
   */
  readonly exact?: boolean | undefined;
}

/** {@link TrimOptions} in effect. */
export interface ResolvedTrimOptions extends Resolved<Omit<TrimOptions, 'exact'>> {
  /** Left out where it is false, so that older models and checkpoints stay what they are. */
  readonly exact?: true;
}

/** Frames are 10 ms apart and 40 ms long, of the order of a few pitch periods, whatever the sampling rate. */
const HOP_SECONDS = 0.01;
const HOPS_PER_FRAME = 4;
/** Samples that are looked at between turns of the host: some 5 ms of work. */
const SAMPLES_A_TURN = 2 ** 20;

/**
 * Cuts off the silence before and after speech, never what lies between.
 *
 * Loudness is the RMS of frames 40 ms long and 10 ms, or a sample, apart; the cut is at the start of the first frame that is not
 * silent and the end of the last one, moved outwards by `keepSeconds`. Being relative to the clip's own loudest frame,
 * it does not depend on the level; frames being set in seconds, it agrees between sampling rates to a frame's hop. A constant
 * offset (DC) is no sound: where it alone would be audible, levels are measured about it. A clip that is digital silence
 * throughout, having no loudest frame, is returned whole.
 *
 * @returns a view of the same samples, not a copy; the very waveform that was given where there is nothing to cut
 * @throws {TypeError} when the waveform is not one
 * @throws {RangeError} when the waveform is empty or an option out of range
 * @throws {AudioFormatError} when a sample is not finite
 *
 * @example
 * ```ts
 * const speech = trimSilence(recording, { thresholdDb: 35 });
 * ```
 */
export function trimSilence(waveform: Waveform, options: TrimOptions = {}): Waveform {
  const resolved = resolveTrimOptions(options);
  checkWaveform('trim silence', waveform);
  const steps = rangeInSteps(waveform, resolved);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return within(waveform, value);
  }
}

/** {@link trimSilence} of a waveform that was checked where it came in, with turns of the host. */
export async function trimUnchecked(
  waveform: Waveform,
  options: ResolvedTrimOptions,
  signal?: AbortSignal | undefined,
): Promise<Waveform> {
  return within(waveform, await speechRange(waveform, options, signal));
}

/**
 * What `trimSilence` leaves of a waveform that was checked where it came in, as places in the samples; with turns of the host.
 *
 * @returns the first sample, and one past the last
 */
export async function speechRange(
  waveform: Waveform,
  options: ResolvedTrimOptions,
  signal?: AbortSignal | undefined,
): Promise<[number, number]> {
  const steps = rangeInSteps(waveform, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await nextTask();
    signal?.throwIfAborted();
  }
}

/** The part of a waveform that is left of it. */
function within(waveform: Waveform, [start, end]: readonly [number, number]): Waveform {
  const { samples, sampleRate } = waveform;
  if (start === 0 && end === samples.length) return waveform;
  return { samples: samples.subarray(start, end), sampleRate };
}

/** Work that gives something in the end, with pauses. */
type Steps<T> = Generator<undefined, T, undefined>;

/** The range, with a pause now and then. */
function* rangeInSteps(waveform: Waveform, options: ResolvedTrimOptions): Steps<[number, number]> {
  const { thresholdDb, keepSeconds, exact } = options;
  const { samples, sampleRate } = waveform;
  const hop = Math.max(1, Math.round(sampleRate * HOP_SECONDS));
  const threshold = 10 ** (-thresholdDb / 10);
  const levels = yield* levelsOf(samples, hop, threshold);
  const found = exact ? yield* exactAudible(samples, hop, threshold, levels) : audible(hop, threshold, levels);
  if (!found) return [0, samples.length];
  const keep = Math.round(keepSeconds * sampleRate);
  const [first, last] = found;
  return [Math.max(0, first - keep), Math.min(samples.length, last + HOPS_PER_FRAME * hop + keep)];
}

/** Where the first frame that is not silent begins, and the last; undefined for digital silence. */
function audible(hop: number, threshold: number, { frames }: Levels): [number, number] | undefined {
  const loudest = loudestOf(frames);
  if (loudest === 0) return undefined;
  const isAudible = (energy: number) => energy >= loudest * threshold;
  return [frames.findIndex(isAudible) * hop, frames.findLastIndex(isAudible) * hop];
}

/** The same of frames that begin at every sample. Those that begin within a hop are looked at only where that may matter. */
function* exactAudible(
  samples: Float32Array,
  hop: number,
  threshold: number,
  { hops, frames, offset }: Levels,
): Steps<[number, number] | undefined> {
  const length = HOPS_PER_FRAME * hop;
  const lastStart = Math.max(0, samples.length - length);
  const places = Math.floor(lastStart / hop) + 1;
  const most = (place: number) => {
    let sum = 0;
    for (let i = 0; i <= HOPS_PER_FRAME; i++) sum += hops[place + i] ?? 0;
    return sum * (1 + Number.EPSILON * length); // as sums are rounded
  };
  const sums = new Float64Array(hop + length + 1); // of the squares up to each sample, from the hop's first on
  const energies = new Float64Array(hop);
  /** The frames that begin in a hop, one energy a sample; valid until the next call. */
  const within = (place: number): Float64Array => {
    const from = place * hop;
    const count = Math.min(hop, lastStart - from + 1);
    const end = Math.min(samples.length - from, count + length);
    let sum = 0;
    for (let i = 0; i < end; i++) {
      const sample = samples[from + i]! - offset;
      sum += sample * sample;
      sums[i + 1] = sum;
    }
    for (let i = 0; i < count; i++) energies[i] = sums[Math.min(end, i + length)]! - sums[i]!;
    return energies.subarray(0, count);
  };
  let loudest = loudestOf(frames);
  for (let place = 0, turn = SAMPLES_A_TURN / 4; place < places; place++) {
    if (place * hop >= turn) {
      turn += SAMPLES_A_TURN / 4; // more is done with each sample
      yield;
    }
    if (most(place) > loudest) loudest = Math.max(loudest, loudestOf(within(place)));
  }
  if (loudest === 0) return undefined;
  const least = loudest * threshold;
  const isAudible = (energy: number) => energy >= least;
  const find = (place: number, step: 1 | -1): number => {
    for (let at = place; at >= 0 && at < places; at += step) {
      if (most(at) < least) continue;
      const energies = within(at);
      const found = step > 0 ? energies.findIndex(isAudible) : energies.findLastIndex(isAudible);
      if (found >= 0) return at * hop + found;
    }
    return step > 0 ? 0 : lastStart; // not reached: the loudest frame is audible
  };
  return [find(0, 1), find(places - 1, -1)];
}

/**
 * Trim options with the defaults filled in, checked.
 *
 * @param name what the options are called, for messages: `Cannot <action>: <name>.thresholdDb must be …`
 * @throws {RangeError} when an option is out of range
 * @throws {TypeError} when an option is of the wrong type or there is none of that name
 */
export function resolveTrimOptions(
  options: TrimOptions = {},
  action = 'trim silence',
  name = 'options',
): ResolvedTrimOptions {
  const { thresholdDb = 40, keepSeconds = 0.1, exact = false, ...rest } = checkOptions(action, options, name);
  checkNothingElse(action, rest);
  const path = name === 'options' ? '' : `${name}.`;
  checkNumber(action, `${path}thresholdDb`, thresholdDb, 0.01, 1000);
  checkNumber(action, `${path}keepSeconds`, keepSeconds, 0, 1e6);
  checkBoolean(action, `${path}exact`, exact);
  return { thresholdDb, keepSeconds, ...(exact && { exact }) };
}

/** Energies of a recording. */
interface Levels {
  /** Of each hop. */
  readonly hops: Float64Array;
  /** Of frames of four hops, one a hop; what a frame lacks at the end counts as silence. */
  readonly frames: Float64Array;
  /** What they are about. */
  readonly offset: number;
}

/**
 * The energies. A constant offset (DC) that would be audible by itself is no sound: then energies are about it. Where it would
 * not be, it makes no difference, and the level of rumble is what it is.
 */
function* levelsOf(samples: Float32Array, hop: number, threshold: number): Steps<Levels> {
  const levels = yield* levelsAbout(0, samples, hop);
  const offset = yield* offsetOf(samples, hop);
  const isAudible = HOPS_PER_FRAME * hop * offset ** 2 >= threshold * loudestOf(levels.frames);
  return isAudible ? yield* levelsAbout(offset, samples, hop) : levels;
}

/** The median of the hops' means, which neither a thump nor the periods of a voice are part of. */
function* offsetOf(samples: Float32Array, hop: number): Steps<number> {
  const means = yield* ofEachHop(samples, hop, (from, to) => {
    let sum = 0;
    for (let at = from; at < to; at++) sum += samples[at]!;
    return sum / (to - from);
  });
  return means.sort()[means.length >> 1]!;
}

/** Sums of squares about an offset. */
function* levelsAbout(offset: number, samples: Float32Array, hop: number): Steps<Levels> {
  const hops = yield* ofEachHop(samples, hop, (from, to) => {
    let sum = 0;
    for (let at = from; at < to; at++) sum += (samples[at]! - offset) ** 2;
    return sum;
  });
  const frames = new Float64Array(Math.max(1, hops.length - HOPS_PER_FRAME + 1));
  for (let frame = 0; frame < frames.length; frame++) {
    for (let i = 0; i < HOPS_PER_FRAME; i++) frames[frame]! += hops[frame + i] ?? 0;
  }
  return { hops, frames, offset };
}

/** A number for each hop. */
function* ofEachHop(
  samples: Float32Array,
  hop: number,
  numberOf: (from: number, to: number) => number,
): Steps<Float64Array> {
  const numbers = new Float64Array(Math.ceil(samples.length / hop));
  let turn = SAMPLES_A_TURN;
  for (let i = 0, from = 0; i < numbers.length; i++, from += hop) {
    if (from >= turn) {
      turn += SAMPLES_A_TURN;
      yield;
    }
    numbers[i] = numberOf(from, Math.min(samples.length, from + hop));
  }
  return numbers;
}

function loudestOf(energies: Float64Array): number {
  let loudest = 0;
  for (const energy of energies) if (energy > loudest) loudest = energy;
  return loudest;
}
