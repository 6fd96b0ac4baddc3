// path of a ShEMO clip → emotion, speaker, sex
//
// After the README of https://github.com/mansourehk/ShEMO: sex, speaker, emotion, number; F is female in front and fear behind.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  N: ['neutral', 'neutral'],
  H: ['happiness', 'happy'],
  S: ['sadness', 'sad'],
  A: ['anger', 'angry'],
  F: ['fear', 'fearful'],
  W: ['surprise', 'surprised'],
};

/** The Sharif Emotional Speech Database. */
export const shemo: Corpus = {
  title: 'ShEMO',
  licence: 'for academic purposes',
  citation:
    'Mohamad Nezami O, Jamshid Lou P, Karami M (2019) ShEMO: a large-scale validated database for Persian speech emotion detection. ' +
    'Language Resources and Evaluation 53(1): 1-16. https://doi.org/10.1007/s10579-018-9427-x',
  languages: ['fa'],
  labels: labelsOf(WORDS),
  speakers: '87 (31 f, 56 m)',
  naming: '`female/F21N05.wav`: sex, speaker, emotion (A F H N S W), number',
  remarks: 'From radio plays, labelled by most listeners. Fear is rare (38 clips).',
  parse(path) {
    const stem = stemOf(path);
    const [, sex, speaker, emotion] = /^([FM])(\d\d)([A-Z])\d+$/.exec(stem) ?? [];
    return sex && emotion ? clipOf(path, WORDS, emotion, { speaker: `${sex}${speaker}`, sex, id: stem }) : undefined;
  },
};
