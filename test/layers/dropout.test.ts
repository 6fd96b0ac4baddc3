import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { Dropout } from '../../src/layers/dropout.ts';
import { setTrainingStep, trainingStepOf } from '../../src/layers/trainingStep.ts';
import { take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak, hostBackends } from '../support/backends.ts';

const masks: Float32Array[] = [];

await describeBackends(allBackends, 'Dropout', () => {
  test('keeps the mean, drops the share it should, and scales the rest', async () => {
    const values = await mask({ rate: 0.3, seed: 1 }, [100, 100]);
    const dropped = values.filter((value) => value === 0).length / values.length;
    expect(dropped).toBeCloseTo(0.3, 1); // 10 000 draws: standard deviation 0.005
    expect(Math.abs(dropped - 0.3)).toBeLessThan(0.02);
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
  });

  test('the same mask for the same seed and step, another for another', async () => {
    const options = { rate: 0.5, seed: 7 };
    const first = await mask(options, [4, 64], 3);
    masks.push(first);
    expect(await mask(options, [4, 64], 3)).toEqual(first);
    expect(await mask(options, [4, 64], 4)).not.toEqual(first);
    expect(await mask({ ...options, seed: 8 }, [4, 64], 3)).not.toEqual(first);
  });

  test('a channel is dropped over all frames, another one in another sequence', async () => {
    const frames = 5;
    const features = 32;
    const values = await mask({ rate: 0.5, unit: 'channel', seed: 2 }, [2, frames, features]);
    const row = (sequence: number, frame: number) =>
      values.subarray((sequence * frames + frame) * features).slice(0, features);
    for (let frame = 1; frame < frames; frame++) expect(row(0, frame)).toEqual(row(0, 0));
    expect(row(1, 0)).not.toEqual(row(0, 0));
    expect(new Set(row(0, 0)).size).toBe(2);
  });

  test('a feature map is dropped as a whole', async () => {
    const values = await mask({ rate: 0.5, unit: 'channel', seed: 2 }, [1, 3, 4, 16]);
    for (let place = 1; place < 12; place++) {
      expect(values.slice(16 * place, 16 * (place + 1))).toEqual(values.slice(0, 16));
    }
  });

  test('outside of training, and at rate 0, the identity', async () => {
    expect(await mask({ rate: 0.9, seed: 1 }, [3, 4], 0, false)).toEqual(new Float32Array(12).fill(1));
    expect(await mask({ rate: 0, seed: 1 }, [3, 4])).toEqual(new Float32Array(12).fill(1));
  });
});

test('every backend has drawn the same mask', () => {
  for (const other of masks) expect(other).toEqual(masks[0]);
  expect(masks.length).toBeGreaterThanOrEqual(hostBackends.length);
});

await describeBackends(['cpu'], 'setTrainingStep', () => {
  test('reaches layers of the model, of models within it, and within wrappers', async () => {
    await expectNoLeak(() => {
      const layers = [1, 2, 3].map((seed) => new Dropout({ rate: 0.5, seed })) as [Dropout, Dropout, Dropout];
      const inner = tfl.sequential({
        layers: [tfl.layers.inputLayer({ inputShape: [4, 2] }), layers[1]],
        name: 'inner',
      });
      const model = tfl.sequential();
      model.add(tfl.layers.inputLayer({ inputShape: [4, 2] }));
      model.add(layers[0]);
      model.add(inner);
      model.add(tfl.layers.timeDistributed({ layer: layers[2] }));
      setTrainingStep(model, 42);
      expect(layers.map(trainingStepOf)).toEqual([42, 42, 42]);
      expect(() => setTrainingStep(model, -1)).toThrow(/step must be an integer >= 0, got -1/);
      model.dispose();
    });
  });
});

test.each([
  [{ rate: 1, seed: 1 }, /rate must be a number from 0 to below 1, got 1/],
  [{ rate: Number.NaN, seed: 1 }, /rate must be a number/],
  [{ rate: 0.5, unit: 'map', seed: 1 }, /unit must be one of 'value', 'channel', got "map"/],
])('rejects %j', (options, message) => {
  expect(() => new Dropout(options as never)).toThrow(message);
});

/** What the layer makes of ones. */
async function mask(
  options: ConstructorParameters<typeof Dropout>[0],
  shape: number[],
  step = 0,
  training = true,
): Promise<Float32Array> {
  return expectNoLeak(async () => {
    const layer = new Dropout(options);
    setTrainingStep({ layers: [layer] }, step);
    const x = tf.ones(shape);
    const [values] = await take(layer.apply(x, { training }) as tf.Tensor);
    x.dispose();
    layer.dispose();
    return values!;
  });
}
