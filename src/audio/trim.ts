// Waveform → Waveform without the silence before and after

import { checkNothingElse, checkNumber, checkOptions, type Resolved } from '../core/check.ts';
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
}

/** Frames are 10 ms apart and 40 ms long, of the order of a few pitch periods, whatever the sampling rate. */
const HOP_SECONDS = 0.01;
const HOPS_PER_FRAME = 4;
/** Samples that are looked at between turns of the host: some 5 ms of work. */
const SAMPLES_A_TURN = 2 ** 20;

/**
 * Cuts off the silence before and after speech, never what lies between.
 *
 * Loudness is the RMS of frames 40 ms long and 10 ms apart; the cut is at the start of the first frame that is not
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
  options: Resolved<TrimOptions>,
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
  options: Resolved<TrimOptions>,
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
function* rangeInSteps(waveform: Waveform, options: Resolved<TrimOptions>): Steps<[number, number]> {
  const { thresholdDb, keepSeconds } = options;
  const { samples, sampleRate } = waveform;
  const hop = Math.max(1, Math.round(sampleRate * HOP_SECONDS));
  const threshold = 10 ** (-thresholdDb / 10);
  const energies = yield* frameEnergies(samples, hop, threshold);

  const loudest = loudestOf(energies);
  if (loudest === 0) return [0, samples.length];
  const audible = (energy: number) => energy >= loudest * threshold;
  const keep = Math.round(keepSeconds * sampleRate);
  const start = Math.max(0, energies.findIndex(audible) * hop - keep);
  const end = Math.min(samples.length, (energies.findLastIndex(audible) + HOPS_PER_FRAME) * hop + keep);
  return [start, end];
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
): Resolved<TrimOptions> {
  const { thresholdDb = 40, keepSeconds = 0.1, ...rest } = checkOptions(action, options, name);
  checkNothingElse(action, rest);
  const path = name === 'options' ? '' : `${name}.`;
  checkNumber(action, `${path}thresholdDb`, thresholdDb, 0.01, 1000);
  checkNumber(action, `${path}keepSeconds`, keepSeconds, 0, 1e6);
  return { thresholdDb, keepSeconds };
}

/**
 * The energy of each frame. A constant offset (DC) that would be audible by itself is no sound: then energies are about it. Where it would
 * not be, it makes no difference, and the level of rumble is what it is.
 */
function* frameEnergies(samples: Float32Array, hop: number, threshold: number): Steps<Float64Array> {
  const energies = yield* energiesAbout(0, samples, hop);
  const offset = yield* offsetOf(samples, hop);
  const isAudible = HOPS_PER_FRAME * hop * offset ** 2 >= threshold * loudestOf(energies);
  return isAudible ? yield* energiesAbout(offset, samples, hop) : energies;
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

/** Sums of squares about an offset, of frames of four hops, one a hop; what a frame lacks at the end counts as silence. */
function* energiesAbout(offset: number, samples: Float32Array, hop: number): Steps<Float64Array> {
  const hops = yield* ofEachHop(samples, hop, (from, to) => {
    let sum = 0;
    for (let at = from; at < to; at++) sum += (samples[at]! - offset) ** 2;
    return sum;
  });
  const frames = new Float64Array(Math.max(1, hops.length - HOPS_PER_FRAME + 1));
  for (let frame = 0; frame < frames.length; frame++) {
    for (let i = 0; i < HOPS_PER_FRAME; i++) frames[frame]! += hops[frame + i] ?? 0;
  }
  return frames;
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
  return energies.reduce((a, b) => Math.max(a, b), 0);
}
