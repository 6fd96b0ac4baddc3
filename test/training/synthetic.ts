// a seed → labelled clips that can be told apart, and a network that can learn to

import * as tfl from '@tensorflow/tfjs-layers';
import { RandomStream } from '../../src/core/random.ts';
import type { Example, ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import type { NamedFold } from '../../src/exampleSet/namedFold.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import type { CheckpointStore } from '../../src/training/checkpointStore.ts';

/** 8 bins: small enough for the cpu backend. */
export const extractor = new FeatureExtractor({ features: { type: 'logMel', melBands: 8 } });
export const BINS = 8;
export const LABELS = ['calm', 'happy', 'sad'];

/** Clips of 8 to 15 frames; the label says which bins are louder, by `contrast` dB over noise of 6 dB deviation. */
export function synthetic({ clips = 24, speakers = 4, seed = 1, contrast = 6, prefix = 'clip' } = {}): ExampleSet {
  const examples = Array.from({ length: clips }, (_, i): Example => {
    const label = i % LABELS.length;
    const stream = new RandomStream(seed, prefix, i);
    const speaker = Math.floor(i / LABELS.length) % speakers;
    return {
      name: `${prefix}${i}`,
      label,
      speaker: `${prefix}${speaker}`,
      groups: { speaker: `${prefix}${speaker}`, parity: speaker % 2 ? 'odd' : 'even' },
      variants: [0, 1].map((variant) => clip(label, stream.fork(variant), contrast)),
    };
  });
  return { labels: LABELS, features: extractor.options, speeds: [1, 1.1], examples };
}

/** Two folds, each testing two of the four speakers. */
export function parityFolds({ examples }: ExampleSet): NamedFold[] {
  return ['even', 'odd'].map((parity) => ({
    name: parity,
    train: examples.filter(({ groups }) => groups.parity !== parity),
    test: examples.filter(({ groups }) => groups.parity === parity),
  }));
}

function clip(label: number, stream: RandomStream, contrast: number): FeatureMatrix {
  const frames = 8 + stream.integer(8);
  const values = Float32Array.from(
    { length: frames * BINS },
    (_, i) => -40 + 6 * stream.normal() + ((i % BINS) % LABELS.length === label ? contrast : 0),
  );
  return { values, frames, bins: BINS };
}

/** Convolution over time, batch norm, dropout, mean and softmax; the same initial weights for the same seed. */
export function network(seed = 1, frames = 12): tfl.LayersModel {
  const kernelInitializer = (part: number) => tfl.initializers.glorotUniform({ seed: 10 * seed + part });
  return tfl.sequential({
    layers: [
      tfl.layers.reshape({ targetShape: [frames, BINS], inputShape: [frames, BINS, 1] }),
      tfl.layers.conv1d({ filters: 6, kernelSize: 3, activation: 'relu', kernelInitializer: kernelInitializer(1) }),
      tfl.layers.batchNormalization({ momentum: 0.8 }),
      tfl.layers.dropout({ rate: 0.2, seed: 3 }),
      tfl.layers.globalAveragePooling1d({}),
      tfl.layers.dense({ units: LABELS.length, activation: 'softmax', kernelInitializer: kernelInitializer(2) }),
    ],
  });
}

/** The weights of a network, in plain arrays: equal bit for bit or not. */
export async function weightsOf(of: tfl.LayersModel): Promise<number[][]> {
  const values: number[][] = [];
  for (const weight of of.weights) values.push(Array.from((await weight.read().data()) as Float32Array));
  return values;
}

/** A store in memory, which keeps every version. */
export class MemoryStore implements CheckpointStore {
  readonly versions: Uint8Array[] = [];

  constructor(...versions: Uint8Array[]) {
    this.versions.push(...versions);
  }

  async load(): Promise<Uint8Array | undefined> {
    return this.versions.at(-1);
  }

  async save(bytes: Uint8Array): Promise<void> {
    this.versions.push(bytes);
  }
}
