// files + a rule for labels and speakers → LabelledDataset

import { abortable } from '../core/abortable.ts';
import { checkNothingElse, checkOptions } from '../core/check.ts';
import { DatasetError } from '../core/errors.ts';
import { collectRecordings, type SkippedFile } from './collectRecordings.ts';
import { corporaOf, leaveOneCorpusOut, splitByCorpus } from './corpusSplits.ts';
import { checkLabelledOptions, checkLabels, type LabelledDatasetOptions, labeller } from './labelling.ts';
import type { Recording } from './recording.ts';
import type { SourceInput } from './source.ts';
import {
  drawSpeakers,
  type Fold,
  type FoldOptions,
  randomFolds,
  type SpeakerDraw,
  type Split,
  speakersOf,
  splitBySpeaker,
} from './splits.ts';

const ACTION = 'make a dataset';

/** What a dataset is made of besides its recordings. */
export interface DatasetParts {
  /** The labels there may be, in the order of a model's classes. @default the labels found, sorted */
  readonly labels?: readonly string[] | undefined;
  /** The files that were left out, and why. @default none */
  readonly skipped?: readonly SkippedFile[] | undefined;
}

/** What {@link LabelledDataset.dropUnreadable} reports while it reads. */
export interface ReadProgress {
  /** A recording was read. */
  readonly type: 'read';
  /** Its name. */
  readonly name: string;
  /** How many were read, this one included. */
  readonly done: number;
  /** How many there are. */
  readonly total: number;
}

/** Options of {@link LabelledDataset.dropUnreadable}. */
export interface DropUnreadableOptions {
  /** Stops the reading: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every recording. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

/**
 * Labelled recordings, of which only the names are read until audio is needed.
 *
 * A dataset does not change: filters and splits give new ones, over the same recordings.
 *
 * @typeParam R what the dataset holds
 * @example
 * ```ts
 * // recordings/anna/happy/1.wav, recordings/ben/sad/7.wav, …
 * const dataset = await LabelledDataset.from(files, { speaker: (name) => name.split('/').at(-3) });
 * const { train, test } = dataset.splitBySpeaker(['anna']);
 * ```
 */
export class LabelledDataset<R extends Recording = Recording> implements Iterable<R> {
  /** The labels there may be, in the order of a model's classes; the same in every part of a dataset. */
  readonly labels: readonly string[];
  /** The files that were left out when the dataset was made, and why; empty in parts of a dataset. */
  readonly skipped: readonly SkippedFile[];
  readonly #recordings: readonly R[];

