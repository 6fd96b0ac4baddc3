// parsed JSON → settings of a model, within the bounds of 32-bit floats and memory

import * as v from 'valibot';
import { LEAST_STD, MOST_LEVEL } from '../features/normalizer.ts';

/** The newest settings format that this version reads, and the one it writes. */
export const MODEL_FORMAT_VERSION = 2;

const finite = v.pipe(v.number(), v.finite());
const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(1000));

/** As `Normalizer` takes them: within these bounds, normalised features are finite. */
const mean = v.pipe(finite, v.minValue(-MOST_LEVEL), v.maxValue(MOST_LEVEL));
const std = v.pipe(finite, v.minValue(LEAST_STD), v.maxValue(MOST_LEVEL));

/** From certain of one label to all labels equally likely. */
const temperature = v.pipe(finite, v.minValue(1e-3), v.maxValue(1e3));

/** More bins, frames and labels than any model has; their memory together is checked where the features are known. */
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2 ** 20));
const MOST_LABELS = 65536;

/** Twice as many as frames that a network which halves time five times cannot tell apart. */
export const MOST_SHIFTS = 64;

const composed = (label: string) => label.normalize('NFC');

/** The schema of model settings. */
export const settingsSchema = v.object({
  formatVersion: v.literal(MODEL_FORMAT_VERSION),
  labels: v.pipe(
    v.array(text),
    v.minLength(2),
    v.maxLength(MOST_LABELS),
    v.check((labels) => new Set(labels.map(composed)).size === labels.length, 'every label must be there once'),
  ),
  features: v.record(v.string(), v.unknown()),
  normalizer: v.pipe(
    v.object({ mean: v.pipe(v.array(mean), v.nonEmpty()), std: v.array(std) }),
    v.check(({ mean, std }) => mean.length === std.length, 'mean and std must be of one length'),
  ),
  window: v.pipe(
    v.object({ frames: count, hopFrames: count, shifts: v.optional(v.pipe(count, v.maxValue(MOST_SHIFTS))) }),
    v.check(({ frames, hopFrames }) => hopFrames <= frames, 'hopFrames must not be above frames'),
    v.check(({ frames, shifts = 1 }) => shifts <= frames, 'shifts must not be above frames'),
  ),
  calibration: v.object({ temperature, sureAbove: v.optional(v.pipe(finite, v.minValue(0), v.maxValue(1))) }),
  training: v.object({
    library: text,
    date: v.pipe(v.string(), v.isoTimestamp()),
    data: v.object({
      recordings: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      speakers: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      name: v.optional(v.string()),
      licence: v.optional(v.string()),
      citation: v.optional(v.string()),
    }),
    options: v.record(v.string(), v.unknown()),
    evaluation: v.optional(v.object({ protocol: v.string(), metrics: v.record(v.string(), finite) })),
  }),
});
