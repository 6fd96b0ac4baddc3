// options, network, data → a short text that differs where they differ

import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ExampleSet } from './examples.ts';
import type { ResolvedTrainOptions, TrainOptions } from './trainOptions.ts';

/**
 * Tells training runs apart, so that none goes on from another's checkpoint.
 *
 * Not for security: 64 bits of two FNV-1a hashes.
 */
export function fingerprintOf(
  network: LayersModel,
  options: ResolvedTrainOptions,
  data: ExampleSet,
  { validation, teacher }: Pick<TrainOptions, 'validation' | 'teacher'>,
): string {
  const hash = new Fnv();
  hash.addText(JSON.stringify(options));
  hash.addText(networkText(network));
  for (const set of [data, validation]) {
    hash.addText(JSON.stringify(set ? [set.labels, set.features, set.speeds, set.examples.length] : null));
    for (const { name, label, speaker, variants } of set?.examples ?? []) {
      hash.addText(JSON.stringify([name, label, speaker]));
      for (const { values } of variants) hash.addFloats(values);
    }
  }
  for (const { name } of teacher ? data.examples : []) {
    hash.addFloats(Float32Array.from(teacher?.probabilities.get(name) ?? []));
  }
  return hash.toString();
}

/** A network's configuration, the same for one that is built again in the same way. */
export function networkText(network: LayersModel): string {
  // tfjs numbers layers and models by a counter of the process: a rebuilt network has other numbers at its names' ends.
  return JSON.stringify(network.getConfig()).replaceAll(/\d+"/g, '"');
}

/** A short text that differs where the text does. */
export function textHash(text: string): string {
  const hash = new Fnv();
  hash.addText(text);
  return hash.toString();
}

/** A short text that differs where the numbers do, bit for bit. */
export function floatsHash(values: Float32Array): string {
  const hash = new Fnv();
  hash.addFloats(values);
  return hash.toString();
}

class Fnv {
  #low = 0x811c9dc5;
  #high = 0x01234567;

  addText(text: string): void {
    this.#add(Uint32Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
  }

  addFloats(values: Float32Array): void {
    this.#add(new Uint32Array(values.buffer, values.byteOffset, values.length));
  }

  toString(): string {
    return [this.#high, this.#low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** The words, then how many they are. */
  #add(words: Uint32Array): void {
    let [low, high] = [this.#low, this.#high]; // fields take ten times as long
    for (let i = 0; i <= words.length; i++) {
      const word = i < words.length ? words[i]! : i;
      low = Math.imul(low ^ word, 0x01000193);
      low ^= low >>> 15;
      high = Math.imul(high ^ word, 0x85ebca6b);
      high ^= high >>> 13;
    }
    [this.#low, this.#high] = [low, high];
  }
}
