import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { setTrainingStep } from '../../src/layers/trainingStep.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import type { CnnLstmOptions } from '../../src/model/cnnLstmOptions.ts';
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

/** Every kind of part, small. */
const small: CnnLstmOptions = {
  bins: 10,
  classes: 3,
  seed: 5,
  convolution: [{ filters: 3 }, { filters: 4, kernelSize: [3, 5], strides: [1, 2], pool: [1, 1], dropout: 0.2 }],
  recurrent: { units: 5, layers: 2, recurrentDropout: 0.2 },
  pooling: ['attention', 'mean', 'final'],
  head: { hidden: [6] },
};

const weightsByBackend: Float32Array[][] = [];

await describeBackends(allBackends, 'buildCnnLstm', (backend) => {
  test('gives distributions for inputs of any length, from one frame', async () => {
    await withModel(small, async (model) => {
      for (const frames of [1, 2, 7, 30]) {
        const x = normalTensor<tf.Rank.R4>('x', [2, frames, 10, 1]);
        const [probabilities] = await take(model.predict(x) as tf.Tensor);
        x.dispose();
        expect(probabilities!.length).toBe(6);
        for (const start of [0, 3]) {
          const own = probabilities!.subarray(start, start + 3);
          expect(own.every((value) => value > 0)).toBe(true);
          expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        }
      }
    });
  });

  test('a seed gives its weights', async () => {
    const first = await weightsOf(small);
    weightsByBackend.push(first);
    expect(await weightsOf(small)).toEqual(first);
    expect(await weightsOf({ ...small, seed: 6 })).not.toEqual(first);
  });

  test('learns: gradient steps on one batch lower its loss', async () => {
    const steps = backend === 'webgpu' ? 3 : 15; // shaders are compiled in software
    const still = { ...small, recurrent: { units: 5, inputDropout: 0 }, head: { dropout: 0 } };
    await withModel(still, async (model) => {
      const losses = [];
      for (let step = 0; step <= steps; step++) losses.push(await trainingStep(model, step, 0.3));
      expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.01 * steps);
    });
  });
});

test('the weights of a seed are the same, bit for bit, on every backend', () => {
  expect(weightsByBackend.length).toBeGreaterThanOrEqual(2);
  for (const weights of weightsByBackend) expect(weights).toEqual(weightsByBackend[0]);
});

await describeBackends(['cpu', 'wasm'], 'buildCnnLstm', (backend) => {
  test.each([
    ['plain', small.convolution],
    ['anti-aliased', [{ filters: 3, antiAlias: true }, { filters: 4 }]],
  ])('gradients: differences of the loss, for some weights of every layer; pooling %s', async (_, convolution) => {
    await withModel({ ...small, convolution, pooling: ['attention', 'final'] }, async (model) => {
      const { gradients, loss } = await lossAndGradients(model, 3);
      expect(await loss()).toBe(await loss()); // the masks of a step do not change
      for (const weight of model.trainableWeights) {
        const variable = weight.read() as tf.Variable;
        const gradient = gradients.get(variable.name)!;
        const start = ((await variable.data()) as Float32Array).slice();
        // Along the gradient itself the difference is largest, and so best above what float32 rounds away.
        const norm = Math.hypot(...gradient);
        if (norm < 5e-3) continue; // float32 rounds the loss by 1e-7, that is 2e-4 of its slope
        const at = async (distance: number) => {
          const moved = tf.tensor(
            start.map((value, i) => value + (distance * gradient[i]!) / norm),
            variable.shape,
          );
          variable.assign(moved);
          moved.dispose();
          return loss();
        };
        const h = 5e-4;
        const slope = ((await at(h)) - (await at(-h))) / (2 * h);
        await at(0);
        expect(Math.abs(slope / norm - 1), `${variable.name}: slope ${slope}, gradient ${norm}`).toBeLessThan(0.05);
      }
    });
  });

  test('a step gives the same when repeated, another step does not; weights on both backends change alike', async () => {
    const run = (step: number) => withModel(small, (model) => trainingStep(model, step, 0.1).then(() => values(model)));
    const first = await run(3);
    expect(await run(3)).toEqual(first);
    expect(await run(4)).not.toEqual(first);
    movedByBackend.set(backend, first);
    const other = movedByBackend.get('cpu')!;
    for (const [i, weight] of first.entries()) expectClose(weight, other[i]!, 1e-5);
  });

  test('saved as JSON and weights, and built again, gives equal outputs', async () => {
    await withModel(small, async (model) => {
      let artifacts: tf.io.ModelArtifacts | undefined;
      await model.save(
        tf.io.withSaveHandler(async (saved) => {
          artifacts = saved;
          return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
        }),
      );
      const again = await tfl.loadLayersModel(tf.io.fromMemory(artifacts!));
      const rebuilt = await tfl.models.modelFromJSON(model.toJSON(undefined, false) as never);
      rebuilt.setWeights(model.getWeights());
      const x = normalTensor<tf.Rank.R4>('x', [2, 9, 10, 1]);
      const [expected, actual, fromJson] = await take(
        ...([model, again, rebuilt].map((one) => one.predict(x)) as tf.Tensor[]),
      );
      expect(actual).toEqual(expected);
      expect(fromJson).toEqual(expected);
      expect(again.layers.map((layer) => layer.getConfig())).toEqual(model.layers.map((layer) => layer.getConfig()));
      x.dispose();
      again.dispose();
      rebuilt.dispose();
    });
  });
});

