// path of a MELD clip + tables of utterances → emotion, speaker, sex
//
// After the README of https://github.com/declare-lab/MELD: `train_splits/dia0_utt0.mp4`, and train_sent_emo.csv (dev_, test_) with the
// columns Speaker, Emotion, Dialogue_ID, Utterance_ID. Each split numbers its dialogues from 0. The folder of the test split has some
// clips twice, as `final_videos_testdia0_utt0.mp4`.

import { DatasetError } from '../../core/errors.ts';
import type { Corpus, LabelRow } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';
import { tableRows } from './table.ts';

const WORDS: EmotionWords = {
  neutral: ['neutral', 'neutral'],
  joy: ['joy', 'happy'],
  sadness: ['sadness', 'sad'],
  anger: ['anger', 'angry'],
  fear: ['fear', 'fearful'],
  disgust: ['disgust', 'disgust'],
  surprise: ['surprise', 'surprised'],
};

/** Of the six who say most; others are known by name alone. */
const SEXES: Readonly<Record<string, string>> = {
  Joey: 'm',
  Chandler: 'm',
  Ross: 'm',
  Monica: 'f',
  Rachel: 'f',
  Phoebe: 'f',
};

/** The Multimodal EmotionLines Dataset. */
export const meld: Corpus = {
  title: 'MELD',
  licence: 'GPL 3 (its repository); the sound is that of a television series',
  citation:
    'Poria S, Hazarika D, Majumder N, Naik G, Cambria E, Mihalcea R (2019) MELD: A Multimodal Multi-Party Dataset for Emotion Recognition ' +
    'in Conversations. ACL 2019, 527-536. arXiv:1810.02508',
  languages: ['en'],
  labels: labelsOf(WORDS),
  speakers: 'about 300, six of whom say most',
  naming:
    '`train_splits/dia0_utt0.mp4`: split, dialogue, utterance; emotion and speaker from `train_sent_emo.csv`, `dev_`, `test_`',
  remarks:
    'From a television series, with its laughter and music. Second copies of test clips (final_videos_test…) and the damaged dia125_utt3 ' +
    'of the training split are left out.',
  labelFiles: {
    is: (path) => /(train|dev|test)_sent_emo\.csv$/.test(path),
    *rows(text, path) {
      const split = /(train|dev|test)_sent_emo\.csv$/.exec(path)![1]!;
      for (const { Dialogue_ID, Utterance_ID, Emotion = '', Speaker = '' } of tableRows(text)) {
        const row = { emotion: Emotion.trim().toLowerCase(), speaker: Speaker.trim() };
        yield [`${split} ${Dialogue_ID} ${Utterance_ID}`, row] as const;
      }
    },
  },
  parse(path, rows: ReadonlyMap<string, LabelRow> = new Map()) {
    const [, copy, dialogue, utterance] = /^(final_videos_test)?dia(\d+)_utt(\d+)$/.exec(stemOf(path)) ?? [];
    if (!dialogue || !utterance) return undefined;
    if (copy) return { reason: 'it is a second copy of a clip' };
    const split = path.match(/train|dev|test/g)?.at(-1) ?? 'none';
    const id = `${split} ${dialogue} ${utterance}`;
    if (id === 'train 125 3') return { reason: 'it is damaged' };
    const { emotion, speaker } = rows.get(id) ?? {};
    if (!emotion || !speaker) {
      const message = `Cannot use '${path}': its emotion and speaker must be in the table of its split, ${split}, got none`;
      throw new DatasetError(message, { file: path });
    }
    return clipOf(path, WORDS, emotion, { speaker, sex: SEXES[speaker], groups: { split }, id });
  },
};
