import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { BackendError } from '../../../src/core/errors.ts';
import { weightBound } from '../../../src/kernels/tfjs/layerWeights.ts';
import { fromArtifact, toArtifact } from '../../../src/model/modelArtifact.ts';
import { tinyNetwork, tinySettings } from '../../model/tinyModel.ts';
import { expectNoLeak } from '../../support/backends.ts';

beforeAll(async () => void (await tf.setBackend('cpu')));

const layerClass = tfl.layers.Layer.prototype as unknown as Record<string, unknown>;
const own = { ...Object.getOwnPropertyDescriptors(layerClass) };
afterEach(() => {
  vi.restoreAllMocks();
  Object.defineProperties(layerClass, own);
});

/** A layer of 2 × 3 weights, which must not be negative, and 3 biases. */
const build = () => {
  const layer = tfl.layers.dense({ units: 3, kernelInitializer: 'ones', kernelConstraint: 'nonNeg' });
  layer.build([null, 2]);
  return layer;
};

test('this version of tfjs makes weights where they can be bounded: not drawn, nor constrained until the bound is lifted', async () => {
  await expectNoLeak(() => {
    const lift = weightBound(9)();
    const layer = build();
    const kernel = layer.weights[0]!;
    const values = () => [...kernel.read().dataSync()];
    const write = (value: number) => tf.tidy(() => void kernel.write(tf.fill([2, 3], value)));
    expect(values()).toEqual([0, 0, 0, 0, 0, 0]); // not the ones of the initializer
    write(-2);
    expect(values()).toEqual([-2, -2, -2, -2, -2, -2]);
    lift();
    expect(layerClass.addWeight).toBe(own.addWeight!.value);
    write(-3);
    expect(values().map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
    tf.dispose(layer.weights.map((weight) => weight.read()));
  });
});

test('layers that need one weight more than the bound throw', () => {
  const lift = weightBound(8)();
  expect(build).toThrow(/must have the 8 weights that are stored, and need more for .*\/bias/);
  lift();
});

const load = async () => {
  const network = tinyNetwork();
  const artifact = await toArtifact({ network, settings: tinySettings() });
  network.dispose();
  return () => fromArtifact(artifact);
};

test.each(['addWeight', 'setFastWeightInitDuringBuild'])(
  'a tfjs whose layers have no %s gets an error that names its version',
  async (field) => {
    const read = await load();
    layerClass[field] = undefined;
    const loading = read();
    await expect(loading).rejects.toThrow(BackendError);
    const name = `layers.Layer.prototype.${field}`.replaceAll('.', '\\.');
    await expect(loading).rejects.toThrow(new RegExp(`TensorFlow.js ${tf.version_core}: it has no ${name}, which is`));
  },
);

test('a tfjs whose variables have no constraint gets an error that names its version, and nothing stays patched', async () => {
  const read = await load();
  const renamed = vi.fn(() => ({ limit: null }));
  layerClass.addWeight = renamed;
  const loading = read();
  await expect(loading).rejects.toThrow(BackendError);
  await expect(loading).rejects.toThrow(/it has no constraint in its LayerVariable, which is private/);
  expect(layerClass.addWeight).toBe(renamed);
});