await describeBackends(['cpu'], 'buildCnnLstm', () => {
  test('by default: at most 900 000 weights, that is 1.8 MB in float16', async () => {
    await withModel({}, async (model) => {
      expect(model.countParams()).toBeLessThan(900_000);
      expect(model.inputs[0]!.shape).toEqual([null, null, 80, 1]);
      expect(model.outputs[0]!.shape).toEqual([null, 8]);
    });
  });

  test('other recurrent cells: their layers, which learn', async () => {
    for (const [cell, layer] of [
      ['gru', 'SpeechEmotionGru'],
      ['elman', 'SpeechEmotionElman'],
    ] as const) {
      await withModel(
        { ...small, recurrent: { cell, units: 5, inputDropout: 0 }, head: { dropout: 0 } },
        async (model) => {
          expect(model.getLayer(`${cell}1`).getClassName()).toBe(layer);
          const losses = [];
          for (let step = 0; step <= 10; step++) losses.push(await trainingStep(model, step, 0.3));
          expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.1);
        },
      );
    }
  });

  test('every part can be a function of the caller', async () => {
    const options: CnnLstmOptions = {
      bins: 8,
      classes: 3,
      frames: 6,
      convolution: [
        { filters: 2 },
        (x) =>
          tfl.layers
            .conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'relu' })
            .apply(x) as tfl.SymbolicTensor,
      ],
      recurrent: (x) =>
        tfl.layers
          .simpleRNN({ units: 4, returnSequences: true, recurrentInitializer: 'glorotNormal' })
          .apply(x) as tfl.SymbolicTensor,
      pooling: (x) => tfl.layers.globalMaxPooling1d().apply(x) as tfl.SymbolicTensor,
      head: (x) => tfl.layers.dense({ units: 3, activation: 'softmax' }).apply(x) as tfl.SymbolicTensor,
    };
    await withModel(options, async (model) => {
      expect(model.layers.map((layer) => layer.getClassName())).toEqual(
        expect.arrayContaining(['SpeechEmotionConv2d', 'Conv2D', 'SimpleRNN', 'GlobalMaxPooling1D', 'Dense']),
      );
      expect(model.outputs[0]!.shape).toEqual([null, 3]);
    });
  });

  test('frameSum: the mean of the distributions that the frames have one by one', async () => {
    const options: CnnLstmOptions = { bins: 4, classes: 3, convolution: [], recurrent: (x) => x, pooling: 'frameSum' };
    await withModel(options, async (model) => {
      const x = normalTensor<tf.Rank.R4>('x', [1, 5, 4, 1]);
      const frames = tf.reshape(x, [5, 1, 4, 1]); // five inputs of one frame
      const [whole, single] = await take(model.predict(x) as tf.Tensor, model.predict(frames) as tf.Tensor);
      const mean = [0, 1, 2].map((k) => [0, 1, 2, 3, 4].reduce((sum, t) => sum + single![3 * t + k]! / 5, 0));
      expectClose(whole!, mean, 1e-6);
      tf.dispose([x, frames]);
    });
  });

  test('each option changes the network', async () => {
    const shapeOf = (options: CnnLstmOptions) =>
      withModel(options, async (model) =>
        JSON.stringify(model.layers.map((layer) => [layer.getConfig(), layer.outputShape])),
      );
    const base = await shapeOf(small);
    const variants: CnnLstmOptions[] = [
      { bins: 12 },
      { classes: 4 },
      { frames: 20 },
      { seed: 6 },
      ...[{ filters: 2 }, { kernelSize: [1, 3] }, { strides: [2, 1] }, { pool: [1, 2] }, { dropout: 0.1 }].map(
        (block) => ({
          convolution: [{ filters: 3, ...block } as never, small.convolution![1]!],
        }),
      ),
      ...[
        { cell: 'gru' as const },
        { cell: 'gru' as const, resetAfter: false },
        { cell: 'elman' as const },
        { cell: 'elman' as const, activation: 'relu' as const },
        { cell: 'indrnn' as const },
        { cell: 'indrnn' as const, recurrentLimit: 1.1 },
        { cell: 'secondOrder' as const },
        { cell: 'multiplicativeRnn' as const },
        { cell: 'multiplicativeLstm' as const },
        { cellDropout: 0.1 },
        { units: 4 },
        { layers: 1 },
        { direction: 'forward' as const },
        { inputDropout: 0.1 },
        { recurrentDropout: 0 },
      ].map((part) => ({ recurrent: { ...small.recurrent, ...part } })),
      { pooling: 'mean' },
      { pooling: 'frameSum' },
      { pooling: 'max' },
      { pooling: 'statistics' },
      { pooling: { uncertainFrames: 'any' } },
      { pooling: { uncertainFrames: 'run' } },
      { recurrent: false, pooling: 'mean' },
      { arrangement: 'parallel' },
      { arrangement: 'parallel', convolutionPooling: 'attention' },
      { head: { hidden: [] } },
      { head: { hidden: [6], dropout: 0 } },
      { head: { hidden: [6], hiddenLayer: 'maxout' } },
      { head: { hidden: [6], hiddenLayer: 'dropConnect' } },
    ];
    const seen = new Set([base]);
    for (const variant of variants) seen.add(await shapeOf({ ...small, ...variant } as CnnLstmOptions));
    expect(seen.size).toBe(variants.length + 1);
  });
});

