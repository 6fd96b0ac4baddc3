import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { TrainingError } from '../../src/core/errors.ts';
import { crossValidate } from '../../src/crossValidation/crossValidate.ts';
import { trainEnsemble } from '../../src/crossValidation/ensemble.ts';
import type { ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { train } from '../../src/training/train.ts';
import type { Json } from '../model/resigned.ts';
import { expectNoLeak } from '../support/backends.ts';
import { crafted, flipped, floatsOf, headerOf, withHeader } from './packedFile.ts';
import { BINS, LABELS, MemoryStore, parityFolds, synthetic } from './synthetic.ts';

/* The three stores that work goes on from after a stop. Whatever lies in one is what was put there, or refused. */

beforeAll(() => tf.setBackend('cpu'));

const data = synthetic({ clips: 12, speakers: 2 });
const validation = synthetic({ clips: 3, prefix: 'held' });
const config = { epochs: 2, batchSize: 6, window: { frames: 12 }, augment: false as const };
const folds = parityFolds(data);

/** Mean over time and softmax: little to store, quick to build. */
function build(seed: number, offset = 0): tfl.LayersModel {
  const initializer = tfl.initializers.randomUniform({ seed, minval: -0.1 + offset, maxval: 0.1 + offset });
  const net = tfl.sequential({
    layers: [
      tfl.layers.reshape({ targetShape: [12, BINS], inputShape: [12, BINS, 1] }),
      tfl.layers.globalAveragePooling1d({}),
      tfl.layers.dense({ units: LABELS.length, activation: 'softmax', kernelInitializer: 'zeros' }),
    ],
  });
  // Weights that the network's configuration tells nothing of, as those of a base model.
  tf.tidy(() => void net.trainableWeights[0]!.write(initializer.apply([BINS, LABELS.length])));
  return net;
}

interface Work {
  readonly name: string;
  /** Does the work with a store, and gives what came of it as JSON. */
  readonly run: (store: MemoryStore | undefined, set?: ExampleSet, offset?: number) => Promise<string>;
  /** How it begins when something is wrong. */
  readonly action: string;
}

const works: Work[] = [
  {
    name: 'a checkpoint',
    action: 'Cannot resume training: the checkpoint ',
    async run(store, set = data, offset = 0) {
      const net = build(1, offset);
      try {
        const checkpoint = store && { store, everyBatches: 1 };
        const { model, ...report } = await train(net, set, {
          ...config,
          validation,
          ...(checkpoint && { checkpoint }),
        });
        return JSON.stringify([
          report,
          await Promise.all(net.getWeights().map((weight) => weight.data())),
          model.settings.calibration,
        ]);
      } finally {
        net.dispose();
      }
    },
  },
  {
    name: 'members of an ensemble',
    action: 'Cannot go on training the ensemble: the store ',
    async run(store, set = data, offset = 0) {
      const options = {
        build: (seed: number) => build(seed, offset),
        seeds: [1, 2],
        train: { ...config, validation },
        store,
      };
      const reports = await trainEnsemble(set, options);
      const weights = await Promise.all(
        reports.flatMap(({ model }) => model.network.getWeights().map((weight) => weight.data())),
      );
      for (const { model } of reports) model.network.dispose();
      return JSON.stringify([reports.map(({ model, ...report }) => [report, model.settings.calibration]), weights]);
    },
  },
  {
    name: 'results of folds',
    action: 'Cannot go on cross-validating: the store ',
    async run(store, set = data, offset = 0) {
      const bootstrap = { resamples: 1 };
      const options = { build: (seed: number) => build(seed, offset), train: config, store, bootstrap };
      return JSON.stringify(await crossValidate(set, folds, options));
    },
  },
];

/** The bytes that the whole work has left, and what came of it. */
async function done({ run }: Work) {
  const store = new MemoryStore();
  const wanted = await run(store);
  return { bytes: store.versions.at(-1)!, wanted };
}

describe.each(works)('a store of $name', (work) => {
  let bytes: Uint8Array;
  let wanted: string;
  beforeAll(async () => {
    ({ bytes, wanted } = await done(work));
  });
  const refuses = (store: Uint8Array) => expect(work.run(new MemoryStore(store))).rejects.toThrow(work.action);

  it('gives what is without a store (oracle: the work without one)', async () => {
    expect(wanted).toBe(await work.run(undefined));
    expect(await work.run(new MemoryStore(bytes))).toBe(wanted);
  });

  it('is refused by a TrainingError where one bit was flipped, 300 of them (property)', async () => {
    await expectNoLeak(() =>
      fc.assert(
        fc.asyncProperty(fc.nat(8 * bytes.length - 1), async (bit) => {
          const run = work.run(new MemoryStore(flipped(bytes, bit)));
          await expect(run).rejects.toThrow(TrainingError);
          await expect(run).rejects.toThrow(work.action);
        }),
        { numRuns: 300 },
      ),
    );
  });

  it('is refused where it was cut short, made longer, or is of another kind', async () => {
    for (const length of [1, 15, 16, 40, bytes.length - 1]) await refuses(bytes.slice(0, length));
    await refuses(new Uint8Array([...bytes, 0]));
    for (const other of works) if (other !== work) await refuses((await done(other)).bytes);
  });

  it('is refused where it is of a former version of this library, and of none', async () => {
    const json = new TextEncoder().encode('{"fingerprint":"0123456789abcdef","results":{"1 even":[]}}');
    await refuses(json); // results of folds were no more than this
    const magic = new TextDecoder().decode(bytes.subarray(0, 7));
    await refuses(Uint8Array.from([...new TextEncoder().encode(`${magic}1`), ...bytes.subarray(8)]).fill(0, 8, 9));
    const text = JSON.stringify(headerOf(bytes)).replace(/"library":"[^"]+"/, '"library":"0.0.1"');
    await expect(work.run(new MemoryStore(withHeader(bytes, text)))).rejects.toThrow(
      `${work.action}is of speech-emotion 0.0.1, whose results may differ`,
    );
    await refuses('nonsense' as never);
  });

  it('is refused where other sound has the same names', async () => {
    const other = synthetic({ clips: 12, speakers: 2, seed: 2 });
    expect(other.examples.map(({ variants: _, ...rest }) => rest)).toEqual(
      data.examples.map(({ variants: _, ...rest }) => rest),
    );
    await expect(work.run(new MemoryStore(bytes), other)).rejects.toThrow(/(other|these) data/);
  });

  it('is refused where the network begins with other weights, though its layers are the same', async () => {
    await expect(work.run(new MemoryStore(bytes), data, 0.1)).rejects.toThrow(TrainingError);
  });

  it('is refused, or gives what is possible, whatever the header says behind a right checksum (property)', async () => {
    const seen = { refused: 0, accepted: 0 };
    await expectNoLeak(() =>
      fc.assert(
        fc.asyncProperty(crafted(headerOf(bytes)), async (json) => {
          try {
            const result = await work.run(new MemoryStore(withHeader(bytes, json)));
            expect(result.replaceAll('"std":null', '')).not.toContain('null'); // what JSON makes of NaN
            seen.accepted++;
          } catch (error) {
            if (!(error instanceof TrainingError)) throw error;
            seen.refused++;
          }
        }),
        { numRuns: 400 },
      ),
    );
    expect(seen.refused).toBeGreaterThan(100);
  });

  it('is refused where a number is not finite behind a right checksum (property)', async () => {
    const floats = floatsOf(bytes);
    const json = JSON.stringify(headerOf(bytes));
    await expectNoLeak(() =>
      fc.assert(
        fc.asyncProperty(fc.nat(floats.length - 1), fc.constantFrom(Number.NaN, Infinity), async (place, value) => {
          await refuses(withHeader(bytes, json, floats.with(place, value)));
        }),
        { numRuns: 50 },
      ),
    );
  });
});

describe('a store that serves several seeds', () => {
  it('is not begun where a seed does not always give the same network: nothing in it could be known again', async () => {
    await expectNoLeak(async () => {
      let built = 0;
      const unseeded = (seed: number) => build(seed, ++built / 100);
      const store = new MemoryStore();
      const message = 'build must give the same network for the same seed, or no store can be kept';
      await expect(crossValidate(data, folds, { build: unseeded, train: config, store })).rejects.toThrow(message);
      await expect(trainEnsemble(data, { build: unseeded, seeds: [1], train: config, store })).rejects.toThrow(message);
      expect(store.versions).toHaveLength(0);
      const { runs } = await crossValidate(data, folds, { build: unseeded, train: config }); // without one it may
      expect(runs).toHaveLength(1);
    });
  });
});

describe('a member of an ensemble that is not what its data and options give', () => {
  const work = works[1]!;
  let bytes: Uint8Array;
  beforeAll(async () => {
    ({ bytes } = await done(work));
  });

  /** The store with a change to what it says of its first member, behind a right checksum. */
  function withMember(change: (member: Json) => unknown): Uint8Array {
    const header = headerOf(bytes) as Json;
    change(header.header.content.members[0]);
    return withHeader(bytes, JSON.stringify(header));
  }
  const refuses = (store: Uint8Array) =>
    expect(work.run(new MemoryStore(store))).rejects.toThrow(
      /^Cannot go on training the ensemble: the store is damaged/,
    );

  it('is refused, whichever of its settings is another (property: every one of them, but date and temperature)', async () => {
    const { settings } = (headerOf(bytes) as Json).header.content.members[0];
    const leaves = leavesOf(settings).filter((path) => !/^(training,date|calibration,temperature)$/.test(String(path)));
    expect(leaves.length).toBeGreaterThan(50);
    await expectNoLeak(async () => {
      for (const path of leaves) {
        const change = (member: Json) => {
          const holder = path.slice(0, -1).reduce((own, key) => own[key], member.settings);
          holder[path.at(-1)!] = another(holder[path.at(-1)!]);
        };
        await refuses(withMember(change));
      }
    });
  });

  it('is refused where it was not trained to the end, though its header is consistent', async () => {
    await refuses(withMember((member) => Object.assign(member, { bestEpoch: 1, history: member.history.slice(0, 1) })));
    await refuses(withMember((member) => Object.assign(member, { stoppedEarly: true })));
  });

  it('is taken with another date, which nothing follows from', async () => {
    const store = withMember(({ settings }) => Object.assign(settings.training, { date: '2026-01-02T03:04:05.678Z' }));
    expect(await work.run(new MemoryStore(store))).toBe(await work.run(undefined));
  });
});

function leavesOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.keys(value).flatMap((key) => leavesOf(value[key], [...path, key]));
}

/** A value near this one. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value}x`;
  return typeof value === 'boolean' ? !value : 1;
}
