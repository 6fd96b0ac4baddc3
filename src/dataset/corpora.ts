// the name of a published corpus → what this library knows of it

import type { Corpus } from './corpora/corpus.ts';
import { ravdess } from './corpora/ravdess.ts';

/** The corpora that {@link openCorpus} knows by name: each a file in corpora/, and a line here. */
export const CORPORA = {
  ravdess,
} as const satisfies Record<string, Corpus>;

/** The name of a corpus: a key of {@link CORPORA}. */
export type CorpusName = keyof typeof CORPORA;