await describeBackends(['cpu'], 'buildCnnLstm rejects', () => {
  test.each<[options: object, message: RegExp]>([
    [{ bins: 0 }, /bins must be a whole number from 1 to 65536, got 0/],
    [{ classes: 1 }, /classes must be a whole number from 2 to 65536, got 1/],
    [{ frames: 0.5 }, /frames must be a whole number from 1 to 1048576, got 0.5/],
    [{ seed: 0.5 }, /seed must be a whole number from/],
    [{ convolution: [{ filters: 0 }] }, /convolution\[0\].filters must be a whole number from 1 to 65536, got 0/],
    [{ convolution: [{ filters: 1, pool: [2] }] }, /convolution\[0\].pool must be a pair \[height, width\], got \[2\]/],
    [
      { recurrent: { cell: 'rnn' } },
      /recurrent.cell must be one of 'lstm', 'gru', 'multiplicativeLstm', 'elman', 'secondOrder', .*, 'indrnn', got "rnn"/,
    ],
    [{ recurrent: { layers: 0 } }, /recurrent.layers must be a whole number from 1 to 64, got 0/],
    [{ recurrent: { inputDropout: 1 } }, /recurrent.inputDropout must be a number from 0 to below 1, got 1/],
    [{ pooling: [] }, /pooling must name at least one pooling, got none/],
    [{ pooling: ['mean', 'mean'] }, /pooling must name each pooling once, got mean, mean/],
    [{ pooling: 'sum' }, /pooling must be one of 'final', 'mean', 'max', 'statistics', 'attention', got "sum"/],
    [{ pooling: { uncertainFrames: 'all' } }, /pooling.uncertainFrames must be one of 'any', 'run', got "all"/],
    [{ arrangement: 'both' }, /arrangement must be one of 'series', 'parallel', got "both"/],
    [{ arrangement: 'parallel', recurrent: false }, /in parallel, there must be a recurrent part, got none/],
    [{ arrangement: 'parallel', convolution: [] }, /in parallel, there must be convolutions, got none/],
    [{ arrangement: 'parallel', pooling: 'frameSum' }, /in parallel, pooling must give one vector, got "frameSum"/],
    [{ arrangement: 'parallel', convolutionPooling: 'final' }, /convolutionPooling must not be final/],
    [{ recurrent: false, pooling: ['final'] }, /pooling must not be final where no recurrent part came before/],
    [
      { recurrent: { cell: 'elman', cellDropout: 0.1 } },
      /there is no option named 'recurrent.cellDropout' with cell 'elman'/,
    ],
    [{ recurrent: { activation: 'relu' } }, /there is no option named 'recurrent.activation' with cell 'lstm'/],
    [
      { recurrent: { cell: 'gru', recurrentLimit: 2 } },
      /there is no option named 'recurrent.recurrentLimit' with cell 'gru'/,
    ],
    [{ head: { hiddenLayer: 'tanh' } }, /head.hiddenLayer must be one of 'relu', 'maxout', 'dropConnect', got "tanh"/],
    [{ head: { hidden: [0] } }, /head.hidden\[0\] must be a whole number from 1 to 65536, got 0/],
    [{ fraems: 10 }, /there is no option named 'fraems'/],
    [{ convolution: [{ filters: 2, kernel: 3 }] }, /there is no option named 'convolution\[0\].kernel'/],
    [{ recurrent: { unit: 3 } }, /there is no option named 'recurrent.unit'/],
    [{ recurrent: { resetAfter: false } }, /there is no option named 'recurrent.resetAfter' with cell 'lstm'/],
    ...['returnSequences', 'stateful', 'seed', 'name', 'dtype'].map(
      (name) =>
        [{ recurrent: { [name]: 1 } }, new RegExp(`there is no option named 'recurrent.${name}'`)] as [object, RegExp],
    ),
    [{ recurrent: { cell: 'indrnn', recurrentLimit: 0 } }, /Cannot make IndRnn: recurrentLimit must be a number from/],
    [
      { arrangement: 'parallel', convolutionPooling: 'frameSum' },
      /convolutionPooling must be one of 'final', .* got "frameSum"/,
    ],
    [{ pooling: { uncertainFrames: 'any', masked: true } }, /there is no option named 'pooling.masked'/],
    [{ head: { units: [3] } }, /there is no option named 'head.units'/],
    [{ convolutionPooling: 'mean' }, /convolutionPooling must be left out in series/],
    ...['convolution', 'recurrent', 'pooling', 'head', 'arrangement', 'bins', 'seed', 'deltas'].flatMap((name) =>
      [null, true, 1.5].map((value) => [{ [name]: value }, new RegExp(`${name} must be `)] as [object, RegExp]),
    ),
    [{ convolution: [null] }, /convolution\[0\] must be an object, got null/],
    [{ head: { hidden: 16 } }, /head.hidden must be an array/],
    [{ recurrent: { layers: 1e6 } }, /recurrent.layers must be a whole number from 1 to 64, got 1000000/],
    [{ recurrent: { units: 1e9 } }, /recurrent.units must be a whole number from 1 to 4096, got 1000000000/],
    [{ convolution: [{ filters: 1e9 }] }, /convolution\[0\].filters must be a whole number from 1 to 65536/],
    [
      { convolution: Array(100).fill({ filters: 1 }) },
      /length of convolution must be a whole number from 0 to 64, got 100/,
    ],
    [{ head: { hidden: [65536, 65536] } }, /Cannot build dense2: its kernel must have at most 268435456 weights/],
    [{ head: (x: tfl.SymbolicTensor) => x }, /output must be \[batch, 8\], got \[null,384\]/],
    [{ convolution: [flattened] }, /convolution must give \[batch, frames, bins, features\], got \[null,640\]/],
  ])('%o, leaving no tensor behind', async (options, message) => {
    await expectNoLeak(() => {
      expect(() => buildCnnLstm({ frames: 10, bins: 8, ...options } as never)).toThrow(message);
    });
  });
});

