// RAVDESS folders and archives → RavdessDataset

import type { Channel } from '../audio/channels.ts';
import { checkArray, checkNothingElse, checkOptions, shown } from '../core/check.ts';
import type { ByteSource } from './byteSource.ts';
import {
  type CollectOptions,
  checkCollectOptions,
  collectRecordings,
  type Identified,
  type OnInvalid,
} from './collectRecordings.ts';
import { type RavdessClip, ravdess, speakerOf } from './corpora/ravdess.ts';
import { EMOTIONS, type Emotion } from './emotion.ts';
import { type DatasetParts, LabelledDataset } from './labelledDataset.ts';
import { RAVDESS_FOLDS, type RavdessProtocol } from './ravdessFolds.ts';
import { RAVDESS_ACTORS, RAVDESS_CHANNELS, RAVDESS_INTENSITIES, type RavdessMetadata } from './ravdessName.ts';
import { type Recording, SourceRecording } from './recording.ts';
import type { SourceInput } from './source.ts';
import type { Fold, FoldOptions, Split } from './splits.ts';

/** A clip of RAVDESS: its label is its emotion, its speaker the two digits of its actor. */
export interface RavdessRecording extends Recording {
  /** The emotion that was acted. */
  readonly label: Emotion;
  /** All that is in the name of the file. */
  readonly metadata: RavdessMetadata;
}

/** Options of {@link RavdessDataset.from}. */
export interface RavdessDatasetOptions extends CollectOptions {
  /**
   * What to do about a media file that is no sound-only clip of RAVDESS, or the same clip given twice in different bytes:
   * `'throw'`, or `'skip'` and report it in `skipped`. Documents that lie beside the clips, and exact copies of clips, are
   * reported in either case.
   *
   * @default 'throw'
   */
  readonly onInvalid?: OnInvalid | undefined;
}

/** What clips to keep; each property that is given narrows the choice. */
export interface RavdessCriteria {
  /** Spoken or sung. */
  readonly channel?: RavdessMetadata['channel'] | undefined;
  /** Any of these emotions. */
  readonly emotions?: readonly Emotion[] | undefined;
  /** Any of these actors, 1 to 24. */
  readonly actors?: readonly number[] | undefined;
  /** Actors of this sex. */
  readonly sex?: RavdessMetadata['sex'] | undefined;
  /** Normal or strong; neutral clips are all normal. */
  readonly intensity?: RavdessMetadata['intensity'] | undefined;
  /** Any of these statements. */
  readonly statements?: readonly (1 | 2)[] | undefined;
}

/** How many actors to draw for the test part. */
export interface ActorDraw {
  /** How many actors; as many of either sex as can be. */
  readonly actors: number;
  /** Another seed draws other actors. @default 0 */
  readonly seed?: number | undefined;
}

/**
 * The sound-only speech and song clips of RAVDESS, read in place from folders or from the archives as published.
 *
 * The order is that of the actors, then of the names, however the files are ordered. `labels` are all eight
 * {@link EMOTIONS}, in song too, so that class indices always agree.
 *
 * @see Livingstone & Russo (2018), PLoS ONE 13(5): e0196391. The corpus: https://doi.org/10.5281/zenodo.1188976, CC BY-NC-SA 4.0
 * @example
 * ```ts
 * const dataset = await RavdessDataset.from(archive); // a Blob; from a path: openRavdess of speech-emotion/node
 * for (const { name, train, test } of dataset.folds('actors5')) {
 *   const { train: fit, test: validation } = train.splitByActor({ actors: 4, seed: 1 });
 *   // …
 * }
 * ```
 */
export class RavdessDataset extends LabelledDataset<RavdessRecording> {
  /**
   * Makes a dataset of clips that exist already, e.g. of two datasets; see {@link RavdessDataset.from} for files.
   *
   * @param recordings in the order that iteration gives; splits depend on it
   * @param options the labels there may be (default: all eight emotions), and a report of what was left out
   * @throws {RangeError} when a clip is there twice, or has a label that is not among the labels
   */
  constructor(recordings: Iterable<RavdessRecording>, options: DatasetParts = {}) {
    const { labels = EMOTIONS, ...rest } = checkOptions('make a dataset', options);
    super(recordings, { ...rest, labels });
  }

  /**
   * Lists the clips in archives or among files; their audio is read later.
   *
   * @param sources one zip archive, or sources, files and archives, of speech, of song, or of both
   * @param options what to do about files that are no clips
   * @throws {DatasetError} when an archive cannot be read, when a file is invalid (unless such files are skipped), and
   *   when no clip is left
   * @throws {TypeError | RangeError} when an option is wrong
   * @throws the signal's reason when it aborts
   */
  static override async from(sources: SourceInput, options: RavdessDatasetOptions = {}): Promise<RavdessDataset> {
    const intake = checkRavdessOptions(options);
    const identify = (source: ByteSource) => identifyClip(source, intake.channel);
    const { recordings, skipped } = await collectRecordings(sources, intake, identify);
    return new RavdessDataset(recordings, { skipped });
  }

