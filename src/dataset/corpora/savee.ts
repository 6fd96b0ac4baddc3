// path of a SAVEE clip → emotion, speaker
//
// After AudioData/Info.txt of the corpus; the copy on Kaggle has one folder and the speaker in the name.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  n: ['neutral', 'neutral'],
  h: ['happiness', 'happy'],
  sa: ['sadness', 'sad'],
  a: ['anger', 'angry'],
  f: ['fear', 'fearful'],
  d: ['disgust', 'disgust'],
  su: ['surprise', 'surprised'],
};

/** The Surrey Audio-Visual Expressed Emotion database. */
export const savee: Corpus = {
  title: 'SAVEE',
  licence: 'for research, on request',
  citation:
    'Haq S, Jackson PJB (2010) Multimodal Emotion Recognition. In: Wang W (ed.) Machine Audition, 398-423. IGI Global',
  languages: ['en'],
  labels: labelsOf(WORDS),
  speakers: '4 (4 m)',
  naming: '`AudioData/DC/sa01.wav` or `DC_sa01.wav`: speaker, emotion (a d f h n sa su), sentence',
  parse(path) {
    if (stemOf(path) === '') return undefined;
    const [, speaker, emotion, sentence] = /(?:^|\/)(DC|JE|JK|KL)[/_]([a-z]{1,2})(\d\d)\.\w+$/.exec(path) ?? [];
    if (!speaker || !emotion) return undefined;
    return clipOf(path, WORDS, emotion, { speaker, sex: 'm', id: `${speaker} ${emotion}${sentence}` });
  },
};
