// path of an EMOVO clip → emotion, speaker, sex
//
// Seen in the files themselves: the folder repeats the speaker, and a file that lies in another's is refused.

import { DatasetError } from '../../core/errors.ts';
import type { Corpus } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  neu: ['neutral', 'neutral'],
  gio: ['joy', 'happy'],
  tri: ['sadness', 'sad'],
  rab: ['anger', 'angry'],
  pau: ['fear', 'fearful'],
  dis: ['disgust', 'disgust'],
  sor: ['surprise', 'surprised'],
};

/** EMOVO: an Italian Emotional Speech Database. */
export const emovo: Corpus = {
  title: 'EMOVO',
  licence: 'for research',
  citation:
    'Costantini G, Iaderola I, Paoloni A, Todisco M (2014) EMOVO Corpus: an Italian Emotional Speech Database. LREC 2014',
  languages: ['it'],
  labels: labelsOf(WORDS),
  speakers: '6 (3 f, 3 m)',
  naming: '`f1/gio-f1-b1.wav`: emotion (dis gio neu pau rab sor tri), speaker, sentence',
  remarks: 'Recorded with two microphones apart, whose mean combs the spectrum: the option channel chooses one.',
  parse(path) {
    const [, emotion, speaker, sentence] = /^([a-z]{3})-([fm]\d)-([a-z]\d)$/i.exec(stemOf(path)) ?? [];
    if (!emotion || !speaker) return undefined;
    const folder = /\b([fm]\d)\/[^/]*$/i.exec(path)?.[1];
    if (folder && folder.toLowerCase() !== speaker.toLowerCase()) {
      throw new DatasetError(
        `Cannot use '${path}': its speaker must be that of its folder, ${folder}, got ${speaker}`,
        {
          file: path,
        },
      );
    }
    const id = `${speaker} ${emotion} ${sentence}`.toLowerCase();
    return clipOf(path, WORDS, emotion.toLowerCase(), { speaker: speaker.toLowerCase(), sex: speaker[0], id });
  },
};