  /** The numbers of the actors there are clips of, ascending. */
  get actors(): number[] {
    return this.speakers.map(Number);
  }

  /**
   * The clips that a condition holds for, or that meet all of some criteria.
   *
   * @throws {RangeError} when a criterion asks for something that RAVDESS does not have
   * @example
   * ```ts
   * dataset.filter({ channel: 'speech', sex: 'female', emotions: ['happy', 'sad'] });
   * dataset.filter(({ metadata }) => metadata.repetition === 1);
   * ```
   */
  override filter(condition: ((recording: RavdessRecording) => boolean) | RavdessCriteria): this {
    return super.filter(typeof condition === 'function' ? condition : toCondition(condition));
  }

  /**
   * Keeps some actors for testing, or, on a training set, for validation.
   *
   * @param test the numbers of the test actors, or how many to draw, as many of either sex as can be
   * @throws {RangeError} when an actor has no clip, or when either part would be empty
   */
  splitByActor(test: readonly number[] | ActorDraw): Split<this> {
    if (Array.isArray(test)) return this.splitBySpeaker(test.map(speakerOf));
    const { actors, seed, ...rest } = checkOptions('split by actor', test as ActorDraw);
    checkNothingElse('split by actor', rest);
    return this.splitBySpeaker({ speakers: actors, seed, balance: 'sex' });
  }

  /**
   * Cuts the dataset into folds, which together test every clip once: those of a published protocol, which keep actors
   * apart (`'actors5'` is the usual one), or random ones. Random folds by recording are speaker-dependent.
   *
   * @param protocol a key of {@link RAVDESS_FOLDS}, or how to draw folds
   * @throws {RangeError} when a fold would have no clip to train on or to test
   */
  override folds(protocol: RavdessProtocol | FoldOptions): Fold<this>[] {
    if (typeof protocol === 'object') return super.folds(protocol);
    if (!Object.hasOwn(RAVDESS_FOLDS, protocol)) {
      throw new RangeError(
        `Cannot cut folds: protocol must be ${Object.keys(RAVDESS_FOLDS).join(' or ')}, got ${shown(protocol)}`,
      );
    }
    const present = new Set(this.actors);
    return RAVDESS_FOLDS[protocol].map((actors, index) => ({
      name: `${protocol}/${index}`,
      // The song clips lack actor 18.
      ...this.splitByActor(actors.filter((actor) => present.has(actor))),
    }));
  }
}

/** The options, when each of them is what it must be. */
export function checkRavdessOptions(options: RavdessDatasetOptions): ReturnType<typeof checkCollectOptions> {
  return checkCollectOptions('make a dataset', options);
}

class RavdessSource extends SourceRecording implements RavdessRecording {
  declare readonly label: Emotion;
  readonly metadata: RavdessMetadata;

  constructor(source: ByteSource, clip: RavdessClip, channel: Channel | undefined) {
    // What results and checkpoints of RAVDESS are broken down by.
    const { actor, sex, intensity } = clip.groups as { actor: string; sex: string; intensity: string };
    const { title, labels } = ravdess;
    super(source, { ...clip, groups: { actor, sex, intensity }, corpus: title, asked: labels, channel });
    this.metadata = clip.metadata;
  }
}

function identifyClip(source: ByteSource, channel: Channel | undefined): Identified<RavdessRecording> {
  const clip = ravdess.parse(source.name);
  if (!clip) return { reason: 'it is no sound file, by its name' };
  return { recording: new RavdessSource(source, clip, channel), key: clip.id };
}

function toCondition(criteria: RavdessCriteria): (recording: RavdessRecording) => boolean {
  const { channel, emotions, actors, sex, intensity, statements, ...rest } = checkOptions('filter', criteria);
  checkNothingElse('filter', rest);
  const everyActor = Array.from({ length: RAVDESS_ACTORS }, (_, i) => i + 1);
  const conditions = [
    among('channel', channel && [channel], RAVDESS_CHANNELS),
    among('emotion', emotions, EMOTIONS),
    among('actor', actors, everyActor),
    among('sex', sex && [sex], ['male', 'female']),
    among('intensity', intensity && [intensity], RAVDESS_INTENSITIES),
    among('statement', statements, [1, 2]),
  ];
  return ({ metadata }) => conditions.every((condition) => condition(metadata));
}

function among<F extends keyof RavdessMetadata>(
  field: F,
  wanted: readonly RavdessMetadata[F][] | undefined,
  possible: readonly RavdessMetadata[F][],
): (metadata: RavdessMetadata) => boolean {
  if (wanted === undefined) return () => true;
  const strange = checkArray('filter', field, wanted).find((value) => !possible.includes(value));
  if (strange !== undefined) {
    throw new RangeError(`Cannot filter: ${field} must be one of ${possible.join(', ')}, got ${shown(strange)}`);
  }
  return (metadata) => wanted.includes(metadata[field]);
}
