// path of an ASED clip → emotion, speaker, sex
//
// Seen in the files themselves, whose sounds were compared: some takes are the same recording twice, two of them under two
// speakers, and the code of the sex is wrong in five names (it stands here by speaker, as in all their other files).

import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  n: ['neutral', 'neutral'],
  h: ['happy', 'happy'],
  s: ['sad', 'sad'],
  a: ['angry', 'angry'],
  f: ['fear', 'fearful'],
};

const WOMEN = '01 03 05 07 09 11 13 15 17 19 21 23 25 27 29 31 33 35 37 43 47 48 49 58 62'.split(' ');

/** Recordings of one of them are there under the name of another: what is one speaker must be on one side of a split. */
const ONE_SPEAKER = ['21', '23', '25'];

/** The same recording twice: one that is left out = the one that is kept. */
const COPIES = `
  n1-02-02-01-37=n1-02-01-01-37 n1-03-02-01-21=n1-03-01-01-21 n1-03-02-01-25=n1-03-01-01-25 n1-04-02-01-21=n1-04-01-01-21
  n1-04-02-01-25=n1-04-01-01-25 n1-05-02-01-21=n1-05-01-01-21 n1-05-02-01-25=n1-05-01-01-25 n1-06-02-01-21=n1-06-01-01-21
  n1-06-02-01-25=n1-06-01-01-25 n1-06-02-01-58=n1-06-01-01-58 n1-06-02-02-06=n1-06-01-02-06 n1-07-02-01-21=n1-07-01-01-21
  n1-07-02-01-25=n1-07-01-01-25 n1-07-02-01-29=n1-07-01-01-29 n1-07-02-02-53=n1-07-01-02-53 f2-01-02-01-37=f2-01-01-01-37
  f2-03-02-01-21=f2-03-01-01-21 f2-04-01-01-25=f2-04-01-01-23 f2-04-02-01-21=f2-04-01-01-21 f2-05-02-01-13=f2-05-01-01-13
  f2-05-02-01-21=f2-05-01-01-21 f2-05-02-02-50=f2-05-01-02-50 f2-06-02-01-21=f2-06-01-01-21 f2-07-02-01-25=f2-07-01-01-25
  h3-01-02-01-49=h3-01-01-01-49 h3-01-02-02-08=h3-01-01-02-08 h3-03-02-01-21=h3-03-01-01-21 h3-04-02-01-21=h3-04-01-01-21
  h3-06-02-01-21=h3-06-01-01-21 h3-07-01-01-25=h3-07-01-01-23 h3-07-02-01-21=h3-07-01-01-21 h3-07-02-01-31=h3-07-01-01-31
  s4-03-02-01-21=s4-03-01-01-21 s4-03-02-01-23=s4-03-01-01-23 s4-03-02-01-25=s4-03-01-01-25 s4-04-02-01-21=s4-04-01-01-21
  s4-04-02-01-58=s4-04-01-01-58 s4-05-02-01-21=s4-05-01-01-21 s4-05-02-01-25=s4-05-01-01-25 s4-06-02-01-21=s4-06-01-01-21
  s4-07-02-01-21=s4-07-01-01-21 s4-07-02-01-25=s4-07-01-01-25 s4-07-02-02-57=s4-06-01-02-57 a5-01-02-01-37=a5-01-01-01-37
  a5-01-02-01-49=a5-01-01-01-49 a5-03-02-01-21=a5-03-01-01-21 a5-03-02-01-25=a5-03-01-01-25 a5-04-02-01-21=a5-04-01-01-21
  a5-05-02-01-21=a5-05-01-01-21 a5-05-02-01-25=a5-05-01-01-25 a5-06-02-01-21=a5-06-01-01-21 a5-06-02-01-25=a5-06-01-01-25
  a5-07-02-01-25=a5-07-01-01-25 a5-07-02-02-63=a5-07-01-02-63
`;

const ORIGINAL = new Map(COPIES.match(/\S+/g)!.map((pair) => pair.split('=') as [string, string]));

/** The Amharic Speech Emotion Dataset, version 1. */
export const ased: Corpus = {
  title: 'ASED',
  licence: 'none stated (its paper: "freely available for download")',
  citation:
    'Retta EA, Almekhlafi E, Sutcliffe R, et al. (2022) A New Amharic Speech Emotion Dataset and Classification Benchmark. ' +
    'ACM TALLIP. https://doi.org/10.1145/3529759',
  languages: ['am'],
  labels: labelsOf(WORDS),
  speakers: '65 (25 f, 40 m)',
  naming: '`01Neutral/n1-01-02-01-25.wav`: emotion and its folder, sentence, take, sex (01 f, 02 m), speaker',
  remarks:
    `${ORIGINAL.size} copies of other takes are left out; speakers 21, 23 and 25 count as one, since recordings are there under two of ` +
    'their names. Sentences 03 to 07 are said in one emotion only. Takes come in pairs: split by speaker.',
  parse(path) {
    const stem = stemOf(path).toLowerCase();
    const [, emotion, speaker] = /^([a-z])\d-\d\d-\d\d-\d\d-(\d\d)$/.exec(stem) ?? [];
    if (!emotion || !speaker) return undefined;
    const original = ORIGINAL.get(stem);
    if (original !== undefined) return { reason: `it is the same recording as '${original}'` };
    return clipOf(path, WORDS, emotion, {
      speaker: ONE_SPEAKER.includes(speaker) ? ONE_SPEAKER.join('+') : speaker,
      sex: WOMEN.includes(speaker) ? 'f' : 'm',
      id: stem,
    });
  },
};
