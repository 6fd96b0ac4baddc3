// path of an URDU clip → emotion, speaker, sex
//
// After the README of https://github.com/siddiquelatif/URDU-Dataset as others' readers have it (speaker SM or SF and number, file,
// emotion); the README itself was not at hand.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  N: ['neutral', 'neutral'],
  H: ['happy', 'happy'],
  S: ['sad', 'sad'],
  A: ['angry', 'angry'],
};

/** The URDU dataset of talk shows. */
export const urdu: Corpus = {
  title: 'URDU',
  licence: 'none stated; for research',
  citation:
    'Latif S, Qayyum A, Usman M, Qadir J (2018) Cross Lingual Speech Emotion Recognition: Urdu vs. Western Languages. FIT 2018, 88-93. ' +
    'arXiv:1812.10411',
  languages: ['ur'],
  labels: labelsOf(WORDS),
  speakers: '38 (11 f, 27 m)',
  naming: '`Angry/SM1_F1_A01.wav`: speaker (SM or SF), file, emotion (A H N S)',
  remarks: 'From talk shows, spontaneous.',
  parse(path) {
    const stem = stemOf(path).toUpperCase();
    const [, speaker, sex, emotion] = /^(S([FM])\d+)_F?\d+_([A-Z])\d+$/.exec(stem) ?? [];
    return speaker && emotion ? clipOf(path, WORDS, emotion, { speaker, sex, id: stem }) : undefined;
  },
};
