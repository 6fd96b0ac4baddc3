import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  type CrossValidateProgress,
  crossValidate,
  examplesToBytes,
  TrainingError,
  trainEnsemble,
} from 'speech-emotion';
import { trainingWorkers } from 'speech-emotion/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectNoLeak } from '../support/backends.ts';
import { MemoryStore, parityFolds, synthetic, weightsOf } from '../training/synthetic.ts';
import { type Parameters, smallNetwork } from './smallNetwork.ts';
import { expectNoThreadLeft } from './threads.ts';

/* Threads run the built package, so everything here does: `npm run build` first, as `npm test` does. */

const data = synthetic({ clips: 36 });
const folds = parityFolds(data);
const config = { epochs: 3, batchSize: 8, learningRate: 0.02, window: { frames: 12 } };
const options = { build: (seed: number) => smallNetwork(seed), train: config, seeds: [1, 2] };

const module = new URL('./smallNetwork.ts', import.meta.url);
const workers = (parameters: Parameters, most = 2) => trainingWorkers(module, { workers: most, parameters });
const troubled = (kind: NonNullable<Parameters['trouble']>['kind'], seed = 2) =>
  workers({ backend: 'cpu', trouble: { seed, kind } });

describe('trainingWorkers', { timeout: 240_000 }, () => {
  const started = expectNoThreadLeft();
  beforeAll(async () => {
    tf.env().set('PROD', true); // no banner
    await tf.setBackend('cpu');
  });

  it.each(['cpu', 'wasm'])('cross-validates on %s to the same JSON (oracle: without threads)', async (backend) => {
    await tf.setBackend(backend);
    const before = examplesToBytes(data);
    await expectNoLeak(async () => {
      const wanted = await crossValidate(data, folds, options);
      const events: CrossValidateProgress[] = [];
      const onProgress = (event: CrossValidateProgress) => events.push(event);
      const found = await crossValidate(data, folds, { ...options, executor: workers({ backend }), onProgress });
      expect(started()).toBe(2);
      expect(JSON.stringify(found)).toBe(JSON.stringify(wanted));
      const ends = events.filter((event) => event.type === 'fold');
      expect(ends.map(({ done }) => done)).toEqual([1, 2, 3, 4]);
      expect(new Set(ends.map(({ fold, seed }) => `${fold} ${seed}`)).size).toBe(4);
      for (const { fold, seed } of ends) {
        const own = events.filter((event) => event.fold === fold && event.seed === seed);
        expect(own.at(-1)!.type).toBe('fold');
        expect(own.filter((event) => event.type === 'training' && event.progress.type === 'epoch')).toHaveLength(3);
      }
    });
    expect(examplesToBytes(data)).toEqual(before);
    await tf.setBackend('cpu');
  });

  it('trains an ensemble to the same weights (oracle: without threads)', async () => {
    await expectNoLeak(async () => {
      const own = { ...options, train: { ...config, validation: synthetic({ clips: 9, prefix: 'held' }) } };
      const wanted = await trainEnsemble(data, own);
      const found = await trainEnsemble(data, { ...own, executor: workers({ backend: 'cpu' }) });
      for (const [i, { model, ...report }] of found.entries()) {
        const { model: other, ...otherReport } = wanted[i]!;
        expect(report).toEqual(otherReport);
        expect(await weightsOf(model.network)).toEqual(await weightsOf(other.network));
        expect({ ...model.settings, training: null }).toEqual({ ...other.settings, training: null });
      }
      for (const { model } of [...wanted, ...found]) model.network.dispose();
    });
  });

  it('starts no more threads than there are trainings, and none where all are in the store', async () => {
    const store = new MemoryStore();
    const one = { ...options, seeds: [1], executor: workers({ backend: 'cpu' }, 8), store };
    const wanted = await crossValidate(data, folds, one);
    expect(started()).toBe(2);
    expect(await crossValidate(data, folds, one)).toEqual(wanted);
    expect(started()).toBe(2);
  });

  it('goes on from the checkpoint of a training that was cut off (oracle: one that was not)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
    const own = { ...options, seeds: [1] };
    const wanted = await crossValidate(data, folds.slice(0, 1), own);
    const controller = new AbortController();
    const checkpointed = () =>
      trainingWorkers(module, { workers: 1, parameters: { backend: 'cpu' }, checkpoints: folder });
    const cutOff = crossValidate(data, folds.slice(0, 1), {
      ...{ ...own, executor: checkpointed(), signal: controller.signal },
      onProgress(event) {
        if (event.type === 'training' && event.progress.type === 'checkpoint') controller.abort(new Error('cut off'));
      },
    });
    await expect(cutOff).rejects.toThrow('cut off');
    expect(await readdir(folder)).toHaveLength(1);

    const types: string[] = [];
    const found = await crossValidate(data, folds.slice(0, 1), {
      ...{ ...own, executor: checkpointed() },
      onProgress: (event) => types.push(event.type === 'training' ? event.progress.type : event.type),
    });
    expect(types[0]).toBe('resume');
    expect(types.filter((type) => type === 'epoch').length).toBeLessThan(3);
    expect(JSON.stringify(found)).toBe(JSON.stringify(wanted));
    expect(await readdir(folder)).toEqual([]); // deleted, once the result has been taken
    await rm(folder, { recursive: true });
  });

  it('ends at once when the signal aborts; finished results are kept, and another run resumes after them', async () => {
    const store = new MemoryStore();
    const controller = new AbortController();
    const events: string[] = [];
    const onProgress = (event: CrossValidateProgress) => {
      events.push(event.type);
      if (event.type === 'fold') controller.abort(new Error('enough'));
    };
    const abortable = { ...options, store, signal: controller.signal, onProgress };
    // Seed 2 hangs: only the thread's end can end it.
    const run = crossValidate(data, folds, { ...abortable, executor: troubled('hang') });
    await expect(run).rejects.toThrow('enough');
    const stored = store.versions.length;
    expect(stored).toBeGreaterThan(0);
    const told = events.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events).toHaveLength(told);

    const kept: boolean[] = [];
    const resumed = await crossValidate(data, folds, {
      ...options,
      store,
      executor: workers({ backend: 'cpu' }),
      onProgress: (event) => event.type === 'fold' && kept.push(event.stored),
    });
    expect(kept.filter(Boolean)).toHaveLength(stored);
    expect(kept.indexOf(false)).toBe(stored); // those of the store come first
    expect(resumed).toEqual(await crossValidate(data, folds, options));
    const aborted = crossValidate(data, folds, { ...options, executor: troubled('hang'), signal: AbortSignal.abort() });
    await expect(aborted).rejects.toThrow('aborted');
  });

  it('rejects with the class, message and cause of what went wrong in a thread', async () => {
    const failing = (executor = workers({ backend: 'cpu' }), train: object = config) =>
      crossValidate(data, folds, { ...options, train, executor }).then(
        () => undefined,
        (error: Error) => error,
      );
    const thrown = await failing(troubled('throw'));
    expect(thrown).toBeInstanceOf(RangeError);
    expect(thrown).toMatchObject({ message: 'no such network', cause: { message: 'the reason' } });
    expect(thrown!.stack).toContain('smallNetwork.ts');
    const diverged = await failing(troubled('not finite'));
    expect(diverged).toBeInstanceOf(TrainingError);
    expect(diverged!.message).toMatch(/^Cannot go on training: the loss is NaN/);
    const wrong = { ...config, window: { frames: 13 } };
    const here = await crossValidate(data, folds, { ...options, train: wrong }).catch((error: Error) => error);
    expect(await failing(undefined, wrong)).toEqual(here);
    const unsendable = await failing(undefined, { ...config, dataset: { name: () => 'a function' } });
    expect(unsendable).toMatchObject({ name: 'DataCloneError' });
  });

  it('rejects where a thread dies, builds another network or has no `build`', async () => {
    const run = (executor: ReturnType<typeof workers>) => crossValidate(data, folds, { ...options, executor });
    await expect(run(troubled('exit'))).rejects.toThrow(TrainingError);
    await expect(run(troubled('exit'))).rejects.toThrow(
      'Cannot go on training: a worker is gone: it ended with exit code 7',
    );
    await expect(run(troubled('uncaught'))).rejects.toMatchObject({
      name: 'TrainingError',
      message: 'Cannot go on training: a worker failed: nobody awaits this',
      cause: { message: 'nobody awaits this' },
    });
    await expect(run(troubled('other'))).rejects.toThrow(/^Cannot train in workers: .* builds another network/);
    const noBuild = trainingWorkers(new URL('../training/synthetic.ts', import.meta.url));
    await expect(run(noBuild)).rejects.toThrow(/must export a function build, got undefined$/);
    await expect(run(trainingWorkers('nowhere.js'))).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
  });

  it('takes no notice of messages that the module sends for reasons of its own', async () => {
    const one = { ...options, seeds: [2] };
    const found = await crossValidate(data, folds, { ...one, executor: troubled('foreign') });
    expect(found).toEqual(await crossValidate(data, folds, one));
  });

  it('stops when a callback throws', async () => {
    const onProgress = () => {
      throw new Error('no more');
    };
    const run = crossValidate(data, folds, { ...options, executor: workers({ backend: 'cpu' }), onProgress });
    await expect(run).rejects.toThrow('no more');
    const store = { load: async () => undefined, save: () => Promise.reject(new Error('disk full')) };
    const full = crossValidate(data, folds, { ...options, executor: workers({ backend: 'cpu' }), store });
    await expect(full).rejects.toThrow('disk full');
  });

  it('refuses options it does not know, and numbers of threads that are none', () => {
    expect(() => trainingWorkers(module, { workers: 0 })).toThrow(
      'workers must be a whole number from 1 to 1024, got 0',
    );
    expect(() => trainingWorkers(module, { threads: 2 } as never)).toThrow(TypeError);
  });
});
