// name of a protocol → its folds

import type { RavdessDataset, RavdessRecording, SpeakerRule } from 'speech-emotion';
import type { Fold } from 'speech-emotion/corpora';

/** How a result on RAVDESS speech is obtained; results of different protocols must not be compared. */
export interface Protocol {
  /** Printed beside each figure. */
  readonly description: string;
  readonly speakers: SpeakerRule;
  /** All folds: a seed that lacks one does not count. */
  readonly foldNames: readonly string[];
  folds(speech: RavdessDataset): Fold<RavdessDataset>[];
}

export const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  si5: {
    description: 'speaker-independent, the five actor folds of Luna-Jiménez et al. 2021',
    speakers: 'independent',
    foldNames: numbered('actors5', 5),
    folds: (speech) => speech.folds('actors5'),
  },
  si6: {
    description: 'speaker-independent, the six actor folds of EmoBox (Ma et al. 2024)',
    speakers: 'independent',
    foldNames: numbered('actors6', 6),
    folds: (speech) => speech.folds('actors6'),
  },
  sd10: {
    description: 'speaker-dependent (tested actors are trained on), stratified random 10-fold',
    speakers: 'dependent',
    foldNames: numbered('recording10', 10),
    folds: (speech) => speech.folds({ folds: 10, by: 'recording' }),
  },
};

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}/${i}`);
}

/** The fold with songs added to its training part; if speakers are kept apart, not those of actors that it tests or leaves out. */
export function withSongs(
  { name, train, test }: Fold<Iterable<RavdessRecording>>,
  songs: Iterable<RavdessRecording>,
  speakers: SpeakerRule,
  leftOut: Iterable<RavdessRecording> = [],
): Fold<readonly RavdessRecording[]> {
  const excluded = new Set(Array.from([...test, ...leftOut], ({ speaker }) => speaker));
  const sung = [...songs].filter(({ speaker }) => speakers === 'dependent' || !excluded.has(speaker));
  return { name, train: [...train, ...sung], test: [...test] };
}
