import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { calibrate, fitTemperature, withTemperature } from '../../src/training/calibrate.ts';
import { predictExamples } from '../../src/training/labelledPredictions.ts';
import { type LabelledPrediction, negativeLogLikelihood } from '../../src/training/metrics.ts';
import { train } from '../../src/training/train.ts';
import { expectNoLeak } from '../support/backends.ts';
import { network, synthetic } from './synthetic.ts';

/** Labels drawn from the softmax of logits, told as the softmax of `sharpness` · logits. */
function told(sharpness: number, clips: number): LabelledPrediction[] {
  const stream = new RandomStream(1);
  return Array.from({ length: clips }, () => {
    const logits = [stream.normal(), stream.normal(), stream.normal()];
    const softmax = (scale: number) => {
      const powers = logits.map((logit) => Math.exp(scale * logit));
      return powers.map((power) => power / powers.reduce((a, b) => a + b));
    };
    const [a, b] = softmax(1);
    const draw = stream.next();
    const label = draw < a! ? 0 : draw < a! + b! ? 1 : 2;
    return { name: '', label, speaker: '', groups: {}, probabilities: softmax(sharpness) };
  });
}

beforeAll(() => tf.setBackend('cpu'));

describe('fitTemperature', () => {
  it.each([0.5, 1, 3])(
    'finds how much sharper than the truth the probabilities are: %d (oracle: how they were drawn)',
    (t) => {
      expect(fitTemperature(told(t, 20_000)) / t).toBeCloseTo(1, 1);
    },
  );

  it('is at a minimum of the NLL (oracle: its neighbours)', () => {
    const predictions = told(2, 200);
    const nll = (temperature: number) => negativeLogLikelihood(withTemperature(predictions, temperature));
    const best = fitTemperature(predictions);
    for (const factor of [0.9, 0.99, 1.01, 1.1]) expect(nll(best)).toBeLessThanOrEqual(nll(best * factor));
  });

  it('stays in its range where every prediction is right, or wrong', () => {
    const sure = (label: number): LabelledPrediction => ({
      name: '',
      label,
      speaker: '',
      groups: {},
      probabilities: [0.6, 0.4],
    });
    expect(fitTemperature([sure(0)])).toBeGreaterThan(0.049);
    expect(fitTemperature([sure(1)])).toBeLessThan(20.01);
    expect(fitTemperature([sure(1)])).toBeGreaterThan(19.9);
  });

  it('refuses to fit nothing', () => {
    expect(() => fitTemperature([])).toThrow(RangeError);
  });
});

it('calibrate gives the model the temperature of its held-out predictions, whatever it had before', async () => {
  await expectNoLeak(async () => {
    const net = network();
    const { model } = await train(net, synthetic(), { epochs: 1, window: { frames: 12 } });
    const heldOut = synthetic({ seed: 2, prefix: 'held' });
    const wanted = fitTemperature(await predictExamples(model, heldOut));
    const once = await calibrate(model, heldOut);
    expect(once.settings.calibration.temperature).toBe(wanted);
    expect((await calibrate(once, heldOut)).settings.calibration.temperature).toBe(wanted);
    expect(model.settings.calibration.temperature).toBe(1);
    net.dispose();
  });
});
