// example sets → their examples once, in parts of a size that fits a file, and the sets as places among them

import type { Example, ExampleSet } from 'speech-emotion';

/** An {@link ExampleSet} with places instead of examples. */
export interface SetInPlaces extends Omit<ExampleSet, 'examples'> {
  /** Among the examples of all parts, one part after the other. */
  readonly places: readonly number[];
}

/** Bytes of features that a part holds at least, but for the last one. */
const PART = 64 * 2 ** 20;

/** Every example of several sets once: folds have most of them in common. */
export class PackedSets {
  readonly parts: readonly (readonly Example[])[];
  readonly #places = new Map<Example, number>();

  constructor(sets: Iterable<ExampleSet>) {
    for (const { examples } of sets) {
      for (const example of examples) if (!this.#places.has(example)) this.#places.set(example, this.#places.size);
    }
    const parts: Example[][] = [[]];
    let bytes = 0;
    for (const example of this.#places.keys()) {
      if (bytes >= PART) {
        parts.push([]);
        bytes = 0;
      }
      parts.at(-1)!.push(example);
      for (const { values } of example.variants) bytes += values.byteLength;
    }
    this.parts = parts;
  }

  placesOf({ examples, ...rest }: ExampleSet): SetInPlaces {
    return { ...rest, places: examples.map((example) => this.#places.get(example)!) };
  }
}

/** The set that {@link PackedSets.placesOf} was given. */
export function setAt({ places, ...rest }: SetInPlaces, examples: readonly Example[]): ExampleSet {
  return { ...rest, examples: places.map((place) => examples[place]!) };
}
