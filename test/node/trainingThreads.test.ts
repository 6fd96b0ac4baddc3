import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tfl from '@tensorflow/tfjs-layers';
import { adapt, buildCnnLstm, TrainingError, type TrainOptions, type TrainReport, train } from 'speech-emotion';
import { trainingThreads } from 'speech-emotion/node';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectNoLeak } from '../support/backends.ts';
import { BINS, LABELS, MemoryStore, network as stockNetwork, synthetic, weightsOf } from '../training/synthetic.ts';
import { Troubled } from './threadModule.ts';
import { expectNoThreadLeft } from './threads.ts';

/* Threads run the built package, so everything here does: `npm run build` first, as `npm test` does. */

/** Batches of 6, 6, 6 and 7 clips, some of which were asked for two labels alone. */
const data = {
  ...synthetic({ clips: 25 }),
  examples: synthetic({ clips: 25 }).examples.map((clip, i) =>
    i % 4 ? clip : { ...clip, asked: [clip.label, (clip.label + 1) % LABELS.length].sort() },
  ),
};
const validation = synthetic({ clips: 9, seed: 2, prefix: 'held' });
const options: TrainOptions = {
  ...{
    epochs: 2,
    batchSize: 8,
    window: { frames: 12 },
    schedule: 'constant',
    learningRate: 0.003,
    ema: 0.9,
    clipNorm: 1,
  },
  augment: { timeMasks: { maxFrames: 3 }, frequencyMasks: { maxBins: 2 }, noise: {} },
};

/** Convolutions (one strided), batch norm, every kind of dropout, a bidirectional cell, attention. */
function smallNetwork(hiddenLayer: 'relu' | 'dropConnect' = 'relu', cell: 'lstm' | 'indrnn' = 'lstm'): tfl.LayersModel {
  return buildCnnLstm({
    ...{ bins: BINS, classes: LABELS.length, seed: 1 },
    convolution: [
      { filters: 4, dropout: 0.2 },
      { filters: 6, strides: [1, 2], pool: [1, 2] },
    ],
    recurrent: { ...(cell === 'lstm' ? { cell, recurrentDropout: 0.2 } : { cell }), units: 5, inputDropout: 0.2 },
    head: { hidden: [6], dropout: 0.2, hiddenLayer },
  });
}

const module = (backend: string, trouble = '') =>
  new URL(`./threadModule.ts?backend=${backend}&trouble=${trouble}`, import.meta.url);
const threads = (count: number, backend = tf.getBackend()) => trainingThreads(count, module(backend));

interface Trained {
  readonly weights: number[];
  readonly steps: readonly { readonly loss: number; readonly gradientNorm: number }[];
  readonly report: Omit<TrainReport, 'model'>;
}

/** Trains a network, and disposes of it. */
async function trained(own: TrainOptions, network = smallNetwork()): Promise<Trained> {
  const steps: Trained['steps'][number][] = [];
  const onProgress: TrainOptions['onProgress'] = (event) => {
    if (event.type === 'batch') steps.push({ loss: event.loss, gradientNorm: event.gradientNorm });
    own.onProgress?.(event);
  };
  try {
    const { model, ...report } = await train(network, data, { ...options, ...own, onProgress });
    expect(model.network).toBe(network);
    return { weights: (await weightsOf(network)).flat(), steps, report };
  } finally {
    network.dispose();
  }
}

/** How far numbers are from others at most. */
function distance(found: readonly number[], wanted: readonly number[]): number {
  expect(found.length).toBe(wanted.length);
  return Math.max(...found.map((value, i) => Math.abs(value - wanted[i]!)));
}

/** Rounding: eight steps of 0.003 a weight move it by a hundred times as much. */
function expectSameButForRounding(found: Trained, wanted: Trained): void {
  const figures = ({ steps }: Trained) => steps.flatMap(({ loss, gradientNorm }) => [loss, gradientNorm]);
  expect(distance(figures(found), figures(wanted))).toBeLessThan(2e-5);
  expect(distance(found.weights, wanted.weights)).toBeLessThan(2e-4);
}