function flattened(x: tfl.SymbolicTensor): tfl.SymbolicTensor {
  const features = tfl.layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same' }).apply(x);
  return tfl.layers.flatten().apply(features) as tfl.SymbolicTensor;
}

const movedByBackend = new Map<string, Float32Array[]>();

async function withModel<T>(options: CnnLstmOptions, run: (model: tfl.LayersModel) => Promise<T>): Promise<T> {
  return expectNoLeak(async () => {
    const model = buildCnnLstm(options);
    const result = await run(model);
    model.dispose();
    return result;
  });
}

async function values(model: tfl.LayersModel): Promise<Float32Array[]> {
  return Promise.all(model.getWeights().map(async (weight) => ((await weight.data()) as Float32Array).slice()));
}

function weightsOf(options: CnnLstmOptions): Promise<Float32Array[]> {
  return withModel(options, values);
}

/** Cross entropy of a made-up batch in training mode, at the step that is set. */
function crossEntropy(model: tfl.LayersModel): tf.Scalar {
  return tf.tidy(() => {
    const x = normalTensor<tf.Rank.R4>('x', [4, 12, 10, 1]);
    const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 1], 'int32'), 3);
    const probabilities = model.apply(x, { training: true }) as tf.Tensor;
    return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.log(probabilities)), 1))) as tf.Scalar;
  });
}

