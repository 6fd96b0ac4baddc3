// the library's own training loop → the time of one of its steps

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildCnnLstm, type ExampleSet, FeatureExtractor, train } from 'speech-emotion';
import { RandomStream } from 'speech-emotion/layers';
import type { Measurement } from './measure.ts';

/** Clips a step: the default of `train`. */
export const BATCH = 32;

/** Frames of a window, as `train` has them when it is not told otherwise. */
export async function defaultFrames(): Promise<number> {
  const network = buildCnnLstm({ convolution: [], recurrent: { units: 1 } });
  const { model } = await train(network, noiseExamples(1, 1), { epochs: 1 });
  network.dispose();
  return model.settings.window.frames;
}

/**
 * The milliseconds of a step of `train`, on average over some in a row: forward, back, the gradients' norm, and AdamW. What
 * peers do not do is switched off: augmentation, averaging of weights, clipping, smoothing.
 */
export function trainingStep(
  network: LayersModel,
  frames: number,
  { steps = 3, batch = BATCH, trainer = train, clock = () => performance.now() } = {},
): Measurement {
  const examples = noiseExamples((steps + 1) * batch, frames);
  return async () => {
    const ends: number[] = []; // counted from the end of the first step, so that what comes before is left out
    await trainer(network, examples, {
      ...{ epochs: 1, batchSize: batch, augment: false, ema: false, clipNorm: false, labelSmoothing: 0 },
      onProgress({ type }) {
        if (type === 'batch') ends.push(clock());
      },
    });
    return (ends.at(-1)! - ends[0]!) / steps;
  };
}

/** Clips of noise, all as long. */
export function noiseExamples(count: number, frames: number): ExampleSet {
  const { options, bins } = new FeatureExtractor();
  const labels = Array.from({ length: 8 }, (_, i) => `label ${i}`);
  const examples = Array.from({ length: count }, (_, i) => {
    const stream = new RandomStream(1, i);
    const values = Float32Array.from({ length: frames * bins }, () => stream.normal());
    return {
      ...{ name: `clip ${i}`, label: i % labels.length, speaker: 'nobody', groups: {} },
      variants: [{ values, frames, bins }],
    };
  });
  return { labels, features: options, speeds: [1], examples };
}