const teacher = {
  probabilities: new Map(data.examples.map(({ name }, i) => [name, [0.5, 0.3, 0.2 + (i % 2) * 1e-3]])),
};
type Way = [backend: string, counts: number[], own: TrainOptions, build?: Parameters<typeof smallNetwork>];
const WAYS: Record<string, Way> = {
  'clips, masks and statistics': ['wasm', [1, 2, 4], {}],
  'the same on cpu': ['cpu', [2], {}],
  'mixup, class weights, a teacher and an auxiliary target': [
    ...(['wasm', [3]] as [string, number[]]),
    { augment: { mixup: { probability: 0.7 } }, classWeights: [1, 2, 0.5], teacher, auxiliary: { parity: 0.3 } },
    ['dropConnect', 'indrnn'],
  ],
  'pretraining, sampling, validation and early stopping': [
    ...(['wasm', [3]] as [string, number[]]),
    {
      pretraining: { epochs: 1, augment: false },
      sampling: {},
      classWeights: 'balanced',
      validation,
      chooseBy: 'loss',
      patience: 1,
      epochs: 3,
      ema: false,
    },
  ],
};

describe('trainingThreads', { timeout: 400_000 }, () => {
  const started = expectNoThreadLeft();
  beforeAll(() => tf.env().set('PROD', true)); // no banner
  beforeEach(async () => void (await tf.setBackend('wasm')));

  it.each(Object.keys(WAYS))('trains to the weights of one thread: %s (oracle: without threads)', async (way) => {
    const [backend, counts, own, build = []] = WAYS[way]!;
    await tf.setBackend(backend);
    await expectNoLeak(async () => {
      const wanted = await trained(own, smallNetwork(...build));
      for (const count of counts) {
        const found = await trained({ ...own, threads: threads(count) }, smallNetwork(...build));
        expectSameButForRounding(found, wanted);
        expect(found.report.bestEpoch).toBe(wanted.report.bestEpoch);
      }
      expect(started()).toBe(counts.reduce((sum, count) => sum + count));
    });
  });

  it('gives the same bits with as many threads, also through an abort and a checkpoint (oracle: unbroken)', async () => {
    await expectNoLeak(async () => {
      const own = { validation, threads: threads(2) };
      const wanted = await trained(own);
      const store = new MemoryStore();
      const controller = new AbortController();
      let left = 6; // in the second epoch
      const cutOff = trained({
        ...{ ...own, checkpoint: { store, everyBatches: 2 }, signal: controller.signal },
        onProgress: ({ type }) => type === 'batch' && --left === 0 && controller.abort(new Error('cut off')),
      });
      await expect(cutOff).rejects.toThrow('cut off');
      const types: string[] = [];
      const resumed = await trained({ ...own, checkpoint: { store }, onProgress: ({ type }) => types.push(type) });
      expect(types.filter((type) => type === 'batch' || type === 'resume')).toEqual(['resume', 'batch', 'batch']);
      expect(resumed.weights).toEqual(wanted.weights);
      expect(resumed.report).toEqual(wanted.report);
    });
  });

  it('a checkpoint of threads is resumed without them, and the other way round (oracle: unbroken, without)', async () => {
    const wanted = await trained({});
    for (const [before, after] of [
      [threads(2), undefined],
      [undefined, threads(3)],
    ]) {
      const store = new MemoryStore();
      const controller = new AbortController();
      const onProgress: TrainOptions['onProgress'] = ({ type }) => type === 'batch' && controller.abort();
      const broken = trained({ threads: before, checkpoint: { store }, signal: controller.signal, onProgress });
      await expect(broken).rejects.toThrow('aborted');
      const found = await trained({ threads: after, checkpoint: { store } });
      expect(found.steps).toHaveLength(7);
      expect(distance(found.weights, wanted.weights)).toBeLessThan(2e-4);
    }
  });

  it('leaves the network as the last step left it, when it is aborted or a callback throws (oracle: without threads)', async () => {
    const stoppedAt = async (own: TrainOptions) => {
      const network = smallNetwork();
      const onProgress: TrainOptions['onProgress'] = (event) => {
        if (event.type === 'batch' && event.batch === 3) throw new Error('no more');
      };
      await expect(train(network, data, { ...options, ...own, onProgress })).rejects.toThrow('no more');
      const weights = (await weightsOf(network)).flat();
      network.dispose();
      return weights;
    };
    expect(distance(await stoppedAt({ threads: threads(2) }), await stoppedAt({}))).toBeLessThan(2e-4);
  });

  it('adapts, with rates of its own for each layer (oracle: without threads)', async () => {
    const network = smallNetwork();
    const base = await train(network, data, { ...options, epochs: 1 });
    const { window: _window, ...others } = options;
    const adapted = async (own: object) => {
      const { model } = await adapt(base.model, data, { ...others, ...own });
      const weights = (await weightsOf(model.network)).flat();
      model.network.dispose();
      return weights;
    };
    expect(distance(await adapted({ threads: threads(2) }), await adapted({}))).toBeLessThan(2e-4);
    network.dispose();
  });

  /** A network with the layer that fails in threads. */
  const troubled = () => {
    const inner = smallNetwork();
    const input = tfl.input({ shape: inner.inputs[0]!.shape.slice(1) });
    return tfl.model({ inputs: input, outputs: inner.apply(new Troubled({}).apply(input)) as tfl.SymbolicTensor });
  };
  const failing = (trouble: string) =>
    trained({ threads: trainingThreads(2, module('wasm', trouble)) }, troubled()).then(
      () => undefined,
      (error: Error) => error,
    );

  it('goes through layers of your own, and models within models', async () => {
    expectSameButForRounding(await trained({ threads: threads(2) }, troubled()), await trained({}, troubled()));
  });

  it('rejects with what went wrong in a thread while another waits for it, and ends both', async () => {
    await expectNoLeak(async () => {
      const thrown = await failing('throw');
      expect(thrown).toBeInstanceOf(RangeError);
      expect(thrown).toMatchObject({ message: 'no such clip', cause: { message: 'the reason' } });
      const exited = await failing('exit');
      expect(exited).toBeInstanceOf(TrainingError);
      expect(exited!.message).toBe('Cannot go on training: a worker is gone: it ended with exit code 7');
      expect(await failing('uncaught')).toMatchObject({
        name: 'TrainingError',
        message: 'Cannot go on training: a worker failed: nobody awaits this',
      });
    });
  });

  it('rejects with a loss that is not finite, as without threads (oracle: without)', async () => {
    const broken = () => {
      const network = smallNetwork();
      tf.tidy(() => network.setWeights(network.getWeights().map((weight) => tf.fill(weight.shape, Number.NaN))));
      return network;
    };
    const run = (own: TrainOptions) => trained(own, broken()).catch((error: Error) => error);
    const found = await run({ threads: threads(2) });
    expect(found).toBeInstanceOf(TrainingError);
    expect(found).toEqual(await run({}));
  });

  it('says what threads cannot do', async () => {
    await expectNoLeak(async () => {
      const run = (own: ReturnType<typeof trainingThreads>, network = smallNetwork()) =>
        trained({ threads: own }, network);
      await expect(run(threads(7))).rejects.toThrow('threads.count must be a whole number from 1 to 6, got 7');
      await expect(run(threads(2), stockNetwork())).rejects.toThrow(
        /threads must be without tf.layers.batchNormalization/,
      );
      await expect(run(trainingThreads(2, 'nowhere.js'))).rejects.toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
      const none = new URL('../training/synthetic.ts', import.meta.url);
      await expect(run(trainingThreads(2, none))).rejects.toThrow(/no TensorFlow.js backend/);
    });
    expect(() => trainingThreads(0, 'a.js')).toThrow('count must be a whole number from 1 to 1024, got 0');
    expect(() => trainingThreads(2, '')).toThrow('module must be a path or a URL');
  });

  it('is over at once where the signal aborts while the threads start', async () => {
    const controller = new AbortController();
    const run = trained({ threads: threads(2), signal: controller.signal });
    process.once('worker', () => controller.abort(new Error('enough')));
    await expect(run).rejects.toThrow('enough');
  });
});
