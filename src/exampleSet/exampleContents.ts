// clips of a set, features and all → into a fingerprint

import { type Fingerprint, floatsHash } from '../core/fingerprint.ts';
import type { Example, ExampleSet } from './exampleSet.ts';

/** What may have features. */
type Featured = { readonly variants?: Example['variants'] | undefined };

/** Hashes of the features of clips and their copies, cached for one piece of work, in which folds share clips. */
export class ExampleContents {
  readonly #known = new Map<Featured, readonly string[]>();

  /** A hash for each variant of a clip; none of one without features. */
  of(clip: Featured): readonly string[] {
    const known = this.#known.get(clip) ?? (clip.variants ?? []).map(({ values }) => floatsHash(values));
    this.#known.set(clip, known);
    return known;
  }
}

/** Adds a set to a fingerprint, in its order; sets of one corpus and all labels, as those of RAVDESS, as they always were. */
export function addExamples(fingerprint: Fingerprint, set: ExampleSet | undefined, contents: ExampleContents): void {
  const copies = set?.copies?.length ? [set.copies] : [];
  fingerprint.addJson(set && [set.labels, set.features, set.speeds, set.examples.length, ...copies]);
  const severalCorpora = new Set(set?.examples.map(({ corpus }) => corpus)).size > 1;
  for (const example of set?.examples ?? []) {
    const { name, label, speaker, groups, corpus, asked } = example;
    const partial = severalCorpora || asked ? [corpus ?? null, asked ?? null] : [];
    fingerprint.addJson([name, label, speaker, Object.entries(groups).sort(), contents.of(example), ...partial]);
  }
}
