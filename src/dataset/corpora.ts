// the name of a published corpus → what this library knows of it

import { aesdd } from './corpora/aesdd.ts';
import { ased } from './corpora/ased.ts';
import { baved } from './corpora/baved.ts';
import { cafe } from './corpora/cafe.ts';
import type { Corpus } from './corpora/corpus.ts';
import { cremaD } from './corpora/cremaD.ts';
import { emoDb } from './corpora/emoDb.ts';
import { emovo } from './corpora/emovo.ts';
import { enterface } from './corpora/enterface.ts';
import { esd } from './corpora/esd.ts';
import { iemocap } from './corpora/iemocap.ts';
import { jlCorpus } from './corpora/jlCorpus.ts';
import { meld } from './corpora/meld.ts';
import { mesd } from './corpora/mesd.ts';
import { nemo } from './corpora/nemo.ts';
import { ravdess } from './corpora/ravdess.ts';
import { savee } from './corpora/savee.ts';
import { shemo } from './corpora/shemo.ts';
import { subesco } from './corpora/subesco.ts';
import { tess } from './corpora/tess.ts';
import { turev } from './corpora/turev.ts';
import { urdu } from './corpora/urdu.ts';

/** The corpora that {@link openCorpus} knows by name: each a file in corpora/, and a line here. */
export const CORPORA = {
  ravdess,
  tess,
  nemo,
  emovo,
  ased,
  turev,
  cremaD,
  savee,
  emoDb,
  iemocap,
  esd,
  jlCorpus,
  shemo,
  cafe,
  mesd,
  subesco,
  aesdd,
  baved,
  urdu,
  enterface,
  meld,
} as const satisfies Record<string, Corpus>;

/** The name of a corpus: a key of {@link CORPORA}. */
export type CorpusName = keyof typeof CORPORA;
