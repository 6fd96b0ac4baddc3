import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { crossValidate } from '../../src/crossValidation/crossValidate.ts';
import type { CrossValidateOptions } from '../../src/crossValidation/crossValidateOptions.ts';
import { trainEnsemble } from '../../src/crossValidation/ensemble.ts';
import type { EnsembleOptions } from '../../src/crossValidation/ensembleOptions.ts';
import { prepareExamples } from '../../src/exampleSet/examples.ts';
import { train } from '../../src/training/train.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import { expectNoLeak } from '../support/backends.ts';
import { MemoryStore, network, synthetic } from './synthetic.ts';

beforeAll(() => tf.setBackend('cpu'));

const data = synthetic({ clips: 12 });
const config: TrainOptions = { epochs: 1, batchSize: 6, window: { frames: 12 } };
const folds = ['even', 'odd'].map((parity) => ({
  name: parity,
  train: data.examples.filter(({ groups }) => groups.parity !== parity),
  test: data.examples.filter(({ groups }) => groups.parity === parity),
}));

/** A RangeError or TypeError of this library's own, and no tensor left. */
async function refused(run: () => Promise<unknown>, message: string | RegExp): Promise<void> {
  await expectNoLeak(async () => {
    const error = await run().then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error?.message).toMatch(message);
    expect(error?.message).toMatch(/^Cannot /);
    expect([RangeError, TypeError]).toContain(error?.constructor);
  });
}

describe('a network', () => {
  it('that is disposed is said to be, and nothing is left of the attempt', async () => {
    const net = network();
    net.dispose();
    for (const options of [{}, { auxiliary: { parity: 0.5 } }, { checkpoint: { store: new MemoryStore() } }]) {
      await refused(
        () => train(net, data, { ...config, ...options }),
        'network must have its weights, got one that is disposed',
      );
    }
  });

  it('is in one training at a time, and free again however that ends', async () => {
    await expectNoLeak(async () => {
      const net = network();
      const first = train(net, data, config);
      const second = train(net, data, config);
      await expect(second).rejects.toThrow('Cannot train: network must be in one training at a time');
      await first;
      const onProgress = () => {
        throw new Error('boom');
      };
      await expect(train(net, data, { ...config, onProgress })).rejects.toThrow('boom');
      await train(net, data, config);
      net.dispose();
    });
  });

  it('is in one training at a time with those that share a layer with it', async () => {
    await expectNoLeak(async () => {
      const net = network();
      const top = tfl.layers.reshape({ targetShape: [3] }).apply(net.outputs[0]!) as tfl.SymbolicTensor;
      const sibling = tfl.model({ inputs: net.inputs, outputs: top });
      const first = train(net, data, config);
      await expect(train(sibling, data, config)).rejects.toThrow('in one training at a time');
      await first;
      await train(sibling, data, config);
      net.dispose();
    });
  });
});

const STORES: [string, unknown][] = [
  ['null', null],
  ['a path', 'runs/store.bin'],
  ['{}', {}],
  ['no save', { load: async () => undefined }],
  ['no load', { save: async () => {} }],
];

describe('train', () => {
  it.each(STORES)('refuses an invalid store: %s', async (_, store) => {
    const net = network();
    await refused(
      () => train(net, data, { ...config, checkpoint: { store } as never }),
      /checkpoint.store(.load|.save)? must be/,
    );
    net.dispose();
  });

  it.each([null, 3, [], 'fast'])('refuses options that are none: %j', async (options) => {
    const net = network();
    await refused(() => train(net, data, options as never), /options must be an object/);
    net.dispose();
  });
});

/** What both that train several times refuse, and how. */
const SHARED: [string, object | null, RegExp][] = [
  ['no options', null, /options must be an object, got null/],
  ['no build', { build: undefined }, /build must be a function, got undefined/],
  ['a network for build', { build: 'network' }, /build must be a function/],
  ['a build of nothing', { build: () => {} }, /build must give a tf.LayersModel, got undefined/],
  ['a build of null', { build: () => null }, /build must give a tf.LayersModel, got null/],
  ['a build that promises nothing', { build: async () => 3 }, /build must give a tf.LayersModel, got number/],
  ['seeds that are none', { seeds: 1 }, /seeds must be an array, got 1/],
  ['no seeds', { seeds: [] }, /there must be seeds, got none/],
  ['a seed twice', { seeds: [1, 1] }, /seeds must be different, got 1 twice/],
  ['half a seed', { seeds: [0.5] }, /seeds must be a whole number/],
  ['an executor that is none', { executor: {} }, /executor must be a function/],
  ['training options that are none', { train: null }, /train must be an object, got null/],
  ['a seed of a single training', { train: { ...config, seed: 3 } }, /train must not hold seed/],
  ['a checkpoint of a single training', { train: { ...config, checkpoint: {} } }, /train must not hold checkpoint/],
  ['a misspelt option', { seed: [1] }, /there is no option named 'seed'/],
  ...STORES.map(([what, store]): [string, object, RegExp] => [
    `a store that is none: ${what}`,
    { store },
    /store(.load|.save)? must be/,
  ]),
];

