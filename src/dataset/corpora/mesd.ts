// path of a MESD clip → emotion, sex
//
// After the description of https://doi.org/10.17632/cy34mh68j9: `Anger_C_A_abajo.wav`, emotion, voice (F, M, C: child), list, word.
// Which of the three women, two men and six children speaks is not told, so that each kind of voice counts as one speaker: more may
// stay together than must, and nobody is on two sides of a split.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  Neutral: ['neutral', 'neutral'],
  Happiness: ['happiness', 'happy'],
  Sadness: ['sadness', 'sad'],
  Anger: ['anger', 'angry'],
  Fear: ['fear', 'fearful'],
  Disgust: ['disgust', 'disgust'],
};

const VOICES: Readonly<Record<string, string>> = { F: 'women', M: 'men', C: 'children' };

/** The Mexican Emotional Speech Database. */
export const mesd: Corpus = {
  title: 'MESD',
  licence: 'CC BY 4.0',
  citation:
    'Duville MM, Alonso-Valerdi LM, Ibarra-Zarate DI (2021) Mexican Emotional Speech Database Based on Semantic, Frequency, Familiarity, ' +
    'Concreteness, and Cultural Shaping of Affective Prosody. Data 6(12): 130. https://doi.org/10.3390/data6120130',
  languages: ['es-MX'],
  labels: labelsOf(WORDS),
  speakers: '11 (3 f, 2 m, 6 children), not told apart by names',
  naming: '`Anger_C_A_abajo.wav`: emotion, voice (F, M, C: child), list of words, word',
  remarks: 'Single words. Women, men and children count as one speaker each, since names do not tell who speaks.',
  parse(path) {
    const stem = stemOf(path);
    const [, emotion, voice] = /^([A-Z][a-z]+)_([FMC])_[AB]_(.+)$/.exec(stem) ?? [];
    if (!emotion || !voice) return undefined;
    const speaker = VOICES[voice]!;
    return clipOf(path, WORDS, emotion, { speaker, sex: voice, groups: { voice: speaker }, id: stem });
  },
};
