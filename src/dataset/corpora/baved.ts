// path of a BAVED clip → level of emotion, speaker, sex
//
// After the README of the corpus: speaker, sex, age, word, level, record. Its levels are not emotions: 0 is tired or down, 1 as in
// everyday life, 2 any strong emotion, be it joy or anger. Only the middle one has a label here.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  0: ['low level of emotion'],
  1: ['neutral level of emotion', 'neutral'],
  2: ['high level of emotion'],
};

/** The Basic Arabic Vocal Emotions Dataset. */
export const baved: Corpus = {
  title: 'BAVED',
  licence: 'none stated',
  citation:
    'Aouf A (2019) Basic Arabic Vocal Emotions Dataset (BAVED). https://github.com/40uf411/Basic-Arabic-Vocal-Emotions-Dataset',
  languages: ['ar'],
  labels: labelsOf(WORDS),
  speakers: '61 (16 f, 45 m)',
  naming: '`1/12-m-21-0-1-105.wav`: speaker, sex, age, word, level (0 low, 1 neutral, 2 high), record',
  remarks:
    'Single words. Low and high level mean no one emotion and are left out: what is left tells neutral speech of many voices.',
  parse(path) {
    const stem = stemOf(path).toLowerCase();
    const [, speaker, sex, level] = /^(\d+)-([fm])-\d+-\d-(\d)-\d+$/.exec(stem) ?? [];
    return speaker && level ? clipOf(path, WORDS, level, { speaker, sex, id: stem }) : undefined;
  },
};
