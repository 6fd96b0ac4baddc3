import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { Lstm } from '../../src/layers/recurrent/lstm.ts';
import { setTrainingStep } from '../../src/layers/trainingStep.ts';
import { normalTensor, take } from '../support/arrays.ts';
import { describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';
import { stockOptions, testAgainstStock } from './stockRecurrent.ts';

await describeBackends(['cpu', 'wasm'], 'Lstm', () => {
  testAgainstStock(
    (options) => new Lstm(options),
    (options) => tfl.layers.lstm({ ...stockOptions, recurrentActivation: 'sigmoid', ...options }),
  );

  test('initial weights: Keras’ defaults', async () => {
    await expectNoLeak(async () => {
      const units = 6;
      const layer = new Lstm({ units, seed: 3 });
      built(layer, [null, null, 5]);
      const [kernel, recurrent, bias] = (await Promise.all(
        layer.getWeights().map((weight) => weight.data()),
      )) as Float32Array[];
      expect(Math.max(...kernel!.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / (5 + 4 * units)));
      for (let a = 0; a < units; a++)
        for (let b = 0; b < units; b++) {
          let product = 0;
          for (let i = 0; i < 4 * units; i++)
            product += recurrent![a * 4 * units + i]! * recurrent![b * 4 * units + i]!;
          expect(product).toBeCloseTo(a === b ? 1 : 0, 6); // rows are orthonormal
        }
      expect([...bias!]).toEqual([0, 1, 0, 0].flatMap((value) => new Array(units).fill(value)));
      layer.dispose();
    });
  });

  test('recurrent dropout: the outputs of the kernel whose mask is the same at every frame', async () => {
    await expectNoLeak(async () => {
      // With kernel 0 and bias 0, h stays 0 but for the bias: instead look at two frames with equal inputs. What differs
      // between a run with and one without dropout is the recurrent part only, so the first frame is the same.
      const layer = new Lstm({ units: 8, recurrentDropout: 0.5, seed: 4 });
      built(layer, [null, null, 3]);
      const x = normalTensor<tf.Rank.R3>('x', [4, 3, 3]);
      const at = async (step: number, training: boolean) => {
        setTrainingStep({ layers: [layer] }, step);
        const [values] = await take(layer.apply(x, { training }) as tf.Tensor);
        return values!;
      };
      const [plain, first, again, second] = [
        await at(0, false),
        await at(0, true),
        await at(0, true),
        await at(1, true),
      ];
      const frame = (values: Float32Array, t: number) => values.filter((_, i) => Math.floor(i / 8) % 3 === t);
      expect(frame(first, 0)).toEqual(frame(plain, 0));
      expect(frame(first, 1)).not.toEqual(frame(plain, 1));
      expect(again).toEqual(first);
      expect(frame(second, 1)).not.toEqual(frame(first, 1));
      x.dispose();
      layer.dispose();
    });
  });
});
