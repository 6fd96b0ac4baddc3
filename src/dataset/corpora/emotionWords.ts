// a corpus' own words for emotions → the eight labels of this library

import { DatasetError } from '../../core/errors.ts';
import { EMOTIONS, type Emotion } from '../emotion.ts';
import { isMedia } from '../source.ts';
import type { CorpusClip, LeftOut } from './corpus.ts';

/** A corpus' code for an emotion → its own word, and the label here, where there is one. */
export type EmotionWords = Readonly<Record<string, readonly [word: string, label?: Emotion]>>;

/** What is read from a path beside the emotion. */
export interface ClipParts {
  readonly speaker: string;
  readonly id: string;
  /** `'f'` or `'m'`, in either case. */
  readonly sex?: string | undefined;
  /** Other groups; those that are undefined are left out. */
  readonly groups?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The labels that a corpus asked for, in the order of {@link EMOTIONS}. */
export function labelsOf(words: EmotionWords): readonly Emotion[] {
  const asked = new Set(Object.values(words).map(([, label]) => label));
  return EMOTIONS.filter((emotion) => asked.has(emotion));
}

/** The name of a sound file without folders and extension; `''` for other files. */
export function stemOf(path: string): string {
  return isMedia(path) ? path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.')) : '';
}

/**
 * A clip under the label of its emotion, or a reason to leave it out where no label is meant by it.
 *
 * @throws {DatasetError} when the code of its emotion is none of the corpus
 */
export function clipOf(
  path: string,
  words: EmotionWords,
  code: string,
  { speaker, id, sex, groups = {} }: ClipParts,
): CorpusClip | LeftOut {
  if (!Object.hasOwn(words, code)) {
    const codes = Object.keys(words).join(', ');
    throw new DatasetError(`Cannot use '${path}': its emotion must be one of ${codes}, got ${code}`, { file: path });
  }
  const [emotion, label] = words[code]!;
  if (label === undefined) return { reason: `its emotion is '${emotion}', which none of the labels means` };
  const all = { ...groups, sex: sex && SEXES[sex.toLowerCase()], emotion };
  const known = Object.entries(all).filter((group): group is [string, string] => group[1] !== undefined);
  return { label, speaker, id, groups: Object.fromEntries(known) };
}

const SEXES: Readonly<Record<string, string | undefined>> = { f: 'female', m: 'male' };
