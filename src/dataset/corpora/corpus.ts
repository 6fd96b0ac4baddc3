// a published corpus → what this library knows of it

/** What is read from the path of a recording. */
export interface CorpusClip {
  /** One of the corpus's `labels`. */
  readonly label: string;
  /** Who speaks, by a name that no other speaker of the corpus has; `''` where it is not known. */
  readonly speaker: string;
  /** What evaluation breaks results down by, e.g. `{ sex: 'female', language: 'en', intensity: 'strong' }`. */
  readonly groups: Readonly<Record<string, string>>;
  /**
   * The same for all copies of a recording, in whatever folder; a dataset is ordered by it.
   * @default the path
   */
  readonly id?: string | undefined;
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
  /** Its labels, in the order of a model's classes. */
  readonly labels: readonly string[];
  /**
   * Reads label, speaker and groups from the path of a file.
   *
   * @param path with `/` between folders, as {@link ByteSource} has it
   * @returns undefined for files that are not recordings, such as documents
   * @throws {DatasetError} when it is a recording that the corpus does not have, or not in this form
   */
  parse(path: string): Clip | undefined;
}