describe.each([
  [
    'crossValidate',
    (options: object | null) =>
      crossValidate(data, folds, (options && { build: network, train: config, ...options }) as never),
  ],
  [
    'trainEnsemble',
    (options: object | null) =>
      trainEnsemble(data, (options && { build: network, seeds: [1], train: config, ...options }) as never),
  ],
] as [string, (options: object | null) => Promise<unknown>][])('%s', (_, run) => {
  it.each(SHARED)('refuses %s', async (__, options, message) => {
    await refused(() => run(options), message);
    if (options && !('store' in options)) await refused(() => run({ store: new MemoryStore(), ...options }), message);
  });
});

describe('crossValidate', () => {
  const run = (options: Partial<CrossValidateOptions>, own: unknown = folds) =>
    crossValidate(data, own as never, { build: network, train: config, ...options });

  it.each<[string, object, RegExp]>([
    ['a teacher twice', { teachers: { seeds: [2, 2] } }, /teachers.seeds must be different, got 2 twice/],
    ['no teachers', { teachers: { seeds: [] } }, /there must be teachers.seeds, got none/],
    ['teachers that are none', { teachers: null }, /teachers must be an object/],
    ['a share above 1', { teachers: { seeds: [2], share: 2 } }, /teachers.share must be a number from 0 to 1, got 2/],
    ['a misspelt option of teachers', { teachers: { seeds: [2], seed: 3 } }, /no option named 'teachers.seed'/],
    [
      'a rule for speakers that is none',
      { speakers: 'any' },
      /speakers must be one of 'independent', 'dependent', got "?any/,
    ],
    ['a bootstrap that is none', { bootstrap: null }, /bootstrap must be an object/],
  ])('refuses %s', (_, options, message) => refused(() => run(options), message));

  it.each<[string, unknown, RegExp]>([
    ['no folds', null, /folds must be a list of folds, got null/],
    ['a fold that is none', [null], /a fold must be an object/],
    ['a fold without a name', [{ ...folds[0], name: undefined }], /the name of a fold must be text/],
    [
      'a fold without a side',
      [{ ...folds[0], test: undefined }],
      /fold even cannot be used, its test is no list of clips/,
    ],
  ])('refuses %s', (_, own, message) => refused(() => run({}, own), message));

  it('refuses a fold that tests a label of which it trains no clip, naming both', async () => {
    const blind = folds.map((fold) => ({ ...fold, train: fold.train.filter(({ label }) => label !== 2) }));
    await refused(
      () => run({}, blind),
      /fold even cannot be used, it tests 'sad' \(clip\d+\) and trains on no clip of it/,
    );
  });
});

describe('prepareExamples', () => {
  it.each<[string, unknown, object | null, RegExp]>([
    ['null for options', [], null, /options must be an object, got null/],
    ['no recordings', null, {}, /recordings must be a dataset or a list/],
    ['speeds that are none', [], { speeds: 1.1 }, /speeds must be an array/],
    ['an executor that is none', [], { executor: 3 }, /executor must be a function/],
    ['a signal that is none', [], { signal: {} }, /signal must be an AbortSignal/],
    ['a callback that is none', [], { onInvalid: 'skip' }, /onInvalid must be a function/],
    ['labels twice', [{ name: 'a', label: 'x' }], { labels: ['x', 'x'] }, /labels must be different, got 'x' twice/],
    ['labels that are none', [{ name: 'a', label: 'x' }], { labels: 'x' }, /labels must be an array/],
  ])('refuses %s', (_, recordings, options, message) =>
    refused(() => prepareExamples(recordings as never, options as never), message),
  );
});

describe('an abort is heard while a store does not answer', () => {
  const store = { load: () => new Promise<undefined>(() => {}), save: async () => {} };
  it.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['train', (signal) => withNetwork((net) => train(net, data, { ...config, checkpoint: { store }, signal }))],
    ['trainEnsemble', (signal) => trainEnsemble(data, { build: network, seeds: [1], train: config, store, signal })],
    ['crossValidate', (signal) => crossValidate(data, folds, { build: network, train: config, store, signal })],
  ])('by %s', async (_, run) => {
    await expectNoLeak(async () => {
      const controller = new AbortController();
      const running = run(controller.signal);
      setTimeout(() => controller.abort(new Error('enough')), 20);
      await expect(running).rejects.toThrow('enough');
    });
  });
});

async function withNetwork(run: (net: tfl.LayersModel) => Promise<unknown>): Promise<unknown> {
  const net = network();
  try {
    return await run(net);
  } finally {
    net.dispose();
  }
}

it('a network that is promised is as good as one that is given', async () => {
  const options: EnsembleOptions = { build: async (seed) => network(seed), seeds: [1], train: config };
  await expectNoLeak(async () => {
    for (const { model } of await trainEnsemble(data, options)) model.network.dispose();
  });
});

describe('an executor that resolves without a result', () => {
  const idle = async () => {};

  it('is no cross-validation, no ensemble and no set of examples', async () => {
    const options = { build: (seed: number) => network(seed), train: config, executor: idle };
    const missing = /executor must give the result of each training, and 2 are missing/;
    await expect(crossValidate(data, folds, options)).rejects.toThrow(missing);
    await expect(trainEnsemble(data, { ...options, seeds: [1, 2] })).rejects.toThrow(missing);
    const recording = { name: 'a', label: 'x', speaker: '', groups: {} } as never;
    await expect(prepareExamples([recording], { executor: idle })).rejects.toThrow(
      'Cannot prepare examples: executor must call onOutcome for each of 1 recordings, got 0 calls',
    );
  });
});