  /**
   * Makes a dataset of recordings that exist already; see {@link LabelledDataset.from} for files.
   *
   * @param recordings in the order that iteration gives; splits depend on it
   * @param options the labels there may be (default: those found, sorted), and a report of what was left out
   * @throws {RangeError} when a recording or a label is there twice, a recording's label is not among the labels, or not in
   *   composed Unicode
   * @throws {TypeError} when an option is wrong
   */
  constructor(recordings: Iterable<R>, options: DatasetParts = {}) {
    const { labels: given, skipped = [], ...rest } = checkOptions(ACTION, options);
    checkNothingElse(ACTION, rest);
    this.#recordings = [...recordings];
    if (new Set(this.#recordings).size < this.#recordings.length) {
      throw new RangeError(`Cannot ${ACTION}: a recording must be there once, got one twice`);
    }
    const found = [...new Set(this.#recordings.map(({ label }) => label))].sort();
    const labels = given === undefined ? found : checkLabels(given);
    const known = new Set(labels);
    for (const label of found) checkLabel(label, known);
    this.labels = labels;
    this.skipped = skipped;
  }

  /**
   * Lists files as recordings, labelled by their folder or by a callback. The order is that of their names.
   *
   * @param sources one zip archive, or sources, files and archives
   * @param options how to label
   * @throws {DatasetError} when an archive cannot be read, when a file is invalid (unless such files are skipped), and
   *   when no recording is left
   * @throws {TypeError | RangeError} when an option is wrong
   * @throws the signal's reason when it aborts
   */
  static async from(sources: SourceInput, options: LabelledDatasetOptions = {}): Promise<LabelledDataset> {
    const { intake, rule } = checkLabelledOptions(options);
    const { recordings, skipped } = await collectRecordings(sources, intake, labeller(rule));
    return new LabelledDataset(recordings, { labels: rule.labels, skipped });
  }

  /** How many recordings there are. */
  get size(): number {
    return this.#recordings.length;
  }

  /** The speakers of the recordings, sorted; the unknown speaker is not among them. */
  get speakers(): string[] {
    return speakersOf(this.#recordings);
  }

  /** What the recordings are of, sorted, e.g. `['EMOVO', 'RAVDESS']`; the unknown corpus is not among them. */
  get corpora(): string[] {
    return corporaOf(this.#recordings);
  }

  /** Gives the recordings one by one; their audio is not read. */
  [Symbol.iterator](): Iterator<R> {
    return this.#recordings.values();
  }

  /**
   * The recordings that a condition holds for; labels stay as they are, so that class indices do too.
   *
   * @param condition decides on one recording
   */
  filter(condition: (recording: R) => boolean): this {
    return this.part(this.#recordings.filter(condition));
  }

  /**
   * Keeps some speakers for testing, or, on a training set, for validation: the honest way to choose anything.
   *
   * @param test the test speakers, or how many to draw
   * @throws {RangeError} when a speaker has no recording, when either part would be empty, or when speakers are not known
   * @example
   * ```ts
   * const { train, test: validation } = dataset.splitBySpeaker({ speakers: 4, seed: 1, balance: 'sex' });
   * ```
   */
  splitBySpeaker(test: readonly string[] | SpeakerDraw): Split<this> {
    const speakers = Array.isArray(test) ? test : drawSpeakers(this.#recordings, test as SpeakerDraw);
    return this.#toParts(splitBySpeaker(this.#recordings, speakers));
  }

  /**
   * Keeps some corpora for testing, e.g. of a merged dataset: how well others are recognised that were not trained on.
   *
   * @param test the titles of the test corpora, e.g. `['TESS']`
   * @throws {RangeError} when a corpus has no recording, when either part would be empty, or when corpora are not known
   */
  splitByCorpus(test: readonly string[]): Split<this> {
    return this.#toParts(splitByCorpus(this.#recordings, test));
  }

  /**
   * Folds that each test one corpus and train on all others (cross-corpus evaluation), named `loco/TESS`.
   *
   * @throws {RangeError} when there are fewer than two corpora, or when corpora are not known
   */
  leaveOneCorpusOut(): Fold<this>[] {
    return leaveOneCorpusOut(this.#recordings).map((fold) => ({ name: fold.name, ...this.#toParts(fold) }));
  }

  /**
   * Cuts the dataset into folds, which together test every recording once.
   *
   * @param options how many folds, and whether speakers are kept together
   * @throws {RangeError} when there are fewer recordings of a label, or fewer speakers, than folds
   */
  folds(options: FoldOptions): Fold<this>[] {
    return randomFolds(this.#recordings, options).map((fold) => ({ name: fold.name, ...this.#toParts(fold) }));
  }

  /**
   * Reads and decodes every recording once and gives a dataset without those that cannot be, which are reported in its
   * `skipped`. Training stops at the first clip that it cannot read; this comes before it where clips may be damaged.
   *
   * @throws {DatasetError} when no recording can be read
   * @throws {TypeError} when an option is wrong
   * @throws the signal's reason when it aborts
   * @example
   * ```ts
   * const sound = await dataset.dropUnreadable();
   * for (const { name, reason } of sound.skipped) console.warn(name, reason);
   * ```
   */
  async dropUnreadable(options: DropUnreadableOptions = {}): Promise<this> {
    const { signal, onProgress, ...rest } = checkOptions('read the dataset', options);
    checkNothingElse('read the dataset', rest);
    const sound: R[] = [];
    const skipped = [...this.skipped];
    for (const [index, recording] of this.#recordings.entries()) {
      try {
        await abortable(recording.waveform({ signal }), signal);
        sound.push(recording);
      } catch (error) {
        if (!(error instanceof DatasetError)) throw error;
        skipped.push({ name: recording.name, reason: error.message });
      }
      onProgress?.({ type: 'read', name: recording.name, done: index + 1, total: this.size });
    }
    if (sound.length === 0) {
      throw new DatasetError(
        `Cannot ${ACTION}: there must be a recording that can be read, got ${skipped.at(-1)?.reason ?? 'none'}`,
        { file: skipped.at(-1)?.name },
      );
    }
    return this.part(sound, skipped);
  }

  /** A dataset of the same class and labels over some of the recordings. */
  protected part(recordings: readonly R[], skipped: readonly SkippedFile[] = []): this {
    const Class = this.constructor as typeof LabelledDataset<R>;
    return new Class(recordings, { labels: this.labels, skipped }) as this;
  }

  #toParts({ train, test }: Split<R[]>): Split<this> {
    return { train: this.part(train), test: this.part(test) };
  }
}

/** Holds that a recording's label is one there may be, and written in the way that labels are. */
function checkLabel(label: string, known: ReadonlySet<string>): void {
  if (label !== label.normalize()) {
    throw new RangeError(`Cannot ${ACTION}: labels must be in composed Unicode (label.normalize()), got ${label}`);
  }
  if (!known.has(label)) {
    throw new RangeError(`Cannot ${ACTION}: a label must be one of ${[...known].join(', ')}, got ${label}`);
  }
}
