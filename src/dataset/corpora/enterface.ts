// path of an eNTERFACE'05 clip → emotion, speaker
//
// After the folders of the published archive, `subject 1/anger/sentence 1/s1_an_1.avi`, and readers of others, which tell of names with
// one `_` more (`s_3_an_1.avi`). Which subjects are women is not in the names. A sound track of AVI is not decoded here: convert it.

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  ha: ['happiness', 'happy'],
  sa: ['sadness', 'sad'],
  an: ['anger', 'angry'],
  fe: ['fear', 'fearful'],
  di: ['disgust', 'disgust'],
  su: ['surprise', 'surprised'],
};

/** The eNTERFACE'05 Audio-Visual Emotion Database. */
export const enterface: Corpus = {
  title: "eNTERFACE'05",
  licence: 'none stated; for research',
  citation:
    "Martin O, Kotsia I, Macq B, Pitas I (2006) The eNTERFACE'05 Audio-Visual Emotion Database. ICDE Workshops 2006. " +
    'https://doi.org/10.1109/ICDEW.2006.145',
  languages: ['en'],
  labels: labelsOf(WORDS),
  speakers: '42 (8 f, 34 m) of 14 nations',
  naming: '`subject 1/anger/sentence 1/s1_an_1.avi`: subject, emotion (an di fe ha sa su), sentence',
  remarks: 'Video: convert the AVI files to sound. English by speakers of other languages. Has no neutral speech.',
  parse(path) {
    const [, name, emotion, sentence] = /^s_?(\d+)_([a-z]{2})_?(\d)$/i.exec(stemOf(path)) ?? [];
    if (!name || !emotion) return undefined;
    // The folder is right where both are there and differ.
    const subject = /\bsubject[ _-]?(\d+)\//i.exec(path)?.[1] ?? name;
    const code = emotion.toLowerCase();
    return clipOf(path, WORDS, code, { speaker: subject.padStart(2, '0'), id: `${subject} ${code} ${sentence}` });
  },
};
