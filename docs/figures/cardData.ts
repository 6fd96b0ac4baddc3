// the shipped model's settings → what its card says of its data and its limits

import { CORPORA } from '../../src/dataset/corpora.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { anchorOf } from './corpora.ts';
import { grouped, paragraph, table } from './markdown.ts';

const LANGUAGES = new Intl.DisplayNames('en', { type: 'language' });
const LIST = new Intl.ListFormat('en');

/** The section on its data. */
export function cardData({ training: { data } }: ModelSettings): string {
  const others = otherCorpora(data.name);
  const rows = [
    ['', ''],
    ['Corpora', data.name ?? 'not said'],
    ['Trained on', `${grouped(data.recordings)} recordings of ${data.speakers} speakers`],
  ];
  const links = others.map(({ title }) => `[${title}](corpora.md${anchorOf(title)})`);
  return [
    '## Data',
    table(rows),
    `\
RAVDESS has 24 professional actors, 12 women and 12 men, who speak two sentences ("Kids are talking by the door", "Dogs are sitting by the door")
in a neutral North American accent, in seven acted emotions at two intensities and in a neutral voice, twice each: 60 clips of three to five seconds
per actor, 1440 in all, recorded in a studio. There are half as many neutral clips as clips of each other label.`,
    ...(links.length > 0
      ? [paragraph(`What ${LIST.format(links)} hold, and how to cite them, is told in [corpora.md](corpora.md).`)]
      : []),
  ].join('\n\n');
}

/** The section on its limits. */
export function cardLimits({ training: { data, options } }: ModelSettings): string {
  const others = otherCorpora(data.name);
  const languages = [...new Set(others.flatMap((corpus) => corpus.languages))].map((code) => LANGUAGES.of(code)!);
  const augment = options.augment as Readonly<Record<string, unknown>> | undefined;
  const limits = [
    `**Acted.** The clips are portrayals, clearer than most speech. What people feel and what their voices express are different things; the model
     was trained on neither feelings nor spontaneous speech.`,
    others.length === 0
      ? `**Two sentences, one accent, one language.** [voices.md](voices.md) has how it does on other corpora.`
      : `**Few languages**: English, ${LIST.format(languages)}. [voices.md](voices.md) has how such models do on corpora that they have not heard.`,
    '**Few speakers, all adults.** No children, hardly anybody old, no impaired voices. Recall differs between speakers.',
    augment?.room && augment.telephone
      ? '**Studio recordings.** Rooms, telephones, noise and other voices were imitated in training; real ones differ.'
      : '**Studio recordings.** It was not trained on background noise, reverberation, several voices at once or telephone speech.',
    `**Level matters.** Loudness is part of the evidence. Training varies it by the \`gainDb\` of the options above; a recording that is much louder
     or quieter shifts the result.`,
    `**It has no label for "none of these".** Silence, noise and music are kept from it by the [detector of speech](speech.md), which errs; what
     gets past it gets probabilities.`,
  ];
  return ['## Limits', limits.map((limit) => `- ${paragraph(limit).replaceAll('\n', '\n  ')}`).join('\n')].join('\n\n');
}

/** The corpora beside RAVDESS that the name of its data tells of. */
function otherCorpora(name = '') {
  return Object.values(CORPORA).filter(({ title }) => title !== CORPORA.ravdess.title && name.includes(title));
}
