// classifiers for single speakers that another thread asked for → each by its number, until it is needed no more

import type { EmotionClassifier } from '../classifier/emotionClassifier.ts';

/** A worker's classifiers for single speakers, by the numbers that the other thread gives them. */
export class Speakers {
  readonly #classifiers = new Map<number, EmotionClassifier>();
  /** Those that were given up before they were made. */
  readonly #forgotten = new Set<number>();

  /** @throws {Error} when there is none of that number */
  async get(number: number): Promise<EmotionClassifier> {
    const classifier = this.#classifiers.get(number);
    if (classifier) return classifier;
    throw new Error('Cannot use the classifier: it is disposed');
  }

  /** Keeps a classifier, unless it has been given up meanwhile. */
  keep(number: number, classifier: EmotionClassifier): void {
    if (this.#forgotten.delete(number)) classifier.dispose();
    else this.#classifiers.set(number, classifier);
  }

  /** Gives up a classifier, perhaps before it is made. */
  forget(number: number): void {
    const classifier = this.#classifiers.get(number);
    this.#classifiers.delete(number);
    if (classifier) classifier.dispose();
    else this.#forgotten.add(number);
  }

  /** Gives up all. */
  dispose(): void {
    for (const number of [...this.#classifiers.keys()]) this.forget(number);
  }
}
