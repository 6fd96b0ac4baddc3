// name of a protocol → its folds

import type { Fold, RavdessDataset } from 'speech-emotion';

/** How a result on RAVDESS speech came about; results of different protocols must not be compared. */
export interface Protocol {
  /** Printed beside each figure. */
  readonly says: string;
  readonly speakers: 'independent' | 'dependent';
  folds(speech: RavdessDataset): Fold<RavdessDataset>[];
}

export const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  si5: {
    says: 'speaker-independent, the five actor folds of Luna-Jiménez et al. 2021',
    speakers: 'independent',
    folds: (speech) => speech.folds('actors5'),
  },
  si6: {
    says: 'speaker-independent, the six actor folds of EmoBox (Ma et al. 2024)',
    speakers: 'independent',
    folds: (speech) => speech.folds('actors6'),
  },
  sd10: {
    says: 'speaker-dependent (tested actors are trained on), stratified random 10-fold',
    speakers: 'dependent',
    folds: (speech) => speech.folds({ folds: 10, by: 'recording' }),
  },
};
