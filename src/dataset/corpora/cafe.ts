// path of a CaFE clip → emotion, actor, sex, intensity
//
// After Readme.txt of the corpus; odd actors are men.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  N: ['neutre', 'neutral'],
  J: ['joie', 'happy'],
  T: ['tristesse', 'sad'],
  C: ['colère', 'angry'],
  P: ['peur', 'fearful'],
  D: ['dégoût', 'disgust'],
  S: ['surprise', 'surprised'],
};

/** The Canadian French Emotional speech dataset. */
export const cafe: Corpus = {
  title: 'CaFE',
  licence: 'CC BY-NC-SA 4.0',
  citation:
    'Gournay P, Lahaie O, Lefebvre R (2018) A Canadian French Emotional Speech Dataset. ACM MMSys 2018, 399-402. ' +
    'https://doi.org/10.1145/3204949.3208121',
  languages: ['fr-CA'],
  labels: labelsOf(WORDS),
  speakers: '12 (6 f, 6 m)',
  naming: '`Colère/Faible/01-C-1-1.wav`: actor, emotion (C D J N P S T), intensity (1 low, 2 high), sentence',
  parse(path) {
    const stem = stemOf(path);
    const [, actor, emotion, level] = /^(\d\d)-([A-Z])-([12])-\d$/.exec(stem) ?? [];
    if (!actor || !emotion) return undefined;
    const [sex, groups] = [Number(actor) % 2 ? 'm' : 'f', { intensity: level === '1' ? 'low' : 'high' }];
    return clipOf(path, WORDS, emotion, { speaker: actor, sex, groups, id: stem });
  },
};
