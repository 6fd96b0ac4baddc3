import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { ModelFormatError } from '../../src/core/errors.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { fromArtifact, type ModelArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { predict } from '../../src/model/predict.ts';
import { type Json, resigned } from './resigned.ts';
import { tinyMatrix, tinyNetwork, tinySettings } from './tinyModel.ts';

/*
 * What a program may write, or a damaged one: any part of a model's JSON gone, doubled, moved, or of any value, checksums right.
 * Oracle: a ModelFormatError, or a model that predicts (or says why not); never another error, a hang or a tensor left behind.
 */

let artifacts: ModelArtifact[] = [];
beforeAll(async () => {
  await tf.setBackend('cpu');
  const parallel = {
    arrangement: 'parallel',
    convolution: [{ filters: 2 }],
    recurrent: { cell: 'gru', units: 2 },
  } as const;
  const networks = [
    tinyNetwork(),
    buildCnnLstm({
      bins: 8,
      classes: 4,
      convolution: [{ filters: 2 }],
      recurrent: { units: 2 },
      head: { hidden: [3] },
    }),
    buildCnnLstm({ bins: 8, classes: 4, ...parallel }),
    buildCnnLstm({
      bins: 8,
      classes: 4,
      deltas: 1,
      convolution: [],
      recurrent: { cell: 'elman', units: 2 },
      pooling: 'frameSum',
    }),
    nested(),
  ];
  artifacts = await Promise.all(networks.map((network) => toArtifact({ network, settings: tinySettings() })));
  for (const network of networks) network.dispose();
});

function nested(): tfl.LayersModel {
  const inner = tfl.input({ shape: [20, 8] });
  const within = tfl.model({
    inputs: inner,
    outputs: tfl.layers.dense({ units: 3 }).apply(inner) as tfl.SymbolicTensor,
  });
  const x = tfl.input({ shape: [20, 8] });
  const pooled = tfl.layers.globalMaxPooling1d().apply(within.apply(x)) as tfl.SymbolicTensor;
  return tfl.model({
    inputs: x,
    outputs: tfl.layers.dense({ units: 4, activation: 'softmax' }).apply(pooled) as tfl.SymbolicTensor,
  });
}

/** Every place in a value, by the keys that lead there. */
function placesOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  return [path, ...[...keys].flatMap((key) => placesOf(value[key], [...path, key]))];
}

const at = (json: Json, path: readonly (string | number)[]): Json => path.reduce((value, key) => value?.[key], json);

const odd = fc.constantFrom<Json>(
  ...[
    null,
    true,
    false,
    0,
    -1,
    1,
    2,
    3,
    0.5,
    7,
    1e9,
    -1e9,
    2 ** 31,
    2 ** 53,
    1e300,
    1e-50,
    '',
    'x',
    'Model',
    'Dense',
    'constructor',
  ],
  ...[
    '__proto__',
    'relu',
    'float16',
    [],
    [[]],
    [null],
    {},
    { class_name: 'Dense', config: {} },
    [0, 0],
    [1e9, 1e9],
    'a'.repeat(2000),
  ],
);
const mutation = fc.record({
  kind: fc.constantFrom('set', 'drop', 'double', 'move', 'swap'),
  place: fc.nat(),
  other: fc.nat(),
  odd,
});

function mutate(
  json: Json,
  { kind, place, other, odd: value }: { kind: string; place: number; other: number; odd: Json },
): void {
  const parts = ['modelTopology', 'weightsManifest', 'userDefinedMetadata'] as const;
  const places = parts.flatMap((part) => placesOf(json[part], [part])).filter((path) => path.length > 1);
  const path = places[place % places.length]!;
  const parent = at(json, path.slice(0, -1));
  const key = path.at(-1)!;
  if (kind === 'set') parent[key] = structuredClone(value);
  else if (kind === 'drop') Array.isArray(parent) ? parent.splice(key as number, 1) : delete parent[key];
  else if (kind === 'double' && Array.isArray(parent)) parent.push(structuredClone(parent[key as number]));
  else if (kind === 'swap' && Array.isArray(parent)) parent.reverse();
  else parent[key] = structuredClone(at(json, places[other % places.length]!));
}

it('any change of a model’s JSON: a ModelFormatError or a model that predicts', async () => {
  let built = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 3 }), async (which, mutations) => {
      const artifact = artifacts[which % artifacts.length]!;
      const changed = resigned(artifact, (json) => {
        for (const one of mutations) mutate(json, one);
      });
      const tensors = tf.memory().numTensors;
      const model = await fromArtifact(changed).catch((error: unknown) => error);
      if (model instanceof Error) expect(model).toBeInstanceOf(ModelFormatError);
      else {
        built++;
        const { network, settings } = model as Awaited<ReturnType<typeof fromArtifact>>;
        const matrix = tinyMatrix(25);
        const bins = settings.normalizer.mean.length;
        if (bins === matrix.bins && settings.window.frames < 1000) {
          const outcome = await predict({ network, settings }, [matrix]).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome.message).toMatch(/^Cannot /);
        }
        network.dispose();
      }
      expect(tf.memory().numTensors).toBe(tensors);
    }),
    { numRuns: Number(process.env.RUNS ?? 300) },
  );
  expect(built).toBeGreaterThan(10);
});
