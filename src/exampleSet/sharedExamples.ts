// example sets → their examples in shared memory, and the sets as indices into them

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Example, ExampleSet } from './exampleSet.ts';

/** An {@link ExampleSet} with indices instead of examples. */
export interface SetInPlaces extends Omit<ExampleSet, 'examples'> {
  /** Indices into the shared examples. */
  readonly places: readonly number[];
}

/** Every example of several sets once, in shared memory, which is not copied when it is sent to a thread. */
export class SharedExamples {
  /** The examples: what is sent to a thread. */
  readonly examples: readonly Example[];
  readonly #places = new Map<Example, number>();

  /** @param sets may have examples in common, as folds have */
  constructor(sets: Iterable<ExampleSet>) {
    for (const { examples } of sets) {
      for (const example of examples) if (!this.#places.has(example)) this.#places.set(example, this.#places.size);
    }
    const own = [...this.#places.keys()];
    const numbers = own.reduce(
      (sum, { variants }) => sum + variants.reduce((all, { values }) => all + values.length, 0),
      0,
    );
    const memory = new SharedArrayBuffer(numbers * Float32Array.BYTES_PER_ELEMENT);
    let offset = 0;
    const share = ({ values, frames, bins }: FeatureMatrix): FeatureMatrix => {
      const shared = new Float32Array(memory, offset, values.length);
      shared.set(values);
      offset += shared.byteLength;
      return { values: shared, frames, bins };
    };
    this.examples = own.map((example) => ({ ...example, variants: example.variants.map(share) }));
  }

  /** A set in the form for a thread that has the examples. */
  placesOf({ examples, ...rest }: ExampleSet): SetInPlaces {
    return { ...rest, places: examples.map((example) => this.#places.get(example)!) };
  }
}

/** The set that {@link SharedExamples.placesOf} was given. */
export function setAt({ places, ...rest }: SetInPlaces, examples: readonly Example[]): ExampleSet {
  return { ...rest, examples: places.map((place) => examples[place]!) };
}
