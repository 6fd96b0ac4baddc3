// name of a protocol → its folds

import type { LabelledDataset, RavdessDataset, Recording, SpeakerRule } from 'speech-emotion';
import type { Fold } from 'speech-emotion/corpora';
import { UsageError } from '../../examples/node/commandLine.ts';

/** What folds are made of. */
interface ProtocolClips {
  /** RAVDESS speech. */
  readonly speech: RavdessDataset;
  /** That and other corpora, where there are any. */
  readonly corpora?: LabelledDataset | undefined;
}

/** How a result is obtained; results of different protocols must not be compared. */
export interface Protocol {
  /** Printed beside each figure. */
  readonly description: string;
  readonly speakers: SpeakerRule;
  /** All folds: a seed that lacks one does not count. */
  readonly foldNames: readonly string[];
  folds(clips: ProtocolClips): Fold<Iterable<Recording>>[];
}

export const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  si5: {
    description: 'speaker-independent, the five actor folds of Luna-Jiménez et al. 2021',
    speakers: 'independent',
    foldNames: numbered('actors5', 5),
    folds: ({ speech }) => speech.folds('actors5'),
  },
  si6: {
    description: 'speaker-independent, the six actor folds of EmoBox (Ma et al. 2024)',
    speakers: 'independent',
    foldNames: numbered('actors6', 6),
    folds: ({ speech }) => speech.folds('actors6'),
  },
  sd10: {
    description: 'speaker-dependent (tested actors are trained on), stratified random 10-fold',
    speakers: 'dependent',
    foldNames: numbered('recording10', 10),
    folds: ({ speech }) => speech.folds({ folds: 10, by: 'recording' }),
  },
  loco: {
    description: 'leave one corpus out: each tested by a model that was trained on RAVDESS and the others',
    speakers: 'independent',
    foldNames: ['ASED', 'EMOVO', 'TESS', 'TurEV-DB', 'nEMO'].map((corpus) => `loco/${corpus}`),
    folds({ corpora }) {
      if (!corpora) throw new UsageError('Cannot leave a corpus out: --corpora must name a folder of corpora');
      return corpora.leaveOneCorpusOut().filter(({ name }) => name !== 'loco/RAVDESS');
    },
  },
};

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}/${i}`);
}

/** The fold with songs added to its training part; if speakers are kept apart, not those of actors that it tests or leaves out. */
export function withSongs(
  { name, train, test }: Fold<Iterable<Recording>>,
  songs: Iterable<Recording>,
  speakers: SpeakerRule,
  leftOut: Iterable<Recording> = [],
): Fold<readonly Recording[]> {
  const excluded = new Set(Array.from([...test, ...leftOut], ({ speaker }) => speaker));
  const sung = [...songs].filter(({ speaker }) => speakers === 'dependent' || !excluded.has(speaker));
  return { name, train: [...train, ...sung], test: [...test] };
}
