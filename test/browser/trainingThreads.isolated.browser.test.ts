import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { trainingThreads } from '../../src/browser/trainingThreads.ts';
import { TrainingError } from '../../src/core/errors.ts';
import { simd } from '../../src/kernels/backends/simd/simd.ts';
import { train } from '../../src/training/train.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import { type SmallResult, smallNetwork, trainSmall, validation } from '../acceptance/smallTraining.ts';
import { expectNoLeak } from '../support/leaks.ts';
import { MemoryStore, synthetic } from '../training/synthetic.ts';
import { TroubledLayer } from './troubledLayer.ts';

/* In a page that is cross-origin isolated. What threads compute, whatever starts them, is held by test/node/trainingThreads.test.ts. */

const OPTIONS: TrainOptions = { epochs: 2, schedule: 'constant', learningRate: 0.003, ema: 0.9 };

const started: Worker[] = [];
const newWorker = (name: string) => {
  const worker = new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module', name });
  vi.spyOn(worker, 'terminate');
  started.push(worker);
  return worker;
};
const threads = (count: number, name = 'wasm') => trainingThreads(count, () => newWorker(name));

/** How far numbers are from others at most. */
function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(found.length).toBe(wanted.length);
  return Math.max(...Array.from(found, (value, i) => Math.abs(value - wanted[i]!)));
}

/** Rounding: six steps of 0.003 a weight move it by a hundred times as much. */
function expectSameButForRounding(found: SmallResult, wanted: SmallResult): void {
  expect(distance([...found.losses, ...found.gradientNorms], [...wanted.losses, ...wanted.gradientNorms])).toBeLessThan(
    2e-5,
  );
  expect(distance(found.weights, wanted.weights)).toBeLessThan(2e-4);
}

