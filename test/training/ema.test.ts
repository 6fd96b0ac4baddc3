import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { assignValues, valuesOf } from '../../src/model/weights.ts';
import { Ema } from '../../src/training/ema.ts';
import { expectClose } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';
import { network, weightsOf } from './synthetic.ts';

/** Sets every weight of a network to a number. */
const setAll = (of: ReturnType<typeof network>, value: number) =>
  assignValues(
    of.weights,
    of.weights.map((weight) => new Float32Array(tf.util.sizeFromShape(weight.shape as number[])).fill(value)),
  );

await describeBackends(allBackends, 'Ema', () => {
  it('is the moving average, its decay warming up, of all weights and statistics (oracle: by hand)', async () => {
    await expectNoLeak(async () => {
      const net = network();
      setAll(net, 1);
      const average = new Ema(net.weights, 0.25);
      let wanted = 1;
      for (const [i, value] of [3, -2, 5, 0.5].entries()) {
        setAll(net, value);
        average.update(i + 1);
        const decay = Math.min(0.25, (2 + i) / (11 + i)); // 2/11, 3/12, then 0.25
        wanted = decay * wanted + (1 - decay) * value;
      }
      const averages = await valuesOf(average.averages());
      expect(averages).toHaveLength(net.weights.length);
      for (const values of averages) for (const value of values) expect(value).toBeCloseTo(wanted, 6);
      average.dispose();
      net.dispose();
    });
  });

  it('lends the averages to the network and takes them back', async () => {
    await expectNoLeak(async () => {
      const net = network();
      setAll(net, 1);
      const average = new Ema(net.weights, 0.9);
      setAll(net, 2);
      average.swapIn();
      expectClose((await weightsOf(net)).flat(), new Array(net.countParams()).fill(1), 0);
      average.swapOut();
      average.swapOut(); // a second time changes nothing
      expectClose((await weightsOf(net)).flat(), new Array(net.countParams()).fill(2), 0);
      average.moveIn();
      average.dispose();
      expectClose((await weightsOf(net)).flat(), new Array(net.countParams()).fill(1), 0);
      net.dispose();
    });
  });
});
