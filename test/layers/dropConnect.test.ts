import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { DropConnect } from '../../src/layers/dropConnect.ts';
import { setTrainingStep } from '../../src/layers/trainingStep.ts';
import { expectClose, normals, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';

const [batch, inputs, units] = [2, 40, 3] as const;

await describeBackends(allBackends, 'DropConnect', () => {
  test('at rate 0, is a fully connected layer', async () => {
    await expectNoLeak(async () => {
      const { x, kernel, layer } = make({ rate: 0, activation: 'linear' });
      const [trained, otherwise] = await take(
        layer.apply(x, { training: true }) as tf.Tensor,
        layer.apply(x) as tf.Tensor,
      );
      const expected = sums(kernel);
      expectClose(trained!, expected, 1e-5);
      expectClose(otherwise!, expected, 1e-5);
      x.dispose();
      layer.dispose();
    });
  });

  test('outside training, gives the mean of training over ten thousand draws', async () => {
    await expectNoLeak(async () => {
      const { x, kernel, layer } = make({ rate: 0.3 });
      const [actual] = await take(layer.apply(x) as tf.Tensor);
      const draws = 10_000;
      const mean = new Float64Array(batch * units);
      for (let draw = 0; draw < draws; draw++) {
        const kept = normals(`draw ${draw}`, inputs * units).map((value) => Number(value > -0.5244)); // 0.7 of a normal distribution
        for (const [i, z] of sums(kernel.map((value, at) => value * kept[at]!)).entries())
          mean[i]! += Math.max(0, z) / draws;
      }
      // The sums of forty terms are not quite normal, and the mean of the draws is within 0.05 of theirs.
      expectClose(actual!, mean, 0.1);
      x.dispose();
      layer.dispose();
    });
  });

  test('closed form: half of a sum that is 0 on average is σ / √(2π)', async () => {
    await expectNoLeak(async () => {
      const layer = built(new DropConnect({ units: 1, rate: 0.5, seed: 1 }), [null, 2]);
      const weights = [tf.tensor2d([3, -3], [2, 1]), tf.zeros([1])];
      layer.setWeights(weights);
      const x = tf.tensor2d([
        [1, 1],
        [0, 0],
      ]);
      const [y] = await take(layer.apply(x) as tf.Tensor);
      expectClose(y!, [Math.sqrt(18 / 4 / (2 * Math.PI)), 0], 1e-5);
      tf.dispose([x, weights]);
      layer.dispose();
    });
  });

  test('in training, the same weights at the same step, others at the next', async () => {
    await expectNoLeak(async () => {
      const { x, kernel, layer } = make({ rate: 0.5, activation: 'linear' });
      const at = (step: number) => {
        setTrainingStep({ layers: [layer] }, step);
        return layer.apply(x, { training: true }) as tf.Tensor;
      };
      const [first, again, next] = await take(at(1), at(1), at(2));
      expect(again).toEqual(first);
      expect(next).not.toEqual(first);
      expect([...first!]).not.toEqual([...sums(kernel)]);
      x.dispose();
      layer.dispose();
    });
  });
});

test.each([
  [{ units: 2, rate: 1, seed: 1 }, /Cannot make DropConnect: rate must be a number from 0 to below 1, got 1/],
  [{ units: 2, activation: 'softmax', seed: 1 }, /activation must be one of 'linear', 'relu', got "softmax"/],
])('rejects %j', (options, message) => {
  expect(() => new DropConnect(options as never)).toThrow(message);
});

function make(options: Partial<ConstructorParameters<typeof DropConnect>[0]>) {
  const layer = built(new DropConnect({ units, seed: 1, ...options }), [null, inputs]);
  const kernel = normals('kernel', inputs * units);
  const weights = [tf.tensor(kernel, [inputs, units]), tf.tensor(bias)];
  layer.setWeights(weights);
  tf.dispose(weights);
  return { layer, kernel, x: tf.tensor2d(values, [batch, inputs]) };
}

const bias = normals('bias', units);
const values = normals('x', batch * inputs);

/** kernelᵀx + bias, in float64. */
function sums(kernel: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: batch * units }, (_, at) => {
    const [b, u] = [Math.floor(at / units), at % units];
    let z = bias[u]!;
    for (let d = 0; d < inputs; d++) z += values[b * inputs + d]! * kernel[d * units + u]!;
    return z;
  });
}
