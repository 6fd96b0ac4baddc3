// all that a result follows from → a short text that differs where any of it does

import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Example, ExampleSet } from './examples.ts';
import type { ResolvedTrainOptions, TrainOptions } from './trainOptions.ts';
import { tensorsOf, valuesOf } from './weights.ts';

/**
 * Tells pieces of work apart, so that none goes on from what another left.
 *
 * Not for security: 64 bits, of two FNV-1a hashes. Each word that is added turns every state of them into another, so that two that
 * differ in one word never end alike.
 */
export class Fingerprint {
  #low = 0x811c9dc5;
  #high = 0x01234567;

  /** Takes in whatever is plain JSON. */
  addJson(value: unknown): this {
    const text = JSON.stringify(value) ?? '';
    return this.#add(Uint32Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  }

  /** Takes in numbers bit for bit. */
  addFloats(values: Float32Array): this {
    return this.#add(new Uint32Array(values.buffer, values.byteOffset, values.length));
  }

  /**
   * Takes in a training: its options, the data with labels, speakers, groups and features, those of the validation, and what a teacher
   * says. The network is left out: what it is and begins from is told by {@link networkHash}.
   */
  addTraining(
    options: ResolvedTrainOptions,
    data: ExampleSet,
    { validation, teacher }: Pick<TrainOptions, 'validation' | 'teacher'>,
    contents = new ExampleContents(),
  ): this {
    this.addJson(options).addExamples(data, contents).addExamples(validation, contents);
    return this.addJson(teacher && data.examples.map(({ name }) => Array.from(teacher.probabilities.get(name) ?? [])));
  }

  /** Takes in a set, in its order. */
  addExamples(set: ExampleSet | undefined, contents: ExampleContents): this {
    this.addJson(set && [set.labels, set.features, set.speeds, set.examples.length]);
    for (const example of set?.examples ?? []) {
      const { name, label, speaker, groups } = example;
      this.addJson([name, label, speaker, Object.entries(groups).sort(), contents.of(example)]);
    }
    return this;
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    return [this.#high, this.#low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** The words, then how many they are. */
  #add(words: Uint32Array): this {
    let [low, high] = [this.#low, this.#high]; // fields take ten times as long
    for (let i = 0; i <= words.length; i++) {
      const word = i < words.length ? words[i]! : i;
      low = Math.imul(low ^ word, 0x01000193);
      low ^= low >>> 15;
      high = Math.imul(high ^ word, 0x85ebca6b);
      high ^= high >>> 13;
    }
    [this.#low, this.#high] = [low, high];
    return this;
  }
}

/** What tells the features of clips and of their copies from others: kept for one piece of work, in which folds share clips. */
export class ExampleContents {
  readonly #known = new Map<Example, readonly string[]>();

  /** A text for each variant of a clip. */
  of(example: Example): readonly string[] {
    const known = this.#known.get(example) ?? example.variants.map(({ values }) => floatsHash(values));
    this.#known.set(example, known);
    return known;
  }
}

/** A network's configuration, the same for one that is built again in the same way. */
export function networkText(network: LayersModel): string {
  // Tfjs numbers layers and models by a counter of the process, so that a rebuilt network has other names: each counts by its place.
  const places = new Map<string, string>();
  return JSON.stringify(network.getConfig(), function (this: unknown, key, value) {
    if (typeof value !== 'string' || !(key === 'name' || (key === '0' && isLayerReference(this)))) return value;
    if (!places.has(value)) places.set(value, `#${places.size}`);
    return places.get(value);
  });
}

/** As tfjs says which output of which layer another one reads: `['conv_1', 0, 0]`. */
function isLayerReference(holder: unknown): boolean {
  return Array.isArray(holder) && typeof holder[1] === 'number' && typeof holder[2] === 'number';
}

/** A short text that differs where networks do: in their layers, or in a weight. */
export async function networkHash(network: LayersModel): Promise<string> {
  return `${textHash(networkText(network))}${weightsHash(await valuesOf(tensorsOf(network.weights)))}`;
}

/** A short text that differs where any weight does. */
export function weightsHash(weights: readonly Float32Array[]): string {
  const hash = new Fingerprint();
  for (const values of weights) hash.addFloats(values);
  return hash.toString();
}

/** A short text that differs where the text does. */
export function textHash(text: string): string {
  return new Fingerprint().addJson(text).toString();
}

/** A short text that differs where the numbers do, bit for bit. */
export function floatsHash(values: Float32Array): string {
  return new Fingerprint().addFloats(values).toString();
}
