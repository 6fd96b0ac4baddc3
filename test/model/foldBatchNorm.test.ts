import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { BatchNorm } from '../../src/layers/batchNorm.ts';
import { Conv2d } from '../../src/layers/conv2d.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { foldBatchNorm } from '../../src/model/foldBatchNorm.ts';
import { expectClose, normals, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

/** Gives batch norms other statistics and scales than their initial ones. */
function unsettle(network: tfl.LayersModel, scaleSign: (channel: number) => number): void {
  for (const layer of network.layers) {
    if (!(layer instanceof BatchNorm)) continue;
    const [size] = layer.getWeights()[0]!.shape as [number];
    const draw = (name: string) => normals(`${layer.name} ${name}`, size);
    const values = [
      draw('gamma').map((value, i) => scaleSign(i) * (0.5 + Math.abs(value))),
      draw('beta'),
      draw('mean'),
      draw('variance').map((value) => 0.1 + value * value),
    ].map((array) => tf.tensor1d(array));
    layer.setWeights(values);
    tf.dispose(values);
  }
}

const small = (antiAlias = false) =>
  buildCnnLstm({
    bins: 6,
    classes: 3,
    convolution: [
      { filters: 3, antiAlias },
      { filters: 5, pool: [1, 1] },
    ],
    recurrent: { units: 2 },
  });

const classNames = (network: tfl.LayersModel) => network.layers.map((layer) => layer.getClassName());

await describeBackends(allBackends, 'foldBatchNorm', () => {
  test.each([false, true])(
    'gives the network’s outputs, without its batch norms (anti-aliased: %s)',
    async (antiAlias) => {
      await expectNoLeak(async () => {
        const network = small(antiAlias);
        unsettle(network, () => 1);
        const folded = (await foldBatchNorm(network))!;
        expect(classNames(network)).toContain('SpeechEmotionBatchNorm');
        expect(classNames(folded)).not.toContain('SpeechEmotionBatchNorm');
        const x = normalTensor<tf.Rank.R4>('x', [2, 9, 6, 1]);
        const [expected, actual] = await take(network.predict(x) as tf.Tensor, folded.predict(x) as tf.Tensor);
        expectClose(actual!, expected!, 2e-6);
        x.dispose();
        folded.dispose();
        network.dispose();
      });
    },
  );
});

await describeBackends(['cpu'], 'foldBatchNorm', () => {
  test('keeps a normalisation with a negative scale behind a pooling, and folds it where there is none', async () => {
    await expectNoLeak(async () => {
      const network = small();
      unsettle(network, (channel) => (channel === 1 ? -1 : 1));
      const folded = (await foldBatchNorm(network))!;
      expect(classNames(folded).filter((name) => name === 'SpeechEmotionBatchNorm')).toHaveLength(1);
      const x = normalTensor<tf.Rank.R4>('x', [2, 9, 6, 1]);
      const [expected, actual] = await take(network.predict(x) as tf.Tensor, folded.predict(x) as tf.Tensor);
      expectClose(actual!, expected!, 2e-6);
      x.dispose();
      folded.dispose();
      network.dispose();
    });
  });

  test('has nothing to fold where another layer reads the convolution, or there is none', async () => {
    await expectNoLeak(async () => {
      const input = tfl.input({ shape: [4, 4, 1] });
      const conv = new Conv2d({ filters: 2, seed: 1 }).apply(input) as tfl.SymbolicTensor;
      const norm = new BatchNorm().apply(conv) as tfl.SymbolicTensor;
      const sum = tfl.layers.add().apply([conv, norm]) as tfl.SymbolicTensor;
      const network = tfl.model({ inputs: input, outputs: sum });
      expect(await foldBatchNorm(network)).toBeUndefined();
      network.dispose();
      const plain = tfl.sequential({ layers: [tfl.layers.dense({ inputShape: [3], units: 2 })] });
      expect(await foldBatchNorm(plain)).toBeUndefined();
      plain.dispose();
    });
  });

  test('leaves a network as it is that uses a layer twice', async () => {
    await expectNoLeak(async () => {
      const input = tfl.input({ shape: [4, 4, 1] });
      const conv = new Conv2d({ filters: 1, seed: 1 });
      const twice = conv.apply(conv.apply(input)) as tfl.SymbolicTensor;
      const network = tfl.model({ inputs: input, outputs: new BatchNorm().apply(twice) as tfl.SymbolicTensor });
      expect(await foldBatchNorm(network)).toBeUndefined();
      network.dispose();
      for (const weight of conv.weights) weight.dispose(); // tfjs counts both uses and leaves it
    });
  });
});
