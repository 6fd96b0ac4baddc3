import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { calibrate, fitTemperature, withTemperature } from '../../src/evaluation/calibrate.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { predictExamples } from '../../src/evaluation/labelledPredictions.ts';
import { negativeLogLikelihood } from '../../src/evaluation/metrics.ts';
import { fitSureThreshold } from '../../src/evaluation/sureThreshold.ts';
import { train } from '../../src/training/train.ts';
import { expectNoLeak } from '../support/backends.ts';
import { network, synthetic } from '../training/synthetic.ts';

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

  const sure = (label: number, probabilities = [0.6, 0.4]): LabelledPrediction => ({
    ...{ name: 'a.wav', label, speaker: '', groups: {}, probabilities },
  });
  const times = (count: number, label: number) => Array.from({ length: count }, () => sure(label));

  it('stays in its range where the likelihood is highest beyond it: all are wrong', () => {
    expect(fitTemperature(times(10, 1))).toBeGreaterThan(19.9);
    expect(fitTemperature(times(10, 1))).toBeLessThanOrEqual(20.001);
  });

  it.each([
    ['a single clip, right', times(1, 0)],
    ['a single clip, wrong', times(1, 1)],
    ['nine clips, all wrong', times(9, 1)],
    ['a thousand clips, all right', times(1000, 0)],
    ['a thousand clips, nine of them wrong', [...times(991, 0), ...times(9, 1)]],
  ])('is 1 where fewer than ten wrong predictions cannot tell it: %s', (_, predictions) => {
    expect(fitTemperature(predictions)).toBe(1);
  });

  it('is fitted to ten wrong predictions among many (closed form: the odds that fit are those of right to wrong)', () => {
    // Of two labels at 0.6, the best temperature makes p of the right ones 0.9: odds (0.6 / 0.4)^(1 / t) = 9.
    expect(fitTemperature([...times(90, 0), ...times(10, 1)])).toBeCloseTo(Math.log(1.5) / Math.log(9), 3);
  });

  it('refuses to fit nothing, and what are no predictions', () => {
    expect(() => fitTemperature([])).toThrow(RangeError);
    const wrong: [unknown, RegExp][] = [
      [[sure(Number.NaN)], /^Cannot fit a temperature: label of 'a.wav' must be a whole number from 0 to 1, got NaN$/],
      [[sure(2)], /label of 'a.wav' must be/],
      [[sure(0, [Number.NaN, 1])], /probabilities of 'a.wav' must be numbers from 0 to 1, got NaN$/],
      [[sure(0, [2, -1])], /probabilities of 'a.wav' must be/],
      [[sure(0), sure(0, [0.2, 0.3, 0.5])], /must be 2, one a label, got 3$/],
      [Number.NaN, /predictions must be an array, got NaN$/],
    ];
    for (const [predictions, message] of wrong) expect(() => fitTemperature(predictions as never)).toThrow(message);
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
    const calibrated = withTemperature(await predictExamples(model, heldOut), wanted);
    expect(once.settings.calibration.sureAbove).toBe(fitSureThreshold(calibrated));
    expect((await calibrate(once, synthetic({ clips: 1, prefix: 'one' }))).settings.calibration.temperature).toBe(1);
    for (const [options, message] of [
      [{ sinal: 1 }, /Cannot calibrate: there is no option named 'sinal'/],
      [{ signal: {} }, /Cannot calibrate: signal must be/],
      [null, /Cannot calibrate: options must be/],
    ] as const) {
      await expect(calibrate(model, heldOut, options as never)).rejects.toThrow(message);
    }
    const others = { ...heldOut, labels: ['a', 'b', 'c'] };
    await expect(calibrate(model, others)).rejects.toThrow(/^Cannot calibrate: labels must be the model's/);
    net.dispose();
  });
});
