// seed → names of files as corpora have them, and as nobody means them

import { EMOTIONS, LabelledDataset, RavdessDataset } from 'speech-emotion';
import { formatRavdessName, parseRavdessName } from 'speech-emotion/corpora';
import type { RandomStream } from 'speech-emotion/layers';
import { between, happens, pick } from '../chance.ts';
import type { Format } from '../format.ts';

const COUNTS = [3, 2, 8, 2, 2, 2, 24];
const FOLDERS = ['', 'Actor_01/', 'C:\\data\\', 'a/b/../', './', 'été/', '\u0000/'];
const ENDS = ['.wav', '.WAV', '', '.flac', '.tar.gz', '.', '-', ' ', '\n'];

/** A RAVDESS name is right when each of its seven numbers is, and neutral is not strong, and songs have six emotions. */
export const ravdessNames: Format = {
  errors: ['DatasetError'],
  async open() {
    return (random) => {
      const numbers = COUNTS.map((count) =>
        happens(random, 0.04) ? pick(random, [0, count + 1, 99]) : between(random, 1, count),
      );
      if (happens(random, 0.1)) numbers.splice(random.integer(7), 1);
      const separator = happens(random, 0.05) ? pick(random, ['_', '', '--', '−']) : '-';
      const base = numbers.map((number) => String(number).padStart(happens(random, 0.02) ? 3 : 2, '0')).join(separator);
      const name = pick(random, FOLDERS) + base + pick(random, ENDS);
      const wanted = meaningOf(name.split(/[/\\]/).at(-1)!);
      return {
        input: name,
        unrefusable: wanted !== undefined,
        answer: () => parseRavdessName(name),
        fault(answer) {
          if (!wanted) return 'took a name that breaks a rule of the corpus';
          const { emotion, actor } = answer as ReturnType<typeof parseRavdessName>;
          if (emotion !== EMOTIONS[wanted[2]! - 1] || actor !== wanted[6])
            return 'another emotion or actor than the name has';
          const back = formatRavdessName(answer as ReturnType<typeof parseRavdessName>);
          return name.includes(back) ? undefined : 'a name that comes back as another';
        },
      };
    };
  },
};

function meaningOf(base: string): number[] | undefined {
  const stem = base.replace(/\.[^.]+$/, '');
  if (!/^[0-9-]{20}$/.test(stem) || /[^\w.-]/.test(base.slice(20, 21))) return undefined;
  const parts = stem.split('-');
  if (parts.length !== 7 || parts.some((part) => part.length !== 2)) return undefined;
  const numbers = parts.map(Number);
  if (numbers.some((number, i) => number < 1 || number > COUNTS[i]!)) return undefined;
  const [, channel, emotion, intensity] = numbers;
  return (emotion === 1 && intensity === 2) || (channel === 2 && emotion! > 6) ? undefined : numbers;
}

const LABELS = [
  'angry',
  'Angry',
  'café',
  'cafe\u0301',
  '',
  ' ',
  'a\u0000b',
  'constructor',
  '__proto__',
  'x'.repeat(300),
  'sad\n',
];
const FILES = ['1.wav', '1.WAV', 'notes.txt', '.DS_Store', 'x.zip', '03-01-01-01-01-01-01.wav', 'ä.flac', 'a.wav/'];

/** Folders of files: what a dataset holds must be what was given, each file once, each label what its folder says. */
export const corpora: Format = {
  errors: ['DatasetError', 'RangeError', 'TypeError'],
  async open() {
    return (random) => {
      const names = Array.from({ length: random.integer(8) }, () => pathOf(random));
      const sources = names.map((name) => ({ name, bytes: async () => new Uint8Array(0) }));
      const onInvalid = pick(random, ['skip', 'throw'] as const);
      const ravdess = happens(random, 0.5);
      return {
        input: { names, onInvalid, ravdess },
        answer: () =>
          ravdess ? RavdessDataset.from(sources, { onInvalid }) : LabelledDataset.from(sources, { onInvalid }),
        fault(answer) {
          const dataset = answer as LabelledDataset;
          const recordings = [...dataset];
          const { skipped, labels } = dataset;
          const named = [...recordings, ...skipped].map(({ name }) => name);
          const given = names.map((name) => name.normalize()); // one way of writing each
          if (named.some((name) => !given.includes(name.normalize()))) return 'a file that was not given';
          if (recordings.some(({ label }) => typeof label !== 'string' || label === '' || !labels.includes(label)))
            return 'a label that is none';
          if (new Set(labels.map((label) => label.normalize())).size < labels.length)
            return 'one label twice, in two ways of writing it';
          return undefined;
        },
      };
    };
  },
};

function pathOf(random: RandomStream): string {
  return [...Array.from({ length: between(random, 0, 3) }, () => pick(random, LABELS)), pick(random, FILES)].join('/');
}
