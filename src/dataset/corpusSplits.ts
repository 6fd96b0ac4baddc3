// recordings of several corpora → train and test, by corpus

import type { Fold, Split } from './splits.ts';

/** What splits by corpus look at. */
export interface OfCorpus {
  /** What it is a recording of; splits by corpus need it. */
  readonly corpus?: string | undefined;
}

/** The corpora of the items, sorted, without the unknown one. */
export function corporaOf(items: readonly OfCorpus[]): string[] {
  return [...new Set(items.map(({ corpus }) => corpus))].filter((corpus) => corpus !== undefined).sort();
}

/**
 * Puts the recordings of some corpora into the test part and all others into the training part.
 *
 * @throws {RangeError} when a corpus has no recording, when either part would be empty, or when corpora are not known
 */
export function splitByCorpus<T extends OfCorpus>(items: readonly T[], testCorpora: Iterable<string>): Split<T[]> {
  const known = knownCorpora(items);
  const chosen = new Set(testCorpora);
  const strange = [...chosen].filter((corpus) => !known.includes(corpus));
  if (strange.length > 0) {
    throw new RangeError(
      `Cannot split by corpus: test corpora must be among ${known.join(', ')}, got ${strange.join(', ')}`,
    );
  }
  if (chosen.size === 0 || chosen.size === known.length) {
    throw new RangeError(
      `Cannot split by corpus: test corpora must be some but not all of ${known.join(', ')}, got ${chosen.size === 0 ? 'none' : 'all'}`,
    );
  }
  const isTest = ({ corpus }: T) => chosen.has(corpus!);
  return { train: items.filter((item) => !isTest(item)), test: items.filter(isTest) };
}

/**
 * Folds that each test one corpus and train on all others, named `loco/TESS`.
 *
 * @throws {RangeError} when there are fewer than two corpora, or when corpora are not known
 */
export function leaveOneCorpusOut<T extends OfCorpus>(items: readonly T[]): Fold<T[]>[] {
  return knownCorpora(items).map((corpus) => ({ name: `loco/${corpus}`, ...splitByCorpus(items, [corpus]) }));
}

function knownCorpora(items: readonly OfCorpus[]): string[] {
  if (items.some(({ corpus }) => corpus === undefined)) {
    throw new RangeError('Cannot split by corpus: the corpus of every recording must be known, got one without');
  }
  return corporaOf(items);
}
