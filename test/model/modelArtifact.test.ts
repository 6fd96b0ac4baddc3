import '@tensorflow/tfjs-backend-cpu';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../src/core/errors.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { fromIoArtifacts, toIoArtifacts } from '../../src/model/ioArtifacts.ts';
import { checksumOf, fromArtifact, type ModelArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { predict } from '../../src/model/predict.ts';
import { tinyMatrix, tinyModel, tinyNetwork, tinySettings } from './tinyModel.ts';

let tensors = 0;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

const copy = ({ json, weights }: ModelArtifact) => ({ json: structuredClone(json), weights: weights.slice() });

async function artifactOf(weightType: 'float32' | 'float16' = 'float32'): Promise<ModelArtifact> {
  const model = tinyModel();
  const artifact = await toArtifact(model, { weightType });
  model.network.dispose();
  return artifact;
}

async function weightsOf(network: tfl.LayersModel): Promise<number[]> {
  const values = await Promise.all(network.getWeights().map((weight) => weight.data()));
  return values.flatMap((value) => Array.from(value));
}

describe('an artefact', () => {
  it('gives the very same float32 weights, settings and probabilities back', async () => {
    const model = tinyModel({ calibration: { temperature: 1.3 } });
    const again = await fromArtifact(viaText(await toArtifact(model)));
    expect(again.settings).toEqual(model.settings);
    expect(await weightsOf(again.network)).toEqual(await weightsOf(model.network));
    expect(await predict(again, [tinyMatrix(33)])).toEqual(await predict(model, [tinyMatrix(33)]));
    model.network.dispose();
    again.network.dispose();
  });

  it('keeps that a network pools without aliasing', async () => {
    const convolution = [{ filters: 3, antiAlias: true }];
    const network = buildCnnLstm({ bins: 8, classes: 4, convolution, recurrent: { units: 2 } });
    const model = { network, settings: tinySettings() };
    const again = await fromArtifact(viaText(await toArtifact(model)));
    expect(again.network.getLayer('conv1_pool').getConfig()).toMatchObject({ antiAlias: true });
    expect(await predict(again, [tinyMatrix(33)])).toEqual(await predict(model, [tinyMatrix(33)]));
    network.dispose();
    again.network.dispose();
  });

  it('halves the weights as float16, each within half a unit of the 11th bit (oracle: 2⁻¹¹ relative)', async () => {
    const model = tinyModel();
    const artifact = await toArtifact(model, { weightType: 'float16' });
    const again = await fromArtifact(artifact);
    const weights = await weightsOf(model.network);
    expect(artifact.weights.length).toBe(weights.length * 2);
    for (const [i, weight] of (await weightsOf(again.network)).entries()) {
      expect(Math.abs(weight - weights[i]!)).toBeLessThanOrEqual(Math.max(Math.abs(weights[i]!) * 2 ** -11, 2 ** -25));
    }
    expect((await toArtifact(again, { weightType: 'float16' })).weights).toEqual(artifact.weights);
    model.network.dispose();
    again.network.dispose();
  });

  it('is read by stock loadLayersModel, float16 too', async () => {
    for (const weightType of ['float32', 'float16'] as const) {
      const artifact = await artifactOf(weightType);
      const stock = await tfl.loadLayersModel({ load: async () => toIoArtifacts(artifact) });
      const own = await fromArtifact(artifact);
      expect(await weightsOf(stock)).toEqual(await weightsOf(own.network));
      stock.dispose();
      own.network.dispose();
    }
  });

  it('survives the form of tfjs’ IO handlers, in shards too', async () => {
    const artifact = await artifactOf('float16');
    const io = toIoArtifacts(artifact);
    const data = io.weightData as ArrayBuffer;
    const again = fromIoArtifacts({ ...io, weightData: [data.slice(0, 33), data.slice(33)] });
    expect(again.weights).toEqual(artifact.weights);
    (await fromArtifact(again)).network.dispose();
    const view = Uint8Array.of(1, 2, ...artifact.weights, 3).subarray(2, -1);
    expect(fromIoArtifacts({ ...io, weightData: view as unknown as ArrayBuffer })).toEqual(again);
    expect(() => fromIoArtifacts({})).toThrow(ModelFormatError);
  });

  it('does not mind spacing or order of its JSON', async () => {
    const { json, weights } = await artifactOf();
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      );
    };
    const model = await fromArtifact({ json: reversed(json) as tf.io.ModelJSON, weights });
    model.network.dispose();
  });

  it('saved on cpu gives the same probabilities on wasm, within 1e-4 (oracle: the other backend)', async () => {
    await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    const artifact = await artifactOf('float16');
    const results: number[][] = [];
    try {
      for (const backend of ['cpu', 'wasm']) {
        expect(await tf.setBackend(backend)).toBe(true);
        const model = await fromArtifact(artifact);
        const [prediction] = await predict(model, [tinyMatrix(47)]);
        results.push(Array.from(prediction!.probabilities));
        model.network.dispose();
      }
    } finally {
      await tf.setBackend('cpu');
    }
    for (const [i, probability] of results[0]!.entries())
      expect(Math.abs(probability - results[1]![i]!)).toBeLessThan(1e-4);
  });

  it('leaves layers the constants that they make when they are built', async () => {
    tf.serialization.registerClass(Doubling);
    const network = tfl.sequential({
      layers: [
        new Doubling({ inputShape: [20, 8] }),
        tfl.layers.flatten(),
        tfl.layers.dense({ units: 4, activation: 'softmax' }),
      ],
    });
    const model = { network, settings: tinySettings() };
    const again = await fromArtifact(viaText(await toArtifact(model)));
    expect(await predict(again, [tinyMatrix(20)])).toEqual(await predict(model, [tinyMatrix(20)]));
    for (const { network } of [model, again]) {
      (network.layers[0] as Doubling).two?.dispose();
      network.dispose();
    }
  });

  it('is not made of a network and settings that do not fit, or of weights that are not finite', async () => {
    const network = tinyNetwork(1, 3);
    await expect(toArtifact({ network, settings: tinySettings() })).rejects.toThrow(RangeError);
    network.dispose();
    const model = tinyModel();
    const weights = model.network.getWeights().map((weight) => tf.fill(weight.shape, 70000));
    model.network.setWeights(weights);
    (await fromArtifact(await toArtifact(model))).network.dispose();
    await expect(toArtifact(model, { weightType: 'float16' })).rejects.toThrow(/kernel must be finite in float16/);
    await expect(toArtifact(model, { weightType: 'int8' as 'float16' })).rejects.toThrow(RangeError);
    tf.dispose(weights);
    model.network.dispose();
  });
});

