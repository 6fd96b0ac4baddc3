import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { TrainingError } from '../../src/core/errors.ts';
import { ExampleContents } from '../../src/exampleSet/exampleContents.ts';
import { train } from '../../src/training/train.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import type { TrainProgress } from '../../src/training/trainReport.ts';
import { expectNoLeak } from '../support/backends.ts';
import { MemoryStore, network, synthetic, weightsOf } from './synthetic.ts';

/* Which network may go on with which run: the checkpoint must be of a run that began from the same weights. */

beforeAll(() => tf.setBackend('cpu'));

const data = synthetic({ clips: 12 });
const OPTIONS: TrainOptions = { epochs: 3, batchSize: 4, window: { frames: 12 }, learningRate: 0.01 };

/** Trains until so many batches are done, then aborts. */
async function aborted(net: LayersModel, batches: number, options: TrainOptions): Promise<void> {
  const controller = new AbortController();
  let done = 0;
  const onProgress = ({ type }: TrainProgress) => {
    if (type === 'batch' && ++done === batches) controller.abort(new Error('enough'));
  };
  await expect(train(net, data, { ...OPTIONS, ...options, signal: controller.signal, onProgress })).rejects.toThrow(
    'enough',
  );
}

/** The weights that a whole run ends in, and whether it went on from a checkpoint. */
async function finished(net: LayersModel, options: TrainOptions = {}) {
  let resumed = false;
  const onProgress = ({ type }: TrainProgress) => {
    resumed ||= type === 'resume';
  };
  await train(net, data, { ...OPTIONS, ...options, onProgress });
  return { weights: await weightsOf(net), resumed };
}

/** The same weights in a network of its own, as one that was saved and loaded has them. */
function copyOf(net: LayersModel): LayersModel {
  const copy = network();
  copy.setWeights(net.getWeights());
  return copy;
}

/** Everything that is made here is disposed. */
async function withNetworks(run: (made: (net: LayersModel) => LayersModel) => Promise<void>): Promise<void> {
  await expectNoLeak(async () => {
    const all: LayersModel[] = [];
    const made = (net: LayersModel) => {
      all.push(net);
      return net;
    };
    await run(made);
    for (const net of all) net.dispose();
  });
}

describe('a half-trained run resumes (oracle: the uninterrupted run)', () => {
  it.each([
    ['in the same network', { onAbort: true }, (net: LayersModel) => net],
    [
      'in the same network, which is ahead of its checkpoint',
      { onAbort: false, everyBatches: 2 },
      (net: LayersModel) => net,
    ],
    ['in one built anew', { onAbort: true }, () => network()],
    ['in one built anew, from a checkpoint before the abort', { onAbort: false, everyBatches: 2 }, () => network()],
    ['in one that was saved as the checkpoint has it', { onAbort: true }, copyOf],
  ])('%s', async (_, when, next) => {
    await withNetworks(async (made) => {
      const { weights: wanted } = await finished(made(network()));
      const checkpoint = { store: new MemoryStore(), ...when };
      const net = made(network());
      await aborted(net, 5, { checkpoint });
      const other = next(net);
      expect(await finished(other === net ? net : made(other), { checkpoint })).toEqual({
        weights: wanted,
        resumed: true,
      });
    });
  });

  it('when it is stopped again and again, in the same network', async () => {
    await withNetworks(async (made) => {
      const { weights: wanted } = await finished(made(network()));
      for (const onAbort of [true, false]) {
        const checkpoint = { store: new MemoryStore(), everyBatches: 1, onAbort };
        const net = made(network());
        for (let times = 0; times < 4; times++) await aborted(net, 2, { checkpoint });
        expect(await finished(net, { checkpoint })).toEqual({ weights: wanted, resumed: true });
      }
    });
  });

  it('when a callback threw in it', async () => {
    await withNetworks(async (made) => {
      const { weights: wanted } = await finished(made(network()));
      const checkpoint = { store: new MemoryStore() };
      const net = made(network());
      const onProgress = ({ type }: TrainProgress) => {
        if (type === 'checkpoint') throw new Error('boom');
      };
      await expect(train(net, data, { ...OPTIONS, checkpoint, onProgress })).rejects.toThrow('boom');
      expect(await finished(net, { checkpoint })).toEqual({ weights: wanted, resumed: true });
    });
  });

  it('to its end, however often it is asked for it', async () => {
    await withNetworks(async (made) => {
      const checkpoint = { store: new MemoryStore() };
      const { weights: wanted } = await finished(made(network()), { checkpoint });
      expect(await finished(made(network()), { checkpoint })).toEqual({ weights: wanted, resumed: true });
    });
  });
});

