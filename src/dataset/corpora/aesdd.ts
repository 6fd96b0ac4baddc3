// path of an AESDD clip → emotion, speaker
//
// After the README of the corpus: `xAA (B)`, first letter of the emotion, utterance, speaker. Which speakers are women is not in the
// names. Takes of an utterance beyond the first have a letter behind, which is not in the README.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  h: ['happiness', 'happy'],
  s: ['sadness', 'sad'],
  a: ['anger', 'angry'],
  f: ['fear', 'fearful'],
  d: ['disgust', 'disgust'],
};

/** The Acted Emotional Speech Dynamic Database. */
export const aesdd: Corpus = {
  title: 'AESDD',
  licence: 'none stated by its authors; free for research',
  citation:
    'Vryzas N, Kotsakis R, Liatsou A, Dimoulas CA, Kalliris G (2018) Speech Emotion Recognition for Performance Interaction. Journal of the ' +
    'Audio Engineering Society 66(6): 457-467. https://doi.org/10.17743/jaes.2018.0036',
  languages: ['el'],
  labels: labelsOf(WORDS),
  speakers: '5 (3 f, 2 m) in version 1, more since',
  naming: '`anger/a01 (1).wav`: emotion (a d f h s), utterance, speaker',
  remarks: 'Has no neutral speech.',
  parse(path) {
    const stem = stemOf(path).trim();
    const [, emotion, speaker] = /^([a-z])\d\d\s*\((\d+)\)\s*[a-z]?$/i.exec(stem) ?? [];
    return emotion && speaker ? clipOf(path, WORDS, emotion.toLowerCase(), { speaker, id: stem }) : undefined;
  },
};
