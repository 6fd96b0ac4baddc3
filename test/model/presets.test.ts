import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { setTrainingStep } from '../../src/layers/trainingStep.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { presets } from '../../src/model/presets.ts';
import { normalTensor, take } from '../support/arrays.ts';
import { describeBackends, expectNoLeak } from '../support/backends.ts';

/*
 * Every surveyed system as a network: built, run, saved and learning. That its parts are what their papers say is tested where
 * they are, in test/layers.
 */

await describeBackends(['wasm'], 'presets', () => {
  test.each(Object.keys(presets) as (keyof typeof presets)[])('%s', async (name) => {
    await expectNoLeak(async () => {
      const network = buildCnnLstm({ ...presets[name], bins: 16, seed: 1 });
      const again = await tfl.models.modelFromJSON(network.toJSON(undefined, false) as never);
      again.setWeights(network.getWeights());
      const x = normalTensor<tf.Rank.R4>('x', [8, 20, 16, 1]);
      const [first, second] = await take(network.predict(x) as tf.Tensor, again.predict(x) as tf.Tensor);
      expect(second).toEqual(first);
      for (let b = 0; b < 8; b++) expect(first!.slice(8 * b, 8 * b + 8).reduce((a, c) => a + c)).toBeCloseTo(1, 5);

      // One clip of each class is soon known by heart: dropout and all.
      const optimizer = tf.train.adam(0.003);
      const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const target = tf.eye(8);
      const losses: number[] = [];
      for (let step = 0; step < 30; step++) {
        setTrainingStep(network, step);
        const { value, grads } = tf.variableGrads(() => {
          const p = network.apply(x, { training: true }) as tf.Tensor;
          return tf.neg(tf.mean(tf.sum(tf.mul(target, tf.log(tf.add(p, 1e-7))), 1))) as tf.Scalar;
        }, variables);
        optimizer.applyGradients(grads as never);
        losses.push((await value.data())[0]!);
        tf.dispose([value, grads]);
      }
      expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
      tf.dispose([x, target]);
      optimizer.dispose();
      again.dispose();
      network.dispose();
    });
  });
});
