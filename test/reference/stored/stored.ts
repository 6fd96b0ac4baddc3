// what is stored, and how it is asked → what it says: the same for those who store it and for those who read it later

import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { EmotionClassifier } from '../../../src/classifier/emotionClassifier.ts';
import { RandomStream } from '../../../src/core/random.ts';
import { buildCnnLstm } from '../../../src/model/cnnLstm.ts';
import type { CnnLstmOptions } from '../../../src/model/cnnLstmOptions.ts';
import { presets } from '../../../src/model/presets.ts';
import { train } from '../../../src/training/train.ts';
import type { CheckpointOptions } from '../../../src/training/trainOptions.ts';
import type { TrainProgress } from '../../../src/training/trainReport.ts';
import { synthetic, weightsOf } from '../../training/synthetic.ts';

const SMALL = { bins: 8, classes: 3, frames: 12, seed: 5 };

/** Every surveyed system, made small, and the layers that none of them has. */
export const SMALL_NETWORKS: Readonly<Record<string, CnnLstmOptions>> = {
  ...Object.fromEntries(
    Object.entries(presets).map(([name, options]) => [
      name,
      {
        ...options,
        ...SMALL,
        ...(options.recurrent && { recurrent: { ...options.recurrent, units: 4 } }),
        convolution: ((options as CnnLstmOptions).convolution ?? [])
          .slice(0, 1)
          .map((block) => ({ ...block, filters: 3 })),
      } as CnnLstmOptions,
    ]),
  ),
  maxout: {
    ...SMALL,
    convolution: [],
    recurrent: { units: 3 },
    head: { hidden: [4], hiddenLayer: 'maxout' },
    deltas: 1,
  },
  dropConnect: {
    ...SMALL,
    convolution: [],
    recurrent: { units: 3 },
    pooling: ['statistics', 'max'],
    head: { hidden: [4], hiddenLayer: 'dropConnect' },
  },
};

/** What a small network says about numbers from a seed, in full precision. */
export async function saidByNetwork(network: LayersModel): Promise<number[]> {
  const { bins, frames } = SMALL;
  const stream = new RandomStream(3, 'stored');
  const numbers = Float32Array.from({ length: 2 * frames * bins }, () => stream.normal());
  const output = tf.tidy(() => network.predict(tf.tensor(numbers, [2, frames, bins, 1])) as tf.Tensor);
  const said = Array.from(await output.data());
  output.dispose();
  return said;
}

/** What a classifier says about clips: every score in full precision, over the clip and over time. */
export async function saidByShipped(
  classifier: EmotionClassifier,
  clips: readonly (readonly [name: string, bytes: Uint8Array])[],
): Promise<Record<string, unknown>> {
  const said: Record<string, unknown> = {};
  for (const [name, bytes] of clips) {
    const { scores = [] } = await classifier.classify(bytes, { vad: false });
    const segments = await classifier.timeline(bytes, { vad: false });
    said[name] = {
      scores: scores.map(({ label, score }) => [label, score]),
      timeline: segments.map(({ start, end, label, confidence }) => [start, end, label, confidence]),
    };
  }
  return said;
}

/** Trains a small network for two epochs with all that a run may have in it, and gives the weights it ends in. */
export async function trainStored(
  checkpoint: CheckpointOptions,
  onProgress?: (progress: TrainProgress) => void,
): Promise<number[][]> {
  const data = synthetic({ clips: 12, speakers: 2 });
  const network = buildCnnLstm(SMALL_NETWORKS.cnnLstm);
  const probabilities = new Map(data.examples.map(({ name }) => [name, [0.5, 0.25, 0.25]]));
  await train(network, data, {
    ...{ epochs: 2, batchSize: 6, window: { frames: 12 }, learningRate: 0.01 },
    teacher: { probabilities, weight: 0.25 },
    auxiliary: { parity: 0.3 },
    augment: { noise: { probability: 1, minDb: -60, maxDb: -40, stdDb: 2 } },
    validation: synthetic({ clips: 3, prefix: 'held' }),
    ...{ checkpoint, onProgress },
  });
  const weights = await weightsOf(network);
  network.dispose();
  return weights;
}
