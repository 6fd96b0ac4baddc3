import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { predict, type WindowPrediction } from '../../src/model/predict.ts';
import { tinyExtractor, tinyModel, tinySettings } from '../model/tinyModel.ts';
import { expectClose } from '../support/arrays.ts';
import { expectNoLeak } from '../support/backends.ts';
import { spoken } from '../support/spoken.ts';
import { sound } from './sound.ts';

beforeAll(() => tf.setBackend('cpu'));

const small = () =>
  EmotionClassifier.fromModel({
    network: buildCnnLstm({
      ...{ bins: 8, classes: 4, seed: 3, pooling: ['attention', 'mean'] },
      convolution: [{ filters: 4 }],
      recurrent: { units: 6 },
    }),
    settings: tinySettings({ labels: ['calm', 'happy', 'sad', 'angry'] }),
  });

async function withClassifier(
  make: () => EmotionClassifier,
  work: (classifier: EmotionClassifier) => Promise<void>,
): Promise<void> {
  await expectNoLeak(async () => {
    const classifier = make();
    try {
      await expectNoLeak(() => work(classifier));
    } finally {
      classifier.dispose();
    }
  });
}

/** A sound after silence, so that there is something to cut off. */
function late(seconds: number, silence: number) {
  const { samples, sampleRate } = sound(seconds);
  const all = new Float32Array(silence * sampleRate + samples.length);
  all.set(samples, silence * sampleRate);
  return { samples: all, sampleRate };
}

const total = (values: Float32Array) => values.reduce((a, b) => a + b, 0);
const meanProbability = (windows: readonly WindowPrediction[], label: number) =>
  windows.reduce((sum, { probabilities }) => sum + probabilities[label]!, 0) / windows.length;

