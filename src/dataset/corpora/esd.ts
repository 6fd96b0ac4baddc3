// path of an ESD clip + its speaker's text file → emotion, speaker, sex, language
//
// After the README of the corpus. The text files have a line `0011_000351\tsentence\tAngry` a clip, those of Chinese speakers with
// Chinese words; the folders tell the same, and are believed where a text file is missing or its encoding unknown.

import { DatasetError } from '../../core/errors.ts';
import type { Corpus, LabelRow } from './corpus.ts';
import { clipOf, type EmotionWords, labelsOf, stemOf } from './emotionWords.ts';

const WORDS: EmotionWords = {
  neutral: ['neutral', 'neutral'],
  happy: ['happy', 'happy'],
  sad: ['sad', 'sad'],
  angry: ['angry', 'angry'],
  surprise: ['surprise', 'surprised'],
};

const CHINESE: Readonly<Record<string, string>> = {
  中立: 'neutral',
  快乐: 'happy',
  伤心: 'sad',
  生气: 'angry',
  惊喜: 'surprise',
};

/** Of speakers 0001 to 0020, in their order; the first ten speak Chinese. */
const SEXES = 'fffmmmfmfmmmmmfffffm';

/** The Emotional Speech Dataset. */
export const esd: Corpus = {
  title: 'ESD',
  licence: 'licence agreement with the National University of Singapore, for research',
  citation:
    'Zhou K, Sisman B, Liu R, Li H (2022) Emotional voice conversion: Theory, databases and ESD. Speech Communication 137: 1-18. ' +
    'https://doi.org/10.1016/j.specom.2021.11.006',
  languages: ['en', 'zh'],
  labels: labelsOf(WORDS),
  speakers: '20 (11 f, 9 m), half of them English, half Chinese',
  naming:
    '`0011/Angry/0011_000351.wav`, also in folders train, evaluation, test: speaker, number; emotions from `0011/0011.txt` and folders',
  remarks: 'The same 350 sentences in every emotion.',
  labelFiles: {
    is: (path) => /(?:^|\/)00[012]\d\.txt$/.test(path),
    *rows(text) {
      for (const [, clip, word] of text.matchAll(/^\s*(\d{4}_\d{6})\b.*?(\S+)\s*$/gm)) {
        const emotion = CHINESE[word!] ?? word!.toLowerCase();
        if (Object.hasOwn(WORDS, emotion)) yield [clip!, { emotion }] as const;
      }
    },
  },
  parse(path, rows: ReadonlyMap<string, LabelRow> = new Map()) {
    const stem = stemOf(path);
    const [, speaker] = /^(\d{4})_\d{6}$/.exec(stem) ?? [];
    if (!speaker) return undefined;
    const folders = path.toLowerCase().split('/');
    const folder = folders.findLast((name, i) => i < folders.length - 1 && Object.hasOwn(WORDS, name));
    const told = rows.get(stem)?.emotion;
    if (folder && told && folder !== told) {
      throw new DatasetError(
        `Cannot use '${path}': its emotion must be that of its text file, ${told}, got ${folder}`,
        {
          file: path,
        },
      );
    }
    const groups = { language: Number(speaker) <= 10 ? 'zh' : 'en' };
    const sex = SEXES[Number(speaker) - 1];
    return clipOf(path, WORDS, told ?? folder ?? 'none', { speaker, sex, groups, id: stem });
  },
};
