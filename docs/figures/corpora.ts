// the readers of corpora → a table of them, and what to know of each

import type { Corpus } from '../../src/dataset/corpora/corpus.ts';
import { CORPORA } from '../../src/dataset/corpora.ts';
import { EMOTIONS } from '../../src/dataset/emotion.ts';
import { paragraph, table } from './markdown.ts';

const corpora = Object.entries<Corpus>(CORPORA);

/** A row a corpus: what it has, and under which licence. */
export function corporaTable(): string {
  const rows = corpora.map(([name, { title, languages, speakers = '', labels, licence }]) => [
    `[${title}](${anchorOf(title)})`,
    `\`${name}\``,
    languages.join(', '),
    speakers,
    labelsText(labels),
    licence,
  ]);
  return table([['corpus', 'name here', 'language', 'speakers', 'labels asked for', 'licence'], ...rows]);
}

/** How the files of each are named, what to know before training on it, and how to cite it. */
export function corporaSections(): string {
  return corpora
    .map(([, { title, naming = '', remarks = '', citation }]) =>
      [`### ${title}`, paragraph(`${naming}.`), ...(remarks ? [paragraph(remarks)] : []), paragraph(citation)].join(
        '\n\n',
      ),
    )
    .join('\n\n');
}

/** Where its section is on the page. */
export function anchorOf(title: string): string {
  return `#${title.toLowerCase().replace(/[^a-z\d-]/g, '')}`;
}

function labelsText(labels: readonly string[]): string {
  const missing = EMOTIONS.filter((emotion) => !labels.includes(emotion));
  if (missing.length === 0) return 'all';
  return missing.length < labels.length ? `all but ${missing.join(', ')}` : labels.join(', ');
}