describe('explain', () => {
  // Oracle: completeness, Sundararajan et al. 2017, proposition 1. The probabilities come from `predict`.
  it.each([
    ['a network without attention', () => EmotionClassifier.fromModel(tinyModel()), 1.3],
    ['a clip of one window', small, 0.4],
    ['a clip of several windows', small, 1.7],
  ])('contributions add up to what the probability is above silence: %s', (_, make, seconds) =>
    withClassifier(make, async (classifier) => {
      const waveform = sound(seconds);
      const matrix = await tinyExtractor.extract(waveform);
      const silent = { values: new Float32Array(20 * 8), frames: 20, bins: 8 };
      for (let i = 0; i < silent.values.length; i++) silent.values[i] = tinyExtractor.silence[i % 8]!;
      const [heard, nothing] = await predict(classifier.model, [matrix, silent]);
      for (const [index, label] of classifier.labels.entries()) {
        const { contributions } = await classifier.explain(waveform, { label, steps: 128 });
        const above = meanProbability(heard!.windows, index) - meanProbability(nothing!.windows, index);
        expect(Math.abs(total(contributions.values) - above)).toBeLessThan(1e-3);
      }
    }),
  );

  // Oracle: for a network linear in its input and without softmax, each value's share is its weight times its distance from silence.
  it('of a linear network, contributions are weight times distance', () =>
    withClassifier(
      () => {
        const model = tinyModel();
        const weights = Float32Array.from({ length: 20 * 8 * 4 }, (_, i) => 0.001 * ((i * 7) % 5));
        // A linear "probability", kept positive by its bias.
        const network = tfl.sequential({
          layers: [tfl.layers.flatten({ inputShape: [20, 8, 1] }), tfl.layers.dense({ units: 4 })],
        });
        tf.tidy(() => network.setWeights([tf.tensor2d(weights, [160, 4]), tf.fill([4], 100)]));
        model.network.dispose();
        return EmotionClassifier.fromModel({ ...model, network });
      },
      async (classifier) => {
        const { contributions, features: picture } = await classifier.explain(sound(0.6), {
          label: 'happy',
          steps: 1,
          trim: false,
        });
        const normalizer = Normalizer.fromJSON(classifier.settings.normalizer);
        const silence = normalizer.apply({ values: tinyExtractor.silence, frames: 1, bins: 8 }).values;
        const seen = normalizer.apply({ ...picture, values: picture.values.slice() }).values;
        expect(picture.frames).toBe(25); // two windows, of which the first alone has the first 5 frames
        for (let i = 0; i < 5 * 8; i++) {
          const weight = 0.001 * (((i * 4 + 1) * 7) % 5);
          expect(contributions.values[i]!).toBeCloseTo((weight * (seen[i]! - silence[i % 8]!)) / 2, 5);
        }
      },
    ));

  it('attention sums to 1 over clips as long as their windows, and is even where the query is 0, as at the start', () =>
    withClassifier(small, async (classifier) => {
      const waveform = { samples: sound(0.5).samples.subarray(0, 19 * 400), sampleRate: 16000 };
      const { attention, features: picture } = await classifier.explain(waveform, { trim: false, steps: 1 });
      expect(picture.frames).toBe(20);
      expectClose(attention!, Array(20).fill(1 / 20), 1e-6);
    }));

  it('the attention of a frame is that of its step of the network (oracle: softmax of uᵀy written out)', () =>
    withClassifier(small, async (classifier) => {
      const { network } = classifier.model;
      const pooling = network.getLayer('pool_attention');
      const query = Float32Array.from({ length: 12 }, (_, i) => 2 * Math.sin(i + 1));
      tf.tidy(() => pooling.setWeights([tf.tensor1d(query)]));
      const waveform = { samples: sound(0.5).samples.subarray(0, 19 * 400), sampleRate: 16000 };
      const { attention, features: picture } = await classifier.explain(waveform, { trim: false, steps: 1 });
      const normalizer = Normalizer.fromJSON(classifier.settings.normalizer);
      const seen = normalizer.apply({ ...picture, values: picture.values.slice() }).values;
      const y = tf.tidy(() => {
        let x: tf.Tensor = tf.tensor(seen, [1, 20, 8, 1]);
        for (const layer of network.layers) {
          if (layer === pooling) break;
          if (layer.getClassName() !== 'InputLayer') x = layer.apply(x) as tf.Tensor;
        }
        return x.arraySync() as number[][][];
      });
      const powers = y[0]!.map((frame) => Math.exp(frame.reduce((sum, value, i) => sum + value * query[i]!, 0)));
      const sum = powers.reduce((a, b) => a + b);
      const each = 20 / powers.length;
      expectClose(
        attention!,
        Array.from({ length: 20 }, (_, frame) => powers[Math.floor(frame / each)]! / sum / each),
        1e-5,
      );
    }));

  it('predicts what classify predicts, and gives the time at which the features begin', () =>
    withClassifier(small, async (classifier) => {
      const waveform = late(0.7, 1);
      const explanation = await classifier.explain(waveform, { steps: 2 });
      const { label, confidence, scores } = spoken(await classifier.classify(waveform, { vad: false }));
      expect(explanation).toMatchObject({ label, explained: label, confidence, scores });
      expect(explanation.features).toEqual(await tinyExtractor.extract(waveform));
      expect(explanation.framesPerSecond).toBe(40);
      expect(explanation.start).toBeGreaterThan(0.8);
      expect(explanation.start).toBeLessThan(1);
      expect((await classifier.explain(waveform, { steps: 1, trim: false })).start).toBe(0);
    }));

  it('refuses what makes no sense, and ends when aborted', () =>
    withClassifier(small, async (classifier) => {
      const waveform = sound(0.5);
      await expect(classifier.explain(waveform, { label: 'bored' })).rejects.toThrow(
        /label must be one of 'calm', 'happy', 'sad', 'angry', got/,
      );
      await expect(classifier.explain(waveform, { steps: 0 })).rejects.toThrow(RangeError);
      await expect(classifier.explain(waveform, { step: 3 } as object)).rejects.toThrow(/step/);
      const controller = new AbortController();
      const work = classifier.explain(waveform, { steps: 1024, signal: controller.signal });
      setTimeout(() => controller.abort(new Error('enough')), 5);
      await expect(work).rejects.toThrow('enough');
    }));
});
