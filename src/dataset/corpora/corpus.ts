// a published corpus → what this library knows of it

/** What is read from the path of a recording. */
export interface CorpusClip {
  /** One of the corpus's `labels`. */
  readonly label: string;
  /** Who speaks, by a name that no other speaker of the corpus has; `''` where it is not known. */
  readonly speaker: string;
  /**
   * What evaluation breaks results down by: `sex`, `language`, `intensity`, and `emotion`, the corpus' own word for what is
   * said by the label here.
   */
  readonly groups: Readonly<Record<string, string>>;
  /**
   * The same for all copies of a recording, in whatever folder; a dataset is ordered by it.
   * @default the path
   */
  readonly id?: string | undefined;
}

/** A recording that is left out of datasets and reported in their `skipped`. */
export interface LeftOut {
  /** Why, in a sentence, e.g. `it is silent`. */
  readonly reason: string;
}

/** What a file of labels tells of one recording, e.g. `{ emotion: 'joy', speaker: 'Monica' }`. */
export type LabelRow = Readonly<Record<string, string>>;

/** Where a corpus has its labels, if not in the names of recordings. */
export interface LabelFiles {
  /** Whether a path is that of such a file. */
  is(path: string): boolean;
  /**
   * Reads such a file.
   *
   * @returns recordings, each by the key that {@link Corpus.parse} looks it up by
   */
  rows(text: string, path: string): Iterable<readonly [key: string, row: LabelRow]>;
}

/**
 * A published corpus: what it is, and how the paths of its recordings are read.
 *
 * @typeParam Clip what is read from a path
 */
export interface Corpus<Clip extends CorpusClip = CorpusClip> {
  /** What it is called, e.g. `RAVDESS`. */
  readonly title: string;
  /** Its licence, which may bind what is trained on it, e.g. `CC BY-NC-SA 4.0`. */
  readonly licence: string;
  /** How to cite it. */
  readonly citation: string;
  /** The languages spoken in it, as BCP 47 tags, e.g. `en`. */
  readonly languages: readonly string[];
  /** The labels that its speakers were asked for, or its listeners could choose from, in the order of a model's classes. */
  readonly labels: readonly string[];
  /** Who speaks, in words, e.g. `24 (12 f, 12 m)`. */
  readonly speakers?: string | undefined;
  /** How its files are named, in words, with an example. */
  readonly naming?: string | undefined;
  /** What to know before training on it: duplicates, damaged files, what is left out. */
  readonly remarks?: string | undefined;
  /** Files that label recordings; without them, all is in the names. */
  readonly labelFiles?: LabelFiles | undefined;
  /**
   * Reads label, speaker and groups from the path of a file.
   *
   * @param path with `/` between folders, as {@link ByteSource} has it
   * @param rows what `labelFiles` told
   * @returns undefined for files that are not recordings, such as documents
   * @throws {DatasetError} when it is a recording that the corpus does not have, or not in this form
   */
  parse(path: string, rows?: ReadonlyMap<string, LabelRow>): Clip | LeftOut | undefined;
}
