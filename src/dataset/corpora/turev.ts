// path of a TurEV-DB clip → emotion, speaker, sex
//
// Seen in the files themselves; the sexes are not published, and were judged by pitch.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  calm: ['calm', 'calm'],
  happy: ['happy', 'happy'],
  sad: ['sad', 'sad'],
  angry: ['angry', 'angry'],
};

const SEXES: Readonly<Record<string, string>> = {
  1157: 'm',
  1234: 'f',
  1358: 'm',
  1984: 'f',
  6783: 'm',
  7895: 'f',
};

/** The Turkish Emotion-Voice Database. */
export const turev: Corpus = {
  title: 'TurEV-DB',
  licence: 'CC BY-NC-ND 4.0 (its README; its licence file is the GPL 3)',
  citation:
    'Canpolat SF, Ormanoğlu Z, Zeyrek D (2020) Turkish Emotion Voice Database (TurEV-DB). SLTU-CCURL 2020, 368-375',
  languages: ['tr'],
  labels: labelsOf(WORDS),
  speakers: '6 (3 f, 3 m, by pitch)',
  naming: '`Angry/1157_kz_acik.wav`: folder of the emotion, speaker, list, word',
  remarks: 'Single words of about a second. Speaker 1157 has only angry and sad.',
  parse(path) {
    const [, speaker, list, word] = /^(\d{4})_([a-z]{2})_(\w+)$/.exec(stemOf(path)) ?? [];
    const emotion = path.split('/').at(-2)?.toLowerCase();
    if (!speaker || !emotion) return undefined;
    return clipOf(path, WORDS, emotion, { speaker, sex: SEXES[speaker], id: `${speaker} ${emotion} ${list} ${word}` });
  },
};
