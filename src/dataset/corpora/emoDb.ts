// path of an EMO-DB clip → emotion, speaker, sex
//
// After the description at http://emodb.bilderbar.info/docu/.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  N: ['neutral', 'neutral'],
  F: ['happiness', 'happy'],
  T: ['sadness', 'sad'],
  W: ['anger', 'angry'],
  A: ['fear', 'fearful'],
  E: ['disgust', 'disgust'],
  L: ['boredom'],
};

const WOMEN = ['08', '09', '13', '14', '16'];

/** The Berlin Database of Emotional Speech. */
export const emoDb: Corpus = {
  title: 'EMO-DB',
  licence: 'none stated by its authors; distributed as CC0 1.0',
  citation:
    'Burkhardt F, Paeschke A, Rolfes M, Sendlmeier WF, Weiss B (2005) A Database of German Emotional Speech. Interspeech 2005, 1517-1520',
  languages: ['de'],
  labels: labelsOf(WORDS),
  speakers: '10 (5 f, 5 m)',
  naming: '`wav/03a01Fa.wav`: speaker, sentence, emotion (W L E A F T N), version',
  remarks: 'Boredom has no label here and is left out.',
  parse(path) {
    const stem = stemOf(path);
    const [, speaker, emotion] = /^(\d\d)[ab]\d\d([A-Z])[a-z]?$/.exec(stem) ?? [];
    if (!speaker || !emotion) return undefined;
    return clipOf(path, WORDS, emotion, { speaker, sex: WOMEN.includes(speaker) ? 'f' : 'm', id: stem });
  },
};
