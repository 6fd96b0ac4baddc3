// what `npm run personalise` writes and docs/personalising.md is made of

import type { SpeakerConstants } from '../../src/classifier/speakerWeights.ts';

/** Mean and standard deviation over the seeds. */
export interface OverSeeds {
  readonly mean: number;
  readonly std: number;
}

/** docs/results/personalise.json */
export interface PersonaliseFile {
  /** Of the folds. */
  readonly protocol: string;
  readonly description: string;
  readonly parts: readonly PersonalisePart[];
}

/** What was corrected by what was read. */
export interface PersonalisePart {
  readonly reads: 'last layer' | 'log-probabilities';
  readonly seeds: readonly number[];
  readonly folds: readonly string[];
  /** How often the clips to enrol were drawn. */
  readonly draws: number;
  readonly commit: string;
  readonly command: string;
  /** Chosen for each fold by the speakers of the others. */
  readonly constants: readonly (SpeakerConstants & { readonly fold: string })[];
  /** Chosen by all speakers: what the library has. */
  readonly overall: SpeakerConstants;
  readonly rows: readonly PersonaliseRow[];
}

/** One way to enrol; shares of 1. */
export interface PersonaliseRow {
  readonly name: string;
  readonly description: string;
  readonly uar: OverSeeds;
  readonly uarMen: OverSeeds;
  readonly uarWomen: OverSeeds;
  readonly nll: OverSeeds;
  readonly ece: OverSeeds;
}
