// the readers of corpora → a table of those that are trained and tested on

import { CORPORA, type CorpusName } from '../../../src/dataset/corpora.ts';
import { anchorOf } from '../corpora.ts';
import { table } from '../markdown.ts';

/** What shipped weights may be made of; the others' licences allow no adaptations. */
const TRAINED: readonly CorpusName[] = ['ravdess', 'nemo', 'ased', 'emovo'];
const TESTED: readonly CorpusName[] = ['tess', 'turev'];

const LANGUAGES = new Intl.DisplayNames('en', { type: 'language' });

/** A row a corpus, with what it is for. */
export function voicesCorporaTable(): string {
  const row = (use: string) => (name: CorpusName) => {
    const { title, languages, speakers = '', labels, licence } = CORPORA[name];
    const spoken = languages.map((code) => LANGUAGES.of(code)!).join(', ');
    return [`[${title}](corpora.md${anchorOf(title)})`, spoken, speakers, String(labels.length), licence, use];
  };
  return table([
    ['corpus', 'language', 'speakers', 'labels', 'licence', 'for'],
    ...TRAINED.map(row('training, and shipped weights')),
    ...TESTED.map(row('testing only')),
  ]);
}