describe('fromArtifact refuses', () => {
  const refused = async (artifact: unknown, message: RegExp) => {
    const error = await fromArtifact(artifact as ModelArtifact).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ModelFormatError);
    expect((error as Error).message).toMatch(message);
  };

  it('any flipped bits in the weights', async () => {
    const artifact = await artifactOf('float16');
    await fc.assert(
      fc.asyncProperty(fc.nat(artifact.weights.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const damaged = copy(artifact);
        damaged.weights[at]! ^= mask;
        await refused(damaged, /its weights \(\d+ bytes\) are damaged/);
      }),
    );
  });

  it('weights that are cut off or too long', async () => {
    const artifact = await artifactOf();
    await fc.assert(
      fc.asyncProperty(fc.nat(artifact.weights.length - 1), async (length) =>
        refused({ ...artifact, weights: artifact.weights.subarray(0, length) }, /weights/),
      ),
    );
    await refused({ ...artifact, weights: new Uint8Array(artifact.weights.length + 4) }, /weights/);
  });

  it('JSON with any character changed: never another error, never accepted as it is not', async () => {
    const artifact = await artifactOf();
    const text = JSON.stringify(artifact.json);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...'0123456789abz"{}[],:.-'), async (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        let json: tf.io.ModelJSON;
        try {
          json = JSON.parse(changed);
        } catch {
          return; // found where the text is parsed
        }
        const outcome = await fromArtifact({ json, weights: artifact.weights }).catch((error: unknown) => error);
        if (outcome instanceof ModelFormatError) return;
        // Accepted: then only what nobody reads was changed (format, generatedBy, the weights' file name).
        const { network, settings } = outcome as Awaited<ReturnType<typeof fromArtifact>>;
        network.dispose();
        expect(settings).toEqual(tinySettings());
        expect(json.modelTopology).toEqual(artifact.json.modelTopology);
        expect(json.weightsManifest[0]?.weights).toEqual(artifact.json.weightsManifest[0]?.weights);
      }),
      { numRuns: 300 },
    );
  });

  it('settings that were edited', async () => {
    const { json, weights } = copy(await artifactOf());
    metadataOf(json).labels = ['sleepy', 'happy', 'sad', 'angry'];
    await refused({ json, weights }, /JSON is damaged or was edited/);
  });

  it('models of other libraries, naming what was found', async () => {
    const { json, weights } = await artifactOf();
    const { userDefinedMetadata, ...stock } = json;
    await refused({ json: stock, weights }, /an ordinary TensorFlow.js layers model/);
    await refused({ json: { ...stock, userDefinedMetadata: { 'speech-emotion': null } }, weights }, /an ordinary/);
    await refused({ json: { ...json, format: 'graph-model' }, weights }, /graph model/);
    await refused(
      { json: { name: 'my-package', version: '1.0.0' }, weights },
      /holds no layers model \(name, version\)/,
    );
    await refused({ json: {}, weights }, /holds no layers model \(empty\)/);
    await refused({ json: 'text', weights }, /got string/);
    await refused({ json: null, weights }, /got null/);
    await refused({ json }, /no weights/);
    await refused({ json: { ...json, weightsManifest: [{}] }, weights }, /damaged manifest/);
    await refused(undefined, /got undefined/);
    expect(userDefinedMetadata).toBeDefined();
  });

  it('a newer format, by its version, before any of its fields', async () => {
    const { json, weights } = copy(await artifactOf());
    json.userDefinedMetadata = { 'speech-emotion': { formatVersion: 7, everything: 'else' } };
    await refused({ json, weights }, /format version 7/);
  });

  it('layers that are not registered', async () => {
    const { json, weights } = await resigned((topology) => {
      topology.config.layers[1]!.class_name = 'TheirOwnPooling';
    });
    await refused({ json, weights }, /layer class TheirOwnPooling is not registered/);
  });

  it('a network that cannot be built, leaving none of its tensors behind', async () => {
    // Built and then not matching its weights: variables and decoded weights are there when it throws.
    await refused(
      await resigned((topology) => {
        topology.config.layers[2]!.config.units = 5;
      }),
      /its network cannot be built: /,
    );
    await refused(
      await resigned((topology) => {
        topology.config.layers[2]!.config.activation = 'softestmax';
      }),
      /its network cannot be built: /,
    );
    // Fits itself, not the settings.
    await refused(
      await resigned((topology) => {
        topology.config.layers[0]!.config.batch_input_shape = [null, null, 16, 1];
      }),
      /the network's input must be \[batch, 20 or any, 8, 1\], got \[batch, frames, 16, 1\]/,
    );
  });

  it('a bad network while another loads, without touching that one', async () => {
    const good = await artifactOf();
    const bad = await resigned((topology) => {
      topology.config.layers[2]!.config.units = 5;
    });
    const outcomes = await Promise.allSettled([good, bad, good, bad, good].map(fromArtifact));
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') continue;
      const [prediction] = await predict(outcome.value, [tinyMatrix(20)]);
      expect(prediction!.probabilities).toHaveLength(4);
      outcome.value.network.dispose();
    }
  });
});

