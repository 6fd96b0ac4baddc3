// ExampleSet → the same clips with their labels permuted

import { RandomStream } from '../core/random.ts';
import type { ExampleSet } from './exampleSet.ts';

/**
 * Permutes the labels at random, each as often as before, as a control: a cross-validation of the result must fall to chance level;
 * where it does not, something leaks from the test clips.
 */
export function permuteLabels(set: ExampleSet, seed = 1): ExampleSet {
  const labels = new RandomStream(seed, 'permute labels').shuffle(set.examples.map(({ label }) => label));
  return { ...set, examples: set.examples.map((example, i) => ({ ...example, label: labels[i]! })) };
}
