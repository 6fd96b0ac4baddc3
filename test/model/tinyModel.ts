// nothing → a small trained model, made of numbers from a seed

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { RandomStream } from '../../src/core/random.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import type { ModelSettings, TrainedModel } from '../../src/model/trainedModel.ts';

/** 8 bins, 40 frames a second: small enough for the cpu backend. */
export const tinyExtractor = new FeatureExtractor({ features: { type: 'logMel', melBands: 8 } });

export function tinySettings(changes: Partial<ModelSettings> = {}): ModelSettings {
  return {
    formatVersion: 2,
    labels: ['calm', 'happy', 'sad', 'angry'],
    features: tinyExtractor.options,
    normalizer: { mean: Array(8).fill(-60), std: Array(8).fill(15) },
    window: { frames: 20, hopFrames: 10 },
    calibration: { temperature: 1 },
    training: {
      library: 'speech-emotion 0.0.0',
      date: '2026-01-02T03:04:05.678Z',
      data: { recordings: 0, speakers: 0, name: 'numbers from a seed' },
      options: { seed: 1 },
    },
    ...changes,
  };
}

/** Convolution, pooling and softmax over any number of frames. */
export function tinyNetwork(seed = 1, labels = 4): tfl.LayersModel {
  const network = tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        inputShape: [null as unknown as number, 8, 1],
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
      }),
      tfl.layers.globalAveragePooling2d({}),
      tfl.layers.dense({ units: labels, activation: 'softmax' }),
    ],
  });
  const stream = new RandomStream(seed);
  const values = network.getWeights().map((weight) =>
    tf.tensor(
      Float32Array.from({ length: weight.size }, () => stream.normal()),
      weight.shape,
    ),
  );
  network.setWeights(values);
  tf.dispose(values);
  return network;
}

export function tinyModel(changes: Partial<ModelSettings> = {}, seed = 1): TrainedModel {
  const settings = tinySettings(changes);
  return { network: tinyNetwork(seed, settings.labels.length), settings };
}

/** Features as the tiny model takes them: levels in dB from a seed. */
export function tinyMatrix(frames: number, seed = 1): FeatureMatrix {
  const stream = new RandomStream(seed, 'matrix');
  return { values: Float32Array.from({ length: frames * 8 }, () => stream.uniform(-100, -20)), frames, bins: 8 };
}
