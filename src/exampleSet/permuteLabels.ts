// ExampleSet → the same clips with their labels permuted

import { RandomStream } from '../core/random.ts';
import type { Example, ExampleSet } from './exampleSet.ts';

/**
 * Permutes the labels at random, each as often as before, as a control: a cross-validation of the result must fall to chance level;
 * where it does not, something leaks from the test clips. Clips that were asked for other labels are permuted by themselves.
 */
export function permuteLabels(set: ExampleSet, seed = 1): ExampleSet {
  const askedAlike = new Map<string, Example[]>();
  for (const example of set.examples) {
    const key = example.asked?.join() ?? '';
    const others = askedAlike.get(key);
    if (others) others.push(example);
    else askedAlike.set(key, [example]);
  }
  const permuted = new Map<Example, number>();
  for (const [key, examples] of askedAlike) {
    const stream =
      key === '' ? new RandomStream(seed, 'permute labels') : new RandomStream(seed, 'permute labels', key);
    const labels = stream.shuffle(examples.map(({ label }) => label));
    for (const [i, example] of examples.entries()) permuted.set(example, labels[i]!);
  }
  return { ...set, examples: set.examples.map((example) => ({ ...example, label: permuted.get(example)! })) };
}
