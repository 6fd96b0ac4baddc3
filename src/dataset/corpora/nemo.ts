// path of an nEMO clip → emotion, speaker, sex
//
// Seen in the files themselves; names do not tell the sexes, which are those of an index of it.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  neutral: ['neutral', 'neutral'],
  happiness: ['happiness', 'happy'],
  sadness: ['sadness', 'sad'],
  anger: ['anger', 'angry'],
  fear: ['fear', 'fearful'],
  surprised: ['surprised', 'surprised'],
};

const WOMEN = ['EB0', 'IC0', 'KD0', 'MK0'];

/** nEMO: Dataset of Emotional Speech in Polish. */
export const nemo: Corpus = {
  title: 'nEMO',
  licence: 'CC BY-NC-SA 4.0',
  citation: 'Christop I (2024) nEMO: Dataset of Emotional Speech in Polish. LREC-COLING 2024. arXiv:2404.06292',
  languages: ['pl'],
  labels: labelsOf(WORDS),
  speakers: '9 (4 f, 5 m)',
  naming: '`EB0_anger_1.wav`: speaker, emotion, sentence',
  parse(path) {
    const [, speaker, emotion, sentence] = /^([A-Z]{2}\d)_([a-z]+)_(\d+)$/.exec(stemOf(path)) ?? [];
    if (!speaker || !emotion) return undefined;
    const sex = WOMEN.includes(speaker) ? 'f' : 'm';
    return clipOf(path, WORDS, emotion, { speaker, sex, id: `${speaker} ${emotion} ${sentence}` });
  },
};
