// recordings → ExampleSet: features, computed once

import { checkArray, checkFunction, checkNothingElse, checkNumber, checkOptions, typeName } from '../core/check.ts';
import type { Recording } from '../dataset/recording.ts';
import { FeatureExtractor, type FeatureExtractorOptions } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { checkExamples, checkLabels, checkNames } from './checkExamples.ts';
import { type ClipOutcome, extractHere, type FeatureExecutor } from './clipFeatures.ts';
import { resolveCopies, type WaveformCopy } from './copies.ts';
import type { Example, ExampleSet } from './exampleSet.ts';

/** Options of {@link prepareExamples}. */
export interface PrepareOptions {
  /** How features are made: an extractor or its options. @default those of `FeatureExtractor` */
  readonly features?: FeatureExtractor | FeatureExtractorOptions | undefined;
  /**
   * The labels, in the order of the network's outputs; recordings of other labels are an error.
   *
   * @default the `labels` of the dataset (for RAVDESS all eight emotions); of plain recordings those that occur, sorted
   */
  readonly labels?: readonly string[] | undefined;
  /**
   * Speed perturbation: the speeds of copies that training may draw in place of a clip, each in [0.5, 2], e.g.
   * `[0.88, 0.94, 1.06, 1.12]`. Pitch changes with speed, as on a tape. A slowed copy has no content above the speed times the
   * bandwidth of the original.
   *
   * @default none
   */
  readonly speeds?: readonly number[] | undefined;
  /**
   * Copies of the waveform that training may draw in place of a clip (`augment.copies`), as something else would have recorded or passed
   * it on, e.g. `[{ type: 'telephone' }, { type: 'clipped' }, { type: 'lowRate', sampleRate: 11025 }]`. Each takes as much memory as the
   * clip.
   *
   * @default none
   */
  readonly copies?: readonly WaveformCopy[] | undefined;
  /** Called for a recording that cannot be read, which is then left out. @default an error is thrown */
  readonly onInvalid?: ((error: unknown, recording: Recording) => void) | undefined;
  /**
   * What computes the features: `featureWorkers` of `speech-emotion/node` spreads them over threads, to the same result.
   *
   * @default one after the other, in this thread
   */
  readonly executor?: FeatureExecutor | undefined;
  /** Called after each recording, in order. */
  readonly onProgress?: ((progress: PrepareProgress) => void) | undefined;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How far {@link prepareExamples} is. */
export interface PrepareProgress {
  /** What happened. */
  readonly type: 'recording';
  /** The recording that was just done. */
  readonly name: string;
  /** Recordings done, this one included. */
  readonly done: number;
  /** Recordings in all. */
  readonly total: number;
}

/**
 * Computes the features of recordings, once for any number of trainings.
 *
 * @param recordings a dataset, or any other iterable of recordings
 * @throws {RangeError | TypeError} when there are no recordings, two have one name, one has a label that is not in `labels`, or an
 *   option is wrong
 * @throws {AudioFormatError | DatasetError} when a recording cannot be read and there is no `onInvalid`
 *
 * @example
 * ```ts
 * const examples = await prepareExamples(dataset, { speeds: [0.88, 0.94, 1.06, 1.12] });
 * ```
 */
export async function prepareExamples(
  recordings: Iterable<Recording> & { readonly labels?: readonly string[] | undefined },
  options: PrepareOptions = {},
): Promise<ExampleSet> {
  const {
    features,
    labels,
    speeds: otherSpeeds = [],
    copies = [],
    executor = extractHere,
    onInvalid,
    onProgress,
    signal,
    ...rest
  } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  for (const speed of checkArray(ACTION, 'speeds', otherSpeeds)) checkNumber(ACTION, 'speeds', speed, 0.5, 2);
  checkFunction(ACTION, 'executor', executor);
  if (typeof recordings?.[Symbol.iterator] !== 'function') {
    throw new TypeError(`Cannot ${ACTION}: recordings must be a dataset or a list, got ${typeName(recordings)}`);
  }
  const extractor = features instanceof FeatureExtractor ? features : new FeatureExtractor(features);
  const all = [...recordings];
  const { labels: own = [...new Set(all.map(({ label }) => label))].sort() } = recordings;
  const names = labels === undefined ? own : labels;
  checkRecordings(all, names);
  const speeds = [1, ...otherSpeeds];
  const made = resolveCopies(ACTION, 'copies', copies);

  const examples: Example[] = [];
  const outcomes: ClipOutcome[] = [];
  let done = 0;
  const take = (recording: Recording, outcome: ClipOutcome) => {
    const { name } = recording;
    if ('value' in outcome) {
      examples.push(exampleOf(recording, names, outcome.value));
    } else {
      if (!onInvalid) throw outcome.error;
      onInvalid(outcome.error, all[done]!);
    }
    done++;
    onProgress?.({ type: 'recording', name, done, total: all.length });
  };
  const onOutcome = (recording: number, outcome: ClipOutcome) => {
    outcomes[recording] = outcome;
    while (outcomes[done]) take(all[done]!, outcomes[done]!); // in order, whatever order they come in
  };
  await executor(all, { extractor, speeds, copies: made, onOutcome, signal });
  if (done < all.length) {
    throw new TypeError(
      `Cannot ${ACTION}: executor must call onOutcome for each of ${all.length} recordings, got ${done} calls`,
    );
  }
  return {
    ...{ labels: names, features: extractor.options, speeds, examples },
    ...(made.length > 0 && { copies: made }), // left out where there are none, so that stored sets stay as they are
  };
}

const ACTION = 'prepare examples';

/** The examples for which a condition holds, e.g. `selectExamples(all, ({ speaker }) => speaker !== '05')`. */
export function selectExamples(set: ExampleSet, condition: (example: Example) => boolean): ExampleSet {
  return { ...set, examples: set.examples.filter(condition) };
}

/**
 * The examples of a fold's recordings, in the order of the set.
 *
 * @param recordings anything with names, e.g. `fold.train`
 * @throws {RangeError} when one of them is not in the set
 */
export function examplesOf(set: ExampleSet, recordings: Iterable<{ readonly name: string }>): ExampleSet {
  const names = new Set(Array.from(recordings, ({ name }) => name));
  const chosen = selectExamples(set, ({ name }) => names.delete(name));
  const [missing] = names;
  if (missing !== undefined) throw new RangeError(`Cannot select examples: '${missing}' is not in the set`);
  return chosen;
}

/**
 * Several sets as one, e.g. speech and song.
 *
 * @throws {RangeError | TypeError} when they differ in labels, features, speeds or copies, share a name, or could not be trained on
 */
export function mergeExamples(first: ExampleSet, ...others: readonly ExampleSet[]): ExampleSet {
  for (const set of [first, ...others]) checkExamples('merge examples', set);
  for (const part of ['labels', 'features', 'speeds', 'copies'] as const) {
    const wanted = JSON.stringify(first[part]);
    const wrong = others.find((other) => JSON.stringify(other[part]) !== wanted);
    if (wrong) {
      throw new RangeError(
        `Cannot merge examples: ${part} must be the same in all, got ${wanted ?? 'none'} and ${JSON.stringify(wrong[part]) ?? 'none'}`,
      );
    }
  }
  const examples = [first, ...others].flatMap((set) => set.examples);
  checkNames('merge examples', examples);
  return { ...first, examples };
}

/** Properties that are not known are left out, so that stored sets stay as they are. */
function exampleOf(
  { name, label, speaker, groups, corpus, asked }: Recording,
  labels: readonly string[],
  variants: readonly FeatureMatrix[],
): Example {
  const indices = asked && labels.flatMap((one, i) => (asked.includes(one) ? [i] : []));
  return {
    name,
    label: labels.indexOf(label),
    speaker,
    groups,
    ...(corpus === undefined ? {} : { corpus }),
    ...(indices === undefined || indices.length === labels.length ? {} : { asked: indices }),
    variants,
  };
}

function checkRecordings(recordings: readonly Recording[], labels: readonly string[]): void {
  if (recordings.length === 0) throw new RangeError(`Cannot ${ACTION}: there must be recordings, got none`);
  checkNames(ACTION, recordings);
  checkLabels(ACTION, 'labels', labels);
  const other = recordings.find(({ label }) => !labels.includes(label));
  if (other) {
    throw new RangeError(
      `Cannot ${ACTION}: label must be one of ${labels.join(', ')}, got '${other.label}' (${other.name})`,
    );
  }
  const unasked = recordings.find(({ label, asked }) => asked && !asked.includes(label));
  if (unasked) {
    const { name, label, asked = [] } = unasked;
    throw new RangeError(
      `Cannot ${ACTION}: label must be one that its corpus asked for, ${asked.join(', ')}, got '${label}' (${name})`,
    );
  }
}
