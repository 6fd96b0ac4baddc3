// path of a TESS clip → emotion, speaker
//
// Seen in the files themselves. The corpus has `OA_bite_neutral.wav`, which is by OAF.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  neutral: ['neutral', 'neutral'],
  happy: ['happy', 'happy'],
  sad: ['sad', 'sad'],
  angry: ['angry', 'angry'],
  fear: ['fear', 'fearful'],
  disgust: ['disgust', 'disgust'],
  ps: ['ps', 'surprised'],
};

/** The Toronto emotional speech set. */
export const tess: Corpus = {
  title: 'TESS',
  licence: 'CC BY-NC-ND 4.0',
  citation:
    'Pichora-Fuller MK, Dupuis K (2020) Toronto emotional speech set (TESS). Borealis. https://doi.org/10.5683/SP2/E8H2MF',
  languages: ['en'],
  labels: labelsOf(WORDS),
  speakers: '2 (2 f): 26 and 64 years old',
  naming: '`OAF_back_angry.wav`: speaker, word, emotion (`ps`: pleasant surprise)',
  remarks:
    'Two speakers and one carrier phrase: results within it mean little. Copies in a second folder are left out.',
  parse(path) {
    const [, speaker, word, emotion] = /^(OAF?|YAF)_([a-z]+)_([a-z]+)$/i.exec(stemOf(path)) ?? [];
    if (!speaker || !word || !emotion) return undefined;
    const name = speaker[0]!.toUpperCase() === 'O' ? 'OAF' : 'YAF';
    const code = emotion.toLowerCase();
    return clipOf(path, WORDS, code, { speaker: name, sex: 'f', id: `${name} ${word.toLowerCase()} ${code}` });
  },
};
