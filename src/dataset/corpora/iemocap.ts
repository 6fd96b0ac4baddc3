// path of an IEMOCAP turn + the files of its session's EmoEvaluation → emotion, speaker, sex
//
// After the files' published form: a line `[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]` a turn, which holds
// the vote of most listeners. The letter behind the last `_` tells which of the two speaks.

import { DatasetError } from '../../core/errors.ts';
import type { Corpus, LabelRow } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  neu: ['neutral', 'neutral'],
  hap: ['happiness', 'happy'],
  exc: ['excited', 'happy'],
  sad: ['sadness', 'sad'],
  ang: ['anger', 'angry'],
  fea: ['fear', 'fearful'],
  dis: ['disgust', 'disgust'],
  sur: ['surprise', 'surprised'],
  fru: ['frustration'],
  oth: ['other'],
  xxx: ['no agreement'],
};

/** The Interactive Emotional Dyadic Motion Capture database. */
export const iemocap: Corpus = {
  title: 'IEMOCAP',
  licence: 'licence agreement with the University of Southern California, for research',
  citation:
    'Busso C, Bulut M, Lee CC, et al. (2008) IEMOCAP: interactive emotional dyadic motion capture database. Language Resources and ' +
    'Evaluation 42(4): 335-359. https://doi.org/10.1007/s10579-008-9076-6',
  languages: ['en'],
  labels: labelsOf(WORDS),
  speakers: '10 (5 f, 5 m)',
  naming:
    '`Ses01F_impro01_M003.wav`: session, dialogue, who speaks, turn; emotions from `dialog/EmoEvaluation/Ses*.txt`',
  remarks:
    'Excited counts as happy, as is usual, with its own word kept. Frustration, others, turns without agreement and whole dialogues are ' +
    'left out.',
  labelFiles: {
    is: (path) => /\bEmoEvaluation\/Ses\w+\.txt$/.test(path),
    *rows(text) {
      for (const [, turn, emotion] of text.matchAll(/^\[[^\]]*\]\s+(Ses\w+)\s+([a-z]{3})\s/gm)) {
        yield [turn!, { emotion: emotion! }] as const;
      }
    },
  },
  parse(path, rows: ReadonlyMap<string, LabelRow> = new Map()) {
    const stem = stemOf(path);
    const [, session, dialogue, sex] = /^Ses(\d\d)[FM]_((?:impro|script)\w*?)(?:_([FM])[A-Z]*\d+)?$/.exec(stem) ?? [];
    if (!session || !dialogue) return undefined;
    if (!sex) return { reason: 'it is a whole dialogue' };
    const emotion = rows.get(stem)?.emotion;
    if (emotion === undefined) {
      const message = `Cannot use '${path}': its emotion must be in a file of EmoEvaluation, got none`;
      throw new DatasetError(message, { file: path });
    }
    const groups = { style: dialogue.startsWith('impro') ? 'improvised' : 'scripted' };
    return clipOf(path, WORDS, emotion, { speaker: session + sex, sex, groups, id: stem });
  },
};