async function lossAndGradients(model: tfl.LayersModel, step: number) {
  setTrainingStep(model, step);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { value, grads } = tf.variableGrads(() => crossEntropy(model), variables);
  value.dispose();
  const names = Object.keys(grads);
  const arrays = await take(...names.map((name) => grads[name]!));
  const gradients = new Map(names.map((name, i) => [name, arrays[i]!.slice()]));
  const loss = async () => (await take(crossEntropy(model)))[0]![0]!;
  return { gradients, loss };
}

/** One step of gradient descent; returns the loss before it. */
async function trainingStep(model: tfl.LayersModel, step: number, rate: number): Promise<number> {
  setTrainingStep(model, step);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { value, grads } = tf.variableGrads(() => crossEntropy(model), variables);
  for (const variable of variables) {
    tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(grads[variable.name]!, rate))));
  }
  tf.dispose(grads);
  return (await take(value))[0]![0]!;
}

describe('a part of the caller’s own that returns nothing', () => {
  const nothing = () => undefined as never;
  test.each([
    ['convolution[0]', { convolution: [nothing] }],
    ['recurrent', { recurrent: nothing }],
    ['pooling', { pooling: nothing }],
    ['head', { head: nothing }],
    ['convolutionPooling', { arrangement: 'parallel', convolutionPooling: nothing }],
  ] as const)('is named: %s', (name, options) => {
    expect(() => buildCnnLstm(options as CnnLstmOptions)).toThrow(
      new TypeError(`Cannot build CNN-LSTM: ${name} must return what a layer's apply returns, got undefined`),
    );
  });
});
