// network + settings → trained model

import * as tfl from '@tensorflow/tfjs-layers';
import * as v from 'valibot';
import { shown } from '../core/check.ts';
import { ModelFormatError } from '../core/errors.ts';
import { isNestedDeeper } from '../core/json.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import { MODEL_FORMAT_VERSION, settingsSchema } from './settingsSchema.ts';

/** A network together with everything needed to use it: features, normaliser, labels, calibration. */
export interface TrainedModel {
  /** [batch, frames, bins, 1] (or without the last axis) → [batch, labels], probabilities. Owned by the holder of the model. */
  readonly network: tfl.LayersModel;
  /** Features, labels, calibration and provenance. */
  readonly settings: ModelSettings;
}

/** Settings stored with a network's weights: plain JSON, validated whenever they are read. */
export interface ModelSettings {
  /** Version of this format, raised when older versions of the library could not read it correctly. */
  readonly formatVersion: 2;
  /** Names of the network's outputs, in order. */
  readonly labels: string[];
  /** Options of the {@link FeatureExtractor} that makes the network's input. */
  readonly features: FeatureExtractor['options'];
  /** Per bin, of the training data: the network sees (value − mean) / std. */
  readonly normalizer: {
    /** Mean of each bin. */
    readonly mean: number[];
    /** What each bin is divided by. */
    readonly std: number[];
  };
  /** Longer recordings are cut into windows of `frames`, `hopFrames` apart; shorter ones are padded with silence. */
  readonly window: {
    /** Length of a window. */
    readonly frames: number;
    /** From the start of a window to the start of the next. */
    readonly hopFrames: number;
    /**
     * A recording that is shorter than a window is classified in so many places of it, a frame apart, as far as there is room, and the
     * probabilities are averaged: a result changes less when a recording begins a frame sooner or later, and takes as many times longer.
     * Longer recordings are averaged over their windows.
     * @default 1
     */
    readonly shifts?: number | undefined;
  };
  /** Probabilities are raised to 1 / temperature and scaled to sum 1: less confident above 1, more confident below. */
  readonly calibration: {
    /** Above 0; 1 leaves the probabilities as they are. */
    readonly temperature: number;
    /** A result is sure when its confidence is above this, in [0, 1]; see `fitSureThreshold`. Models of old do not say. */
    readonly sureAbove?: number | undefined;
  };
  /** Where the model comes from. */
  readonly training: Provenance;
}

