import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { train } from '../../src/training/train.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import { expectNoLeak } from '../support/backends.ts';
import { BINS, LABELS, MemoryStore, network, synthetic, weightsOf } from './synthetic.ts';

/* Clips of three labels by four speakers, who are odd or even; one batch holds them all. */

const data = synthetic({ clips: 12, contrast: 3 });
const OPTIONS: TrainOptions = { epochs: 3, batchSize: 12, window: { frames: 12 }, augment: false };

async function run(options: TrainOptions, set = data, net = network()) {
  try {
    const { history, model } = await train(net, set, { ...OPTIONS, ...options });
    return { losses: history.map(({ loss }) => loss), weights: await weightsOf(net), settings: model.settings, net };
  } finally {
    net.dispose();
  }
}

beforeAll(() => tf.setBackend('cpu'));

describe('auxiliary targets', () => {
  it('that count nothing change nothing (property)', async () => {
    await expectNoLeak(async () => {
      const { weights, losses } = await run({});
      const withNothing = await run({ auxiliary: { parity: 0 } });
      expect(withNothing.weights).toEqual(weights);
      expect(withNothing.losses[0]).toBeCloseTo(losses[0]!, 6);
      expect((await run({ auxiliary: { parity: 1 } })).weights).not.toEqual(weights);
    });
  });

  it('add the mean cross entropy of a softmax over what the classifying layer reads, times their weight (definition)', async () => {
    const still = { learningRate: 0, epochs: 1, labelSmoothing: 0 };
    const lossOf = async (auxiliary: Record<string, number>) => (await run({ ...still, auxiliary })).losses[0]!;
    const alone = await lossOf({});
    const parity = (await lossOf({ parity: 1 })) - alone;
    const speaker = (await lossOf({ speaker: 1 })) - alone;
    // Fresh heads are unsure: near the logarithm of how many values there are.
    expect(Math.abs(parity - Math.log(2))).toBeLessThan(0.3);
    expect(Math.abs(speaker - Math.log(4))).toBeLessThan(0.3);
    expect(await lossOf({ parity: 0.5, speaker: 2 })).toBeCloseTo(alone + 0.5 * parity + 2 * speaker, 5);
  });

  it('are learned: with a weight of 1 the loss falls below what is left when nothing is known of them', async () => {
    // The label itself as a group: what can be learned of it is what can be learned of the label.
    const examples = data.examples.map((one) => ({ ...one, groups: { own: LABELS[one.label]! } }));
    const long = { epochs: 60, learningRate: 0.03, labelSmoothing: 0, auxiliary: { own: 1 } };
    const { losses } = await run(long, { ...data, examples });
    expect(losses.at(-1)).toBeLessThan(0.5 * 2 * Math.log(3));
  });

  it('leave a clip without the group to its label', async () => {
    const still = { learningRate: 0, epochs: 1, auxiliary: { parity: 1 } };
    const examples = data.examples.map((one, i) => (i < 6 ? one : { ...one, groups: {} }));
    const [all, half, none] = [
      await run(still),
      await run(still, { ...data, examples }),
      await run({ ...still, auxiliary: {} }),
    ];
    expect(half.losses[0]! - none.losses[0]!).toBeGreaterThan(0.2 * Math.log(2));
    expect(half.losses[0]! - none.losses[0]!).toBeLessThan(0.8 * (all.losses[0]! - none.losses[0]!));
  });

  it('are of frames averaged where the classifying layer reads frames', async () => {
    await expectNoLeak(async () => {
      const framewise = () =>
        buildCnnLstm({ bins: BINS, classes: 3, convolution: [], recurrent: { units: 3 }, pooling: 'frameSum' });
      const { losses } = await run({ epochs: 1, learningRate: 0, auxiliary: { parity: 1 } }, data, framewise());
      const alone = await run({ epochs: 1, learningRate: 0 }, data, framewise());
      expect(Math.abs(losses[0]! - alone.losses[0]! - Math.log(2))).toBeLessThan(0.5);
    });
  });

  it('go on from a checkpoint as if nothing had stopped them', async () => {
    await expectNoLeak(async () => {
      const auxiliary = { parity: 0.5, speaker: 0.5 };
      const wanted = await run({ auxiliary });
      const store = new MemoryStore();
      await run({ auxiliary, checkpoint: { store } });
      const afterFirst = new MemoryStore(store.versions[0]!);
      expect((await run({ auxiliary, checkpoint: { store: afterFirst } })).weights).toEqual(wanted.weights);
      const other = run({ auxiliary: { parity: 0.5 }, checkpoint: { store: afterFirst } });
      await expect(other).rejects.toThrow(/another network, other options/);
    });
  });

  it('are no part of the trained model but of what is said about its training', async () => {
    const net = network();
    const before = net.weights.length;
    const { model } = await train(net, data, { ...OPTIONS, auxiliary: { parity: 0.5 } });
    expect(model.network.outputs).toHaveLength(1);
    expect(model.network.weights).toHaveLength(before);
    expect(model.settings.training.options.auxiliary).toEqual([
      { group: 'parity', values: ['even', 'odd'], weight: 0.5 },
    ]);
    net.dispose();
  });

  it('are refused where they are not the same each time', async () => {
    await expectNoLeak(async () => {
      await expect(run({ auxiliary: { age: 1 } })).rejects.toThrow(
        'auxiliary.age must be a group of which the training data has two values or more, got none',
      );
      await expect(run({ auxiliary: { parity: -1 } })).rejects.toThrow(/auxiliary.parity must be .* got -1/);
      const flat = tfl.sequential({
        layers: [
          tfl.layers.dense({ units: 3, activation: 'softmax', inputShape: [12, BINS, 1] }),
          tfl.layers.reshape({ targetShape: [12 * BINS, 3] }),
          tfl.layers.globalAveragePooling1d({}),
        ],
      });
      await expect(run({ auxiliary: { parity: 1 } }, data, flat as never)).rejects.toThrow(/last trained layer reads/);
    });
  });
});
