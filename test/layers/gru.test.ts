import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { Gru } from '../../src/layers/recurrent/gru.ts';
import { describeBackends, expectNoLeak } from '../support/backends.ts';
import { built } from '../support/layers.ts';
import { stockOptions, testAgainstStock } from './stockRecurrent.ts';

await describeBackends(['cpu', 'wasm'], 'Gru with the reset before the product', () => {
  testAgainstStock(
    (options) => new Gru({ ...options, resetAfter: false }),
    (options) => tfl.layers.gru({ ...stockOptions, recurrentActivation: 'sigmoid', ...options }),
  );
});

await describeBackends(['cpu'], 'Gru', () => {
  test('with the reset after the product it has Keras’ two biases, and is another network', async () => {
    await expectNoLeak(() => {
      const layer = built(new Gru({ units: 3, seed: 1 }), [null, null, 2]);
      expect(layer.getWeights().map(({ shape }) => shape)).toEqual([
        [2, 9],
        [3, 9],
        [2, 9],
      ]);
      expect(layer.getConfig()).toMatchObject({ resetAfter: true });
      layer.dispose();
    });
  });
});