/** Where a model comes from: training data, options, library, and its result on held-out data. */
export interface Provenance {
  /** Library and version that trained it, e.g. `speech-emotion 0.1.0`. */
  readonly library: string;
  /** When training ended, ISO 8601. */
  readonly date: string;
  /** What it was trained on. */
  readonly data: {
    /** Number of recordings. */
    readonly recordings: number;
    /** Number of speakers. */
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
  /** Result on held-out data, if it was evaluated. */
  readonly evaluation?:
    | {
        /** The protocol, e.g. `five folds by actor (Luna-Jiménez 2021)`. */
        readonly protocol: string;
        /** Metrics by name, e.g. `{ uar: 0.71, war: 0.72 }`. */
        readonly metrics: Readonly<Record<string, number>>;
      }
    | undefined;
}

/**
 * Reads and validates settings.
 *
 * @param value parsed JSON
 * @returns the settings, without fields that this version does not know
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
  const result = v.safeParse(settingsSchema, upgraded(value), { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    const path = v.getDotPath(issue) ?? 'the settings';
    throw new ModelFormatError(`Cannot read the model settings: ${path}: ${issue.message}`);
  }
  const extractor = extractorOf(result.output);
  checkSize(extractor, result.output.window);
  return { ...result.output, features: extractor.options };
}

/** Settings of format version 1, which called `normalizer.std` `deviation`, in the present format. */
function upgraded(value: unknown): unknown {
  const old = value as { formatVersion?: unknown; normalizer?: { mean?: unknown; deviation?: unknown } | null } | null;
  if (old?.formatVersion !== 1) return value;
  const { mean, deviation } = old.normalizer ?? {};
  return { ...old, formatVersion: MODEL_FORMAT_VERSION, normalizer: { mean, std: deviation } };
}

/** The most numbers that a second of features may have; the default has 3200. */
const MOST_PER_SECOND = 2 ** 22;

/** The most numbers that a window may have, 64 MB of them, of which 16 are classified at once; the default has 9000. */
const MOST_PER_WINDOW = 2 ** 24;

/** The most samples of a window, a quarter of a gigabyte of them: over an hour at 16 kHz. */
const MOST_SAMPLES = 2 ** 26;

/** Checks that features and windows fit into memory: options that are each in range may not be so together. */
function checkSize({ bins, framesPerSecond, options }: FeatureExtractor, { frames }: ModelSettings['window']): void {
  for (const [what, size, most] of [
    ['features: numbers a second', framesPerSecond * bins, MOST_PER_SECOND],
    ['window: numbers', frames * bins, MOST_PER_WINDOW],
    ['window: samples', (frames / framesPerSecond) * options.sampleRate, MOST_SAMPLES],
  ] as const) {
    if (size <= most) continue;
    throw new ModelFormatError(`Cannot read the model settings: ${what} must be at most ${most}, got ${size}`);
  }
}

/**
 * Finds what is wrong with a model, if anything: settings and network must fit together.
 *
 * @returns a phrase such as `the network's output must be [batch, 8], got [batch, 4]`, or undefined if nothing is wrong
 */
export function faultOf(model: TrainedModel): string | undefined {
  if (typeof model !== 'object' || model === null) {
    return `it must be a network and its settings, got ${model === null ? 'null' : typeof model}`;
  }
  const { network, settings } = model;
  if (!(network instanceof tfl.LayersModel)) {
    return typeof (network as tfl.LayersModel | undefined)?.predict === 'function'
      ? 'network must be a LayersModel of the same copy of @tensorflow/tfjs-layers that speech-emotion uses, got one of ' +
          'another copy (npm ls @tensorflow/tfjs-layers lists them; npm dedupe may join them)'
      : `network must be a tf.LayersModel, got ${network === null ? 'null' : typeof network}`;
  }
  if (isNestedDeeper(settings)) return 'settings must not be nested so deep, or in a circle';
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
  const dtype = network.inputs[0]?.dtype;
  if (dtype !== 'float32') return `the network's input must be float32, got ${shown(dtype)}`;
  const output = network.outputs[0]?.shape;
  if (output?.length !== 2 || output[1] !== read.labels.length) {
    return `the network's output must be [batch, ${read.labels.length}], one for each label, got ${shape(output)}`;
  }
  return largestOutputFault(network, read.window.frames);
}

/** The most values of a layer's output for one window: a gigabyte of them. */
const MOST_VALUES = 2 ** 28;

/** An axis whose size depends on the input counts as long as the window. */
function largestOutputFault(network: tfl.LayersModel, frames: number): string | undefined {
  for (const { name, inboundNodes } of network.layers) {
    const shapes = inboundNodes.flatMap(({ outputShapes }) => outputShapes as unknown as (number | null)[][]);
    for (const shape of shapes) {
      const size = shape.slice(1).reduce<number>((product, axis) => product * (axis ?? frames), 1);
      if (!(size <= MOST_VALUES)) {
        return `the network's layer ${name} must make at most ${MOST_VALUES} values of a window, got ${size}`;
      }
    }
  }
  return undefined;
}

/** The extractor of the settings' features; its errors become errors of the settings. */
function extractorOf({ features }: { features: Record<string, unknown> }): FeatureExtractor {
  try {
    return new FeatureExtractor(features as ConstructorParameters<typeof FeatureExtractor>[0]);
  } catch (cause) {
    throw new ModelFormatError(`Cannot read the model settings: features: ${(cause as Error).message}`, { cause });
  }
}