beforeAll(() => setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/'));
beforeEach(async () => {
  started.length = 0;
  expect(await tf.setBackend('wasm')).toBe(true);
});
afterEach(async () => {
  for (const worker of started) expect(worker.terminate).toHaveBeenCalled();
  // A worker that lives on would hold its lock.
  await expect.poll(async () => (await navigator.locks.query()).held).toEqual([]);
});

describe('trainingThreads of a page', { timeout: 240_000 }, () => {
  it('trains to the weights of one thread, and to the same bits again (oracle: without threads)', async () => {
    expect(crossOriginIsolated).toBe(true);
    expect(simd()).toBeDefined();
    await expectNoLeak(async () => {
      const own = { ...OPTIONS, validation };
      const wanted = await trainSmall(own);
      const found = await trainSmall({ ...own, threads: threads(2) });
      expectSameButForRounding(found, wanted);
      expect(await trainSmall({ ...own, threads: threads(2) })).toEqual(found);
      expect(await trainSmall({ ...own, threads: threads(2, 'wasm without threads') })).toEqual(found);
      expect(started).toHaveLength(6);
    });
  });

  it('trains on cpu, too (oracle: without threads)', async () => {
    await tf.setBackend('cpu');
    expectSameButForRounding(await trainSmall({ ...OPTIONS, threads: threads(2, 'cpu') }), await trainSmall(OPTIONS));
  });

  it('goes on from a checkpoint after an abort, to the same bits (oracle: unbroken)', async () => {
    const wanted = await trainSmall({ ...OPTIONS, threads: threads(2) });
    const store = new MemoryStore();
    const controller = new AbortController();
    let left = 4; // in the second epoch
    const cutOff = trainSmall({
      ...{ ...OPTIONS, threads: threads(2), checkpoint: { store, everyBatches: 2 }, signal: controller.signal },
      onProgress: ({ type }) => type === 'batch' && --left === 0 && controller.abort(new Error('cut off')),
    });
    await expect(cutOff).rejects.toThrow('cut off');
    const { weights, losses } = await trainSmall({ ...OPTIONS, threads: threads(2), checkpoint: { store } });
    expect(weights).toEqual(wanted.weights);
    expect(losses).toHaveLength(2);
  });

  it('is over at once where the signal aborts while the workers start', async () => {
    const controller = new AbortController();
    const start = () => {
      controller.abort(new Error('enough'));
      return newWorker('wasm');
    };
    const run = trainSmall({ ...OPTIONS, threads: trainingThreads(2, start), signal: controller.signal });
    await expect(run).rejects.toThrow('enough');
    expect(started).toHaveLength(2);
  });

  /** What a training of two workers ends in, batches of 7 clips through the layer that may go wrong. */
  async function failing(own: TrainOptions): Promise<Error | undefined> {
    const inner = smallNetwork();
    const input = tfl.input({ shape: inner.inputs[0]!.shape.slice(1) });
    const outputs = inner.apply(new TroubledLayer({}).apply(input)) as tfl.SymbolicTensor;
    const network = tfl.model({ inputs: input, outputs });
    const options = { epochs: 2, batchSize: 7, window: { frames: 12 }, ...own };
    try {
      await train(network, synthetic({ clips: 21 }), options);
      return undefined;
    } catch (error) {
      return error as Error;
    } finally {
      network.dispose();
    }
  }

  it('goes through layers of your own, and rejects with what goes wrong in a worker while the other waits', async () => {
    await expectNoLeak(async () => {
      expect(await failing({ threads: threads(2) })).toBeUndefined();
      const thrown = await failing({ threads: threads(2, 'throw') });
      expect(thrown).toBeInstanceOf(RangeError);
      expect(thrown).toMatchObject({ message: 'no such clip', cause: { message: 'the reason' } });
      const uncaught = await failing({ threads: threads(2, 'uncaught') });
      expect(uncaught).toBeInstanceOf(TrainingError);
      expect(uncaught!.message).toMatch(/^Cannot go on training: a worker failed: .*nobody catches this/);
    });
  });

  it('rejects where a worker ends early, in a step or before', async () => {
    for (const when of ['close before', 'close']) {
      const error = await failing({ threads: threads(2, when) });
      expect(error).toBeInstanceOf(TrainingError);
      expect(error!.message).toBe('Cannot go on training: a worker is gone: it has ended');
    }
  });

  it('ends workers that hang, or never answer, once the signal aborts', async () => {
    const mute = () => {
      const url = URL.createObjectURL(new Blob(['// serves nothing'], { type: 'text/javascript' }));
      started.push(new Worker(url, { type: 'module' }));
      vi.spyOn(started.at(-1)!, 'terminate');
      return started.at(-1)!;
    };
    for (const own of [threads(2, 'hang'), trainingThreads(2, mute)]) {
      const controller = new AbortController();
      const run = failing({ threads: own, signal: controller.signal });
      setTimeout(() => controller.abort(new Error('enough')), 3000);
      expect(await run).toMatchObject({ message: 'enough' });
    }
    expect(started).toHaveLength(4);
  });

  it('says why a worker cannot work', async () => {
    expect(await failing({ threads: threads(2, 'throw at once') })).toMatchObject({
      name: 'TrainingError',
      message: expect.stringMatching(/^Cannot go on training: a worker failed: .*no module/),
    });
    const missing = () => {
      started.push(new Worker('/no/such/worker.js', { type: 'module' }));
      vi.spyOn(started.at(-1)!, 'terminate');
      return started.at(-1)!;
    };
    expect(await failing({ threads: trainingThreads(2, missing) })).toMatchObject({
      name: 'TrainingError',
      message: 'Cannot go on training: a worker failed: its module cannot be loaded',
    });
    const unprepared = await failing({ threads: threads(2, 'no wasm') });
    expect(unprepared).toBeInstanceOf(RangeError);
    expect(unprepared).toMatchObject({ message: 'no such backend', cause: { message: 'the reason' } });
  });

  it('says what start must give', async () => {
    const one = newWorker('wasm');
    expect(await failing({ threads: trainingThreads(2, () => one) })).toMatchObject({
      name: 'TypeError',
      message: 'Cannot train in threads: start must give a new Worker, got the same one again',
    });
    expect(await failing({ threads: trainingThreads(2, () => 3 as never) })).toMatchObject({
      name: 'TypeError',
      message: 'Cannot train in threads: start must give a Worker, got number',
    });
    expect(() => trainingThreads(0, () => one)).toThrow('count must be a whole number from 1 to 1024, got 0');
    expect(() => trainingThreads(2, 'a.js' as never)).toThrow('start must be a function');
  });
});