const metadataOf = (json: tf.io.ModelJSON) => json.userDefinedMetadata?.['speech-emotion'] as Record<string, unknown>;

interface Topology {
  config: { layers: { class_name: string; config: Record<string, unknown> }[] };
}

/** The tiny artefact with another topology and checksums that agree: what only a program can have made. */
async function resigned(change: (topology: Topology) => void): Promise<ModelArtifact> {
  const artifact = copy(await artifactOf());
  change(artifact.json.modelTopology as Topology);
  const { checksums, ...settings } = metadataOf(artifact.json) as { checksums: { topology: string } };
  const specs = artifact.json.weightsManifest[0]!.weights;
  checksums.topology = checksumOf({ topology: artifact.json.modelTopology, specs, settings });
  return artifact;
}

/** A layer with a tensor of its own that is no weight. */
class Doubling extends tfl.layers.Layer {
  static className = 'Doubling';
  two: tf.Scalar | undefined;
  override build(inputShape: tfl.Shape): void {
    this.two = tf.scalar(2);
    super.build(inputShape);
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul((Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor, this.two as tf.Scalar);
  }
}

/** As if written to files and read again. */
const viaText = ({ json, weights }: ModelArtifact): ModelArtifact => ({
  json: JSON.parse(JSON.stringify(json)),
  weights: weights.slice(),
});

it("an artefact of the library's own layers gives the very same probabilities back", async () => {
  const network = buildCnnLstm({
    bins: 8,
    classes: 4,
    convolution: [{ filters: 4 }],
    recurrent: { units: 4 },
    seed: 3,
  });
  const model = { network, settings: tinySettings() };
  const again = await fromArtifact(viaText(await toArtifact(model)));
  expect(await predict(again, [tinyMatrix(33)])).toEqual(await predict(model, [tinyMatrix(33)]));
  network.dispose();
  again.network.dispose();
});
