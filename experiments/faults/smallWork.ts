// a seed → clips, a network, a model and sound, small enough that a training takes milliseconds

import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import {
  type ExampleSet,
  FeatureExtractor,
  type ModelSettings,
  type TrainedModel,
  type TrainOptions,
  type Waveform,
} from 'speech-emotion';
import { RandomStream } from 'speech-emotion/layers';

export const BINS = 8;
const FRAMES = 12;
export const LABELS = ['calm', 'happy', 'sad'];
export const extractor = new FeatureExtractor({ features: { type: 'logMel', melBands: BINS } });

/** Clips of 8 to 15 frames by three speakers, of which each says everything; a label's bins are louder. */
export function smallExamples({ clips = 9, seed = 1, prefix = 'clip', speeds = [1] } = {}): ExampleSet {
  const examples = Array.from({ length: clips }, (_, i) => {
    const label = i % LABELS.length;
    const random = new RandomStream(seed, prefix, i);
    const speaker = `${prefix} speaker ${Math.floor(i / LABELS.length) % 3}`;
    const variants = speeds.map(() => {
      const frames = 8 + random.integer(8);
      const values = Float32Array.from(
        { length: frames * BINS },
        (_, place) => -40 + 6 * random.normal() + ((place % BINS) % LABELS.length === label ? 6 : 0),
      );
      return { values, frames, bins: BINS };
    });
    return { name: `${prefix} ${i}`, label, speaker, groups: { speaker }, variants };
  });
  return { labels: LABELS, features: extractor.options, speeds, examples };
}

/** Folds of the small clips, one a speaker. */
export function smallFolds({ examples }: ExampleSet) {
  return [...new Set(examples.map(({ speaker }) => speaker))].map((speaker) => ({
    name: speaker,
    train: examples.filter((example) => example.speaker !== speaker),
    test: examples.filter((example) => example.speaker === speaker),
  }));
}

/** Convolution over time, mean over time, softmax; the same first weights for the same seed. */
export function smallNetwork(seed = 1, frames: number | null = FRAMES, labels = LABELS.length): LayersModel {
  const network = sequential({
    layers: [
      layers.conv2d({ inputShape: [frames, BINS, 1], filters: 3, kernelSize: 3, activation: 'relu' }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: labels, activation: 'softmax' }),
    ],
  });
  const random = new RandomStream(seed, 'first weights');
  tf.tidy(() =>
    network.setWeights(
      network.getWeights().map(({ shape, size }) =>
        tf.tensor(
          Float32Array.from({ length: size }, () => 0.3 * random.normal()),
          shape,
        ),
      ),
    ),
  );
  return network;
}

/** How the small network is trained. */
export const SMALL_TRAINING = { batchSize: 4, window: { frames: FRAMES } } satisfies TrainOptions;

/** What goes with the small network. */
export function smallSettings(changes: Partial<ModelSettings> = {}): ModelSettings {
  return {
    formatVersion: 2,
    labels: LABELS,
    features: extractor.options,
    normalizer: { mean: Array(BINS).fill(-60), std: Array(BINS).fill(15) },
    window: { frames: FRAMES, hopFrames: FRAMES / 2 },
    calibration: { temperature: 1 },
    training: {
      library: 'speech-emotion 0.0.0',
      date: '2026-01-02T03:04:05.678Z',
      data: { recordings: 9, speakers: 3, name: 'numbers from a seed' },
      options: { seed: 1 },
    },
    ...changes,
  };
}

/** A model whose network nobody trained. */
export function smallModel(seed = 1): TrainedModel {
  return { network: smallNetwork(seed), settings: smallSettings() };
}

/** Tones under a level that comes and goes, with noise. */
export function smallSound(seconds = 0.5, sampleRate = 16_000, seed = 1): Waveform {
  const random = new RandomStream(seed, 'sound');
  const hertz = random.uniform(120, 260);
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const t = i / sampleRate;
    const level = 0.2 + 0.15 * Math.sin(2 * Math.PI * 3 * t);
    return level * Math.sin(2 * Math.PI * hertz * t) + 0.01 * random.normal();
  });
  return { samples, sampleRate };
}

/** The weights of a network, end to end. */
export async function weightsOf(network: LayersModel): Promise<Float32Array> {
  const values: number[] = [];
  for (const weight of network.weights) values.push(...(await weight.read().data()));
  return Float32Array.from(values);
}
