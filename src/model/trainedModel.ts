// network + settings → a model that knows how to be fed and read

import * as tfl from '@tensorflow/tfjs-layers';
import * as v from 'valibot';
import { ModelFormatError } from '../core/errors.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';

/** The newest settings format that this version reads, and the one it writes. */
const MODEL_FORMAT_VERSION = 1;

/** A network together with everything needed to feed it and to read its answers. */
export interface TrainedModel {
  /** [batch, frames, bins, 1] (or without the last axis) → [batch, labels], probabilities. Owned by the holder of the model. */
  readonly network: tfl.LayersModel;
  /** How the network is fed and read, and where it comes from. */
  readonly settings: ModelSettings;
}

/** What travels with a network's weights: plain JSON, validated whenever it is read. */
export interface ModelSettings {
  /** Version of this format, raised when older libraries could no longer read it right. */
  readonly formatVersion: 1;
  /** Names of the network's outputs, in their order. */
  readonly labels: string[];
  /** Options of the {@link FeatureExtractor} that makes the network's input. */
  readonly features: FeatureExtractor['options'];
  /** Per bin, of the training data: the network sees (value − mean) / deviation. */
  readonly normalizer: {
    /** Mean of each bin. */
    readonly mean: number[];
    /** What each bin is divided by. */
    readonly deviation: number[];
  };
  /** Longer recordings are cut into windows of `frames`, `hopFrames` apart; shorter ones are padded with silence. */
  readonly window: {
    /** Length of a window. */
    readonly frames: number;
    /** From the start of a window to the start of the next. */
    readonly hopFrames: number;
  };
  /** Probabilities are raised to 1 / temperature and scaled to sum 1: above 1 less sure, below 1 surer. */
  readonly calibration: {
    /** Above 0; 1 leaves the probabilities as they are. */
    readonly temperature: number;
  };
  /** Where the model comes from. */
  readonly training: Provenance;
}

/** Where a model comes from: what it was trained on, how, by what, and how it did on what it had not seen. */
export interface Provenance {
  /** Library and version that trained it, e.g. `speech-emotion 0.1.0`. */
  readonly library: string;
  /** When training ended, ISO 8601. */
  readonly date: string;
  /** What it was trained on. */
  readonly data: {
    /** How many recordings. */
    readonly recordings: number;
    /** How many speakers. */
    readonly speakers: number;
    /** The corpus and the part of it, e.g. `RAVDESS speech, 24 actors`. */
    readonly name?: string | undefined;
    /** Licence of the data, which may bind the weights, e.g. `CC BY-NC-SA 4.0`. */
    readonly licence?: string | undefined;
    /** How to cite the data. */
    readonly citation?: string | undefined;
  };
  /** The resolved training options, plain JSON. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Result on held-out data, where there was an evaluation. */
  readonly evaluation?:
    | {
        /** What was held out, e.g. `five folds by actor (Luna-Jiménez 2021)`. */
        readonly protocol: string;
        /** Measures by name, e.g. `{ uar: 0.71, war: 0.72 }`. */
        readonly metrics: Readonly<Record<string, number>>;
      }
    | undefined;
}

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const text = v.pipe(v.string(), v.nonEmpty());

const settingsSchema = v.object({
  formatVersion: v.literal(MODEL_FORMAT_VERSION),
  labels: v.pipe(
    v.array(text),
    v.minLength(2),
    v.check((labels) => new Set(labels).size === labels.length, 'every label must be there once'),
  ),
  features: v.record(v.string(), v.unknown()),
  normalizer: v.pipe(
    v.object({ mean: v.pipe(v.array(finite), v.nonEmpty()), deviation: v.array(positive) }),
    v.check(({ mean, deviation }) => mean.length === deviation.length, 'mean and deviation must be of one length'),
  ),
  window: v.pipe(
    v.object({ frames: count, hopFrames: count }),
    v.check(({ frames, hopFrames }) => hopFrames <= frames, 'hopFrames must not be above frames'),
  ),
  calibration: v.object({ temperature: positive }),
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

/**
 * Reads settings that come from outside.
 *
 * @param value parsed JSON
 * @returns the settings; fields this version does not know are left out
 * @throws {ModelFormatError} when the format is newer than this version reads, or naming the field at fault
 */
export function parseModelSettings(value: unknown): ModelSettings {
  const version = (value as { formatVersion?: unknown } | null | undefined)?.formatVersion;
  if (typeof version === 'number' && version > MODEL_FORMAT_VERSION) {
    throw new ModelFormatError(
      `Cannot read the model: it has format version ${version}, this version of speech-emotion (` +
        `up to format version ${MODEL_FORMAT_VERSION}) is too old for it`,
    );
  }
  const result = v.safeParse(settingsSchema, value, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    const path = v.getDotPath(issue) ?? 'the settings';
    throw new ModelFormatError(`Cannot read the model settings: ${path}: ${issue.message}`);
  }
  return { ...result.output, features: extractorOf(result.output).options };
}

/**
 * What is wrong with a model, if anything: the settings and the network must fit together.
 *
 * @returns a phrase such as `the network's output must be [batch, 8], got [batch, 4]`, or undefined where all is well
 */
export function faultOf({ network, settings }: TrainedModel): string | undefined {
  if (!(network instanceof tfl.LayersModel)) {
    return typeof (network as tfl.LayersModel | undefined)?.predict === 'function'
      ? 'network must be a LayersModel of the same copy of @tensorflow/tfjs-layers that speech-emotion uses, got one of ' +
          'another copy (npm ls @tensorflow/tfjs-layers lists them; npm dedupe may join them)'
      : `network must be a tf.LayersModel, got ${network === null ? 'null' : typeof network}`;
  }
  let read: ModelSettings;
  try {
    read = parseModelSettings(settings);
  } catch (error) {
    return (error as Error).message.replace(/^Cannot read the /, '');
  }
  const bins = new FeatureExtractor(read.features).bins;
  const shape = (axes: readonly (number | null)[] | undefined) =>
    `[${axes?.map((size, i) => size ?? (i === 0 ? 'batch' : 'frames')).join(', ')}]`;
  if (read.normalizer.mean.length !== bins) {
    return `normalizer must have one mean for each of the ${bins} bins of the features, got ${read.normalizer.mean.length}`;
  }
  if (network.inputs.length !== 1 || network.outputs.length !== 1) {
    return `network must have one input and one output, got ${network.inputs.length} and ${network.outputs.length}`;
  }
  const input = network.inputs[0]?.shape;
  const fits = (size: number | null | undefined, wanted: number) => size === null || size === wanted;
  if (
    !input ||
    !(input.length === 3 || (input.length === 4 && fits(input[3], 1))) ||
    !fits(input[1], read.window.frames) ||
    !fits(input[2], bins)
  ) {
    return `the network's input must be [batch, ${read.window.frames} or any, ${bins}, 1], got ${shape(input)}`;
  }
  const output = network.outputs[0]?.shape;
  if (output?.length !== 2 || output[1] !== read.labels.length) {
    return `the network's output must be [batch, ${read.labels.length}], one for each label, got ${shape(output)}`;
  }
  return undefined;
}

/** The extractor of the settings' features, whose own faults are named as the settings' faults. */
function extractorOf({ features }: { features: Record<string, unknown> }): FeatureExtractor {
  try {
    return new FeatureExtractor(features as ConstructorParameters<typeof FeatureExtractor>[0]);
  } catch (cause) {
    throw new ModelFormatError(`Cannot read the model settings: features: ${(cause as Error).message}`, { cause });
  }
}
