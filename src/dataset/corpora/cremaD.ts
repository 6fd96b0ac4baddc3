// path of a CREMA-D clip → emotion, actor, sex, intensity
//
// After the README and VideoDemographics.csv of https://github.com/CheyneyComputerScience/CREMA-D; what is damaged, after its
// issues 6 and 8.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  NEU: ['neutral', 'neutral'],
  HAP: ['happy', 'happy'],
  SAD: ['sad', 'sad'],
  ANG: ['anger', 'angry'],
  FEA: ['fear', 'fearful'],
  DIS: ['disgust', 'disgust'],
};

const INTENSITIES: Readonly<Record<string, string>> = { LO: 'low', MD: 'medium', HI: 'high', X: 'unspecified' };

/** Of actors 1001 to 1091, in their order. */
const SEXES = 'mfffmfffffmffmmmmfmffmmffmmfffmmmmmmfmmmmmfmmffmfmmfffffmfmffmfmmmmmmmmfffffmffmmfmfmmmmfmf';

const DAMAGED = new Map([
  ['1076_MTI_SAD_XX', 'it is silent'],
  ['1076_MTI_NEU_XX', 'it cannot be played'],
  ['1064_TIE_SAD_XX.mp3', 'it cannot be played'],
  ['1064_IEO_DIS_MD.mp3', 'it holds several emotions'],
]);

/** The Crowd-sourced Emotional Multimodal Actors Dataset. */
export const cremaD: Corpus = {
  title: 'CREMA-D',
  licence: 'ODbL 1.0, its contents DbCL 1.0',
  citation:
    'Cao H, Cooper DG, Keutmann MK, Gur RC, Nenkova A, Verma R (2014) CREMA-D: Crowd-Sourced Emotional Multimodal Actors Dataset. ' +
    'IEEE Transactions on Affective Computing 5(4): 377-390. https://doi.org/10.1109/TAFFC.2014.2336244',
  languages: ['en'],
  labels: labelsOf(WORDS),
  speakers: '91 (43 f, 48 m)',
  naming: '`1001_DFA_ANG_HI.wav`: actor, sentence, emotion, intensity (LO MD HI, XX: unspecified)',
  remarks:
    'Damaged files (its issue 8) are left out. Small text files in place of sound mean a download without git-lfs.',
  parse(path) {
    const stem = stemOf(path);
    const [, actor, emotion, intensity] = /^(\d{4})_[A-Z]{3}_([A-Z]{3})_(LO|MD|HI|X)X?$/.exec(stem) ?? [];
    if (!actor || !emotion || !intensity) return undefined;
    const reason = DAMAGED.get(stem) ?? DAMAGED.get(path.slice(path.lastIndexOf('/') + 1));
    if (reason) return { reason };
    const [sex, groups] = [SEXES[Number(actor) - 1001], { intensity: INTENSITIES[intensity] }];
    return clipOf(path, WORDS, emotion, { speaker: actor, sex, groups, id: stem });
  },
};
