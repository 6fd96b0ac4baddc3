// ExampleSet → the same clips under each other's labels

import { RandomStream } from '../core/random.ts';
import type { ExampleSet } from './exampleSet.ts';

/**
 * Deals the labels out anew, at random, as often each as before: a control.
 *
 * A cross-validation of the result must fall to chance; where it does not, something of the test clips leaks.
 */
export function permuteLabels(set: ExampleSet, seed = 1): ExampleSet {
  const labels = new RandomStream(seed, 'permute labels').shuffle(set.examples.map(({ label }) => label));
  return { ...set, examples: set.examples.map((example, i) => ({ ...example, label: labels[i]! })) };
}
