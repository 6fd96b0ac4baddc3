import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../src/core/errors.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { fromArtifact, type ModelArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { predict } from '../../src/model/predict.ts';
import { type Json, resigned } from './resigned.ts';
import { tinyMatrix, tinySettings } from './tinyModel.ts';

let tensors = 0;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

async function artifactOf(network: tfl.LayersModel): Promise<ModelArtifact> {
  try {
    return await toArtifact({ network, settings: tinySettings() });
  } finally {
    network.dispose();
  }
}

const small = () =>
  buildCnnLstm({ bins: 8, classes: 4, convolution: [{ filters: 2 }], recurrent: { units: 3 }, seed: 3 });

/** Layers called twice, networks within a network, tfjs' wrappers: everything that tfjs saves has to load. */
function intricate(): tfl.LayersModel {
  const x = tfl.input({ shape: [20, 8], name: 'features' });
  const within = tfl.input({ shape: [20, 8] });
  const inner = tfl.model({
    inputs: within,
    outputs: tfl.layers.conv1d({ filters: 8, kernelSize: 1 }).apply(within) as tfl.SymbolicTensor,
    name: 'inner',
  });
  const list = tfl.sequential({
    name: 'list',
    layers: [tfl.layers.dense({ units: 8, inputShape: [20, 8] }), tfl.layers.leakyReLU()],
  });
  const shared = tfl.layers.dense({ units: 8, name: 'shared' });
  const call = (layer: tfl.layers.Layer, on: unknown) => layer.apply(on as tfl.SymbolicTensor) as tfl.SymbolicTensor;
  let y = call(shared, call(shared, x));
  y = call(inner, call(list, call(inner, y)));
  y = call(tfl.layers.timeDistributed({ layer: tfl.layers.dense({ units: 8 }) }), y);
  y = tfl.layers.add().apply([y, x]) as tfl.SymbolicTensor;
  const recurrent = tfl.layers.gru({ units: 3, recurrentInitializer: 'glorotNormal' }) as never;
  y = call(tfl.layers.bidirectional({ layer: recurrent, mergeMode: 'concat' }), y);
  return tfl.model({ inputs: x, outputs: call(tfl.layers.dense({ units: 4, activation: 'softmax' }), y) });
}

describe('a saved network', () => {
  it.each([
    ['of this library', small],
    ['of all that tfjs has', intricate],
  ])('%s loads and predicts the same', async (_, make) => {
    const network = make();
    const expected = await predict({ network, settings: tinySettings() }, [tinyMatrix(20)]);
    const artifact = await artifactOf(network);
    tf.disposeVariables(); // tfjs leaves those of a layer that was called twice
    const again = await fromArtifact(artifact);
    expect(await predict(again, [tinyMatrix(20)])).toEqual(expected);
    again.network.dispose();
  });

  const layersOf = (json: Json) => json.modelTopology.config.layers as Json[];
  const byName = (json: Json, name: string) => layersOf(json).find((layer) => layer.name === name);
  const last = (json: Json) => byName(json, 'classes');
  const faults: [string, (json: Json) => void, RegExp][] = [
    [
      'a cycle',
      (j) => (byName(j, 'sequence').inbound_nodes = [[['lstm1', 0, 0, {}]]]),
      /must not wait for each other .*, got sequence/,
    ],
    [
      'itself as input',
      (j) => (last(j).inbound_nodes = [[['classes', 0, 0, {}]]]),
      /wait for each other .*, got classes/,
    ],
    [
      'an input that leads nowhere',
      (j) => (last(j).inbound_nodes[0][0][0] = 'ghost'),
      /"classes" must read a call of a layer that is there, got \["ghost",0,0,\{\}\]/,
    ],
    [
      'an input named as what every object has',
      (j) => (last(j).inbound_nodes[0][0][0] = 'constructor'),
      /"classes" must read a call/,
    ],
    ['a call that is not there', (j) => (last(j).inbound_nodes[0][0][1] = 1), /calls that are not there, got classes/],
    ['a call before the first', (j) => (last(j).inbound_nodes[0][0][1] = -1), /must read a call of a layer/],
    ['half a call', (j) => (last(j).inbound_nodes[0][0][1] = 0.5), /must read a call of a layer/],
    ['an output that is not there', (j) => (last(j).inbound_nodes[0][0][2] = 7), /cannot be built/],
    [
      'a call without inputs',
      (j) => last(j).inbound_nodes.unshift([]),
      /a call of "classes" must have an input, got none/,
    ],
    ['calls that are no list', (j) => (last(j).inbound_nodes = { 0: 1 }), /the calls of "classes" must be a list/],
    ['no calls', (j) => delete last(j).inbound_nodes, /the calls of "classes" must be a list, got undefined/],
    ['calls under two names', (j) => (last(j).inboundNodes = []), /must have one inboundNodes, got two/],
    ['a layer twice', (j) => layersOf(j).push(structuredClone(last(j))), /names of their own, got "classes" twice/],
    [
      'a layer of two names',
      (j) => (last(j).name = 'other'),
      /the layer "other" must have one name, got "classes" too/,
    ],
    [
      'a layer without a name',
      (j) => [last(j)].map((layer) => delete layer.name && delete layer.config.name),
      /a layer must have a name/,
    ],
    ['a layer without a name in the graph', (j) => delete last(j).name, /a layer must have a name, got undefined/],
    ['a layer without a class', (j) => delete last(j).class_name, /a layer must have a class/],
    [
      'a class that every object has',
      (j) => (last(j).class_name = 'toString'),
      /layer class toString is not registered/,
    ],
    [
      'a layer for nothing',
      (j) =>
        layersOf(j).push({ ...structuredClone(last(j)), name: 'spare', config: { ...last(j).config, name: 'spare' } }),
      /must lead to an output, got "spare"/,
    ],
    ['no layers', (j) => (j.modelTopology.config.layers = []), /must have 1 to 4096 layers, got 0/],
    [
      'layers beyond number',
      (j) => (j.modelTopology.config.layers = Array(5000).fill({})),
      /1 to 4096 layers, got 5000/,
    ],
    ['no outputs', (j) => (j.modelTopology.config.output_layers = []), /its outputs must be calls of its layers/],
    [
      'outputs that lead nowhere',
      (j) => (j.modelTopology.config.output_layers = [['classes', 3, 0]]),
      /its outputs must be calls of its layers/,
    ],
    [
      'inputs that lead nowhere',
      (j) => (j.modelTopology.config.input_layers = [['ghost', 0, 0]]),
      /"its inputs" must read a call/,
    ],
    [
      'a layer for a network',
      (j) => (j.modelTopology = last(j)),
      /its topology must be a network, got "SpeechEmotionDense"/,
    ],
    [
      'a network of a cycle within',
      (j) => {
        const loop = { ...last(j), inbound_nodes: [[['classes', 0, 0, {}]]] };
        const config = { name: 'inner', layers: [loop], input_layers: [], output_layers: [] };
        Object.assign(last(j), { class_name: 'Model', name: 'inner', config });
        j.modelTopology.config.output_layers[0][0] = 'inner';
      },
      /wait for each other .*, got classes/,
    ],
    [
      'units beyond memory',
      (j) => (last(j).config.units = 60_000),
      /must have the \d+ weights that are stored, and need more for classes\/kernel/,
    ],
    ['units of no layer', (j) => (last(j).config.units = 1e9), /units must be a whole number from 1 to 65536/],
    ['an option that is none', (j) => (last(j).config.unit = 4), /there is no option named 'unit'/],
    [
      'a layer that tfjs has, beyond memory',
      (j) => {
        last(j).class_name = 'Dense';
        last(j).config = { name: 'classes', units: 1e9 };
      },
      /must have the \d+ weights/,
    ],
    [
      'weights of a layer that is not there',
      (j) => (j.weightsManifest[0].weights[0].name = 'ghost/kernel'),
      /cannot be built: .*ghost/,
    ],
    [
      'a weight twice',
      (j) => (j.weightsManifest[0].weights[1].name = j.weightsManifest[0].weights[0].name),
      /weights must have names of their own/,
    ],
    [
      'a weight named as what every object has',
      (j) => (j.weightsManifest[0].weights[0].name = '__proto__'),
      /a weight must have a name/,
    ],
    [
      'a weight of no shape',
      (j) => (j.weightsManifest[0].weights[0].shape = null),
      /must have a shape of whole numbers, got null/,
    ],
    [
      'a weight of shapes whose product fits',
      (j) => (j.weightsManifest[0].weights[0].shape = [-3, -3, 1, 2]),
      /must have a shape of whole numbers/,
    ],
    [
      'a weight of half a row',
      (j) => (j.weightsManifest[0].weights[0].shape = [0.5, 36]),
      /must have a shape of whole numbers/,
    ],
    [
      'a weight of a type that is none',
      (j) => (j.weightsManifest[0].weights[0].dtype = 'constructor'),
      /weights of type "constructor" are not supported/,
    ],
    [
      'a weight packed as nothing',
      (j) => (j.weightsManifest[0].weights[0].quantization = null),
      /packed as undefined are not supported/,
    ],
    [
      'a scale that is none',
      (j) => (j.weightsManifest[0].weights[0].quantization = { dtype: 'uint8', scale: 'x', min: 0 }),
      /must have a scale and a minimum/,
    ],
    [
      'a spec that is none',
      (j) => (j.weightsManifest[0].weights[0] = null),
      /a weight must have a name, got undefined/,
    ],
  ];
  it.each(faults)('with %s is refused at once, without leaks', async (_, change, message) => {
    const error = await fromArtifact(resigned(await artifactOf(small()), change)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ModelFormatError);
    expect((error as Error).message).toMatch(message);
  });

  it('nested 10,000 deep is refused, as text or as objects', async () => {
    const artifact = await artifactOf(small());
    let deep: unknown = 1;
    for (let i = 0; i < 10_000; i++) deep = i % 2 ? [deep] : { deep };
    for (const key of ['modelTopology', 'userDefinedMetadata', 'weightsManifest', 'other'] as const) {
      const nested = { ...artifact, json: { ...artifact.json, [key]: { deep, 'speech-emotion': deep, config: deep } } };
      if (key === 'weightsManifest') Object.assign(nested.json, { [key]: [{ weights: [deep] }] });
      await expect(fromArtifact(nested as never)).rejects.toThrow(ModelFormatError);
    }
  });

  it('of a weight that is no number is refused', async () => {
    const artifact = await artifactOf(small());
    new DataView(artifact.weights.buffer).setFloat32(4, Number.NaN, true);
    await expect(fromArtifact(resigned(artifact, () => {}))).rejects.toThrow(
      /the weight conv1_conv\/kernel must be finite numbers/,
    );
  });
});

describe('a class in the place of one of another kind', () => {
  const network = () =>
    tfl.sequential({
      layers: [
        tfl.layers.reshape({ targetShape: [20, 8], inputShape: [20, 8, 1] }),
        tfl.layers.simpleRNN({ units: 3, recurrentInitializer: 'glorotNormal' }),
        tfl.layers.dense({ name: 'classes', units: 4, activation: 'softmax' }),
      ],
    });
  const classes = ['Zeros', 'softmax', 'L1L2', 'NonNeg', 'Dense', 'SGD'];
  const fields: [field: string, layer: number, allowed: string][] = [
    ['activation', 2, 'softmax'],
    ['kernel_initializer', 2, 'Zeros'],
    ['bias_regularizer', 2, 'L1L2'],
    ['kernel_constraint', 2, 'NonNeg'],
    ['bias_constraint', 1, 'NonNeg'],
    ['recurrent_initializer', 1, 'Zeros'],
  ];

  it.each(fields)('is refused as %s, and one of the right kind loads and predicts', async (field, layer, allowed) => {
    const artifact = await artifactOf(network());
    for (const name of classes) {
      for (const written of [name, { class_name: name, config: {} }]) {
        const changed = resigned(artifact, ({ modelTopology: { config } }) => {
          const { layers } = Array.isArray(config) ? { layers: config } : config;
          layers[layer].config[field] = written;
        });
        if (name !== allowed) {
          const error = await fromArtifact(changed).catch((error: unknown) => error);
          expect(error).toBeInstanceOf(ModelFormatError);
          expect((error as Error).message).toMatch(/ must be of kind \w+, got "\w+", which is of kind \w+$/);
          continue;
        }
        const model = await fromArtifact(changed);
        const [prediction] = await predict(model, [tinyMatrix(20)]);
        expect(prediction!.probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
        model.network.dispose();
      }
    }
  });

  it('is accepted where the class is a caller’s own and extends none of tfjs’', async () => {
    class Halved extends tf.serialization.Serializable {
      static className = 'Halved';
      getConfig() {
        return {};
      }
      apply(x: tf.Tensor) {
        return tf.softmax(tf.div(x, 2));
      }
    }
    tf.serialization.registerClass(Halved);
    const artifact = resigned(await artifactOf(network()), ({ modelTopology: { config } }) => {
      const { layers } = Array.isArray(config) ? { layers: config } : config;
      layers[2].config.activation = 'Halved';
    });
    const model = await fromArtifact(artifact);
    await predict(model, [tinyMatrix(20)]);
    model.network.dispose();
  });
});

it('a network with constraints loads its weights as they are stored, without leaks', async () => {
  // Weights as no constraint lets them be: put on them again, these would be other weights.
  const kernelConstraint = tfl.constraints.maxNorm({ maxValue: 0.01 });
  const network = tfl.sequential({
    layers: [
      tfl.layers.globalAveragePooling1d({ inputShape: [20, 8] }),
      tfl.layers.dense({ units: 4, activation: 'softmax', kernelConstraint }),
    ],
  });
  const stored = await network.getWeights()[0]!.data();
  const { network: loaded } = await fromArtifact(await artifactOf(network));
  expect(await loaded.getWeights()[0]!.data()).toEqual(stored);
  const ones = tf.ones([8, 4]);
  tf.tidy(() => loaded.setWeights([ones, tf.zeros([4])])); // the constraint is there again
  expect((await loaded.getWeights()[0]!.data())[0]).toBeLessThan(0.01);
  ones.dispose();
  loaded.dispose();
});
