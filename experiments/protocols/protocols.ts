// name of a protocol → its folds

import type { Fold, RavdessDataset, RavdessRecording, SpeakerRule } from 'speech-emotion';

/** How a result on RAVDESS speech came about; results of different protocols must not be compared. */
export interface Protocol {
  /** Printed beside each figure. */
  readonly says: string;
  readonly speakers: SpeakerRule;
  /** Of every fold: a seed that lacks one is no result. */
  readonly foldNames: readonly string[];
  folds(speech: RavdessDataset): Fold<RavdessDataset>[];
}

export const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  si5: {
    says: 'speaker-independent, the five actor folds of Luna-Jiménez et al. 2021',
    speakers: 'independent',
    foldNames: numbered('actors5', 5),
    folds: (speech) => speech.folds('actors5'),
  },
  si6: {
    says: 'speaker-independent, the six actor folds of EmoBox (Ma et al. 2024)',
    speakers: 'independent',
    foldNames: numbered('actors6', 6),
    folds: (speech) => speech.folds('actors6'),
  },
  sd10: {
    says: 'speaker-dependent (tested actors are trained on), stratified random 10-fold',
    speakers: 'dependent',
    foldNames: numbered('recording10', 10),
    folds: (speech) => speech.folds({ folds: 10, by: 'recording' }),
  },
};

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}/${i}`);
}

/** The fold, trained on songs too: where speakers are kept apart, not on those of actors that it tests or leaves alone. */
export function withSongs(
  { name, train, test }: Fold<Iterable<RavdessRecording>>,
  songs: Iterable<RavdessRecording>,
  speakers: SpeakerRule,
  leftAlone: Iterable<RavdessRecording> = [],
): Fold<readonly RavdessRecording[]> {
  const away = new Set(Array.from([...test, ...leftAlone], ({ speaker }) => speaker));
  const sung = [...songs].filter(({ speaker }) => speakers === 'dependent' || !away.has(speaker));
  return { name, train: [...train, ...sung], test: [...test] };
}
