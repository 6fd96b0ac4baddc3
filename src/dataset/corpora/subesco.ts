// path of a SUBESCO clip → emotion, speaker, sex
//
// After the description of https://doi.org/10.1371/journal.pone.0250173.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  NEUTRAL: ['neutral', 'neutral'],
  HAPPY: ['happiness', 'happy'],
  SAD: ['sadness', 'sad'],
  ANGRY: ['anger', 'angry'],
  FEAR: ['fear', 'fearful'],
  DISGUST: ['disgust', 'disgust'],
  SURPRISE: ['surprise', 'surprised'],
};

/** The SUST Bangla Emotional Speech Corpus. */
export const subesco: Corpus = {
  title: 'SUBESCO',
  licence: 'CC BY 4.0',
  citation:
    'Sultana S, Rahman MS, Selim MR, Iqbal MZ (2021) SUST Bangla Emotional Speech Corpus (SUBESCO): An audio-only emotional speech corpus ' +
    'for Bangla. PLoS ONE 16(4): e0250173. https://doi.org/10.1371/journal.pone.0250173',
  languages: ['bn'],
  labels: labelsOf(WORDS),
  speakers: '20 (10 f, 10 m)',
  naming: '`F_02_MONIKA_S_1_NEUTRAL_5.wav`: sex, speaker and name, sentence, emotion, take',
  parse(path) {
    const stem = stemOf(path);
    const [, sex, number, emotion] = /^([FM])_(\d+)_[A-Z]+_S_\d+_([A-Z]+)_\d+$/i.exec(stem) ?? [];
    if (!sex || !number || !emotion) return undefined;
    const speaker = sex.toUpperCase() + number.padStart(2, '0');
    return clipOf(path, WORDS, emotion.toUpperCase(), { speaker, sex, id: stem.toUpperCase() });
  },
};