describe('a network that began from other weights is refused, and nothing is changed about it or the store', () => {
  const refused = async (net: LayersModel, store: MemoryStore, options: TrainOptions = {}) => {
    const before = [await weightsOf(net), store.versions.length];
    const run = train(net, data, { ...OPTIONS, ...options, checkpoint: { store } });
    await expect(run).rejects.toThrow(TrainingError);
    await expect(run).rejects.toThrow('of a run that began from other weights than this network');
    expect([await weightsOf(net), store.versions.length]).toEqual(before);
  };

  it('a second base model of the same layers', async () => {
    await withNetworks(async (made) => {
      const store = new MemoryStore();
      await aborted(made(network()), 5, { checkpoint: { store } });
      const second = made(network());
      await finished(second, { seed: 5 }); // no store: a base model like any other
      await refused(second, store);
      await finished(made(network()), { checkpoint: { store } });
      await refused(second, store);
    });
  });

  it('the trained network itself, which is another base model now', async () => {
    await withNetworks(async (made) => {
      for (const averaging of [0.99, false] as const) {
        const store = new MemoryStore();
        const net = made(network());
        await finished(net, { ema: averaging, checkpoint: { store } });
        await refused(net, store, { ema: averaging });
      }
    });
  });

  it('a half-trained one that something else was done to meanwhile', async () => {
    await withNetworks(async (made) => {
      const store = new MemoryStore();
      const net = made(network());
      await aborted(net, 5, { checkpoint: { store } });
      const [kernel] = net.trainableWeights;
      tf.tidy(() => void kernel!.write(tf.add(kernel!.read(), 1e-3)));
      await refused(net, store);
    });
  });
});

describe('other work is refused', () => {
  const { examples } = data;
  const store = new MemoryStore();
  const auxiliary = { parity: 0.5 };
  beforeAll(async () => {
    const net = network();
    await aborted(net, 5, { auxiliary, checkpoint: { store } });
    net.dispose();
  });
  const other = async (set: typeof data, options: TrainOptions = {}) => {
    const net = network();
    try {
      await train(net, set, {
        ...OPTIONS,
        auxiliary,
        ...options,
        checkpoint: { store: new MemoryStore(...store.versions) },
      });
    } finally {
      net.dispose();
    }
  };

  it('and the same is not', () => other(synthetic({ clips: 12 })));

  it.each([
    ['groups that `auxiliary` trains on', { groups: { ...examples[3]!.groups, parity: 'even' } }],
    ['features', { variants: [examples[4]!.variants[0]!, examples[3]!.variants[1]!] }],
    ['a label', { label: 1 }],
  ])('other %s', async (_, change) => {
    const changed = { ...data, examples: examples.map((own, i) => (i === 3 ? { ...own, ...change } : own)) };
    await expect(other(changed)).rejects.toThrow('of a run with another network, other options or other data');
  });

  it('other options', async () => {
    await expect(other(data, { epochs: 4 })).rejects.toThrow('other options');
  });
});

it('the whole set is hashed only where there is a store', async () => {
  const print = vi.spyOn(ExampleContents.prototype, 'of');
  const net = network();
  await train(net, data, { ...OPTIONS, epochs: 1 });
  expect(print).not.toHaveBeenCalled();
  net.dispose();
  const kept = network();
  await train(kept, data, { ...OPTIONS, epochs: 1, checkpoint: { store: new MemoryStore() } });
  expect(print).toHaveBeenCalled();
  kept.dispose();
  print.mockRestore();
});
