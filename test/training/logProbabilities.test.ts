import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { Dense } from '../../src/layers/dense.ts';
import { MeanPooling } from '../../src/layers/pooling/meanPooling.ts';
import { labelLogLikelihoods, UncertainFrames } from '../../src/layers/uncertainFrames.ts';
import { logProbabilities } from '../../src/training/logProbabilities.ts';
import { crossEntropy } from '../../src/training/losses.ts';
import { train } from '../../src/training/train.ts';
import { expectClose, take } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak, hostBackends } from '../support/backends.ts';
import { BINS, LABELS, synthetic } from './synthetic.ts';

const K = 4;
const units = { units: K, kernelInitializer: 'identity' as const };
const own = () => new Dense({ units: K, activation: 'softmax', seed: 1 });

/** A layer that gives probabilities by way of its own. */
class Own extends tfl.layers.Layer {
  static readonly className = 'TestOwnSoftmax';
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.softmax(Array.isArray(inputs) ? inputs[0]! : inputs);
  }
  override computeOutputShape(shape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return shape as tfl.Shape;
  }
}
tf.serialization.registerClass(Own);

/** Networks over [batch, 4] or [batch, frames, 4] whose last sums, where the weights are the identity, are what goes in. */
const exact: Record<string, { readonly shape: number[]; readonly layers: () => tfl.layers.Layer[] }> = {
  Dense: { shape: [K], layers: () => [own()] },
  'dense of tfjs': { shape: [K], layers: () => [tfl.layers.dense({ ...units, activation: 'softmax' })] },
  'dense of tfjs without a bias, then activation': {
    shape: [K],
    layers: () => [tfl.layers.dense({ ...units, useBias: false }), tfl.layers.activation({ activation: 'softmax' })],
  },
  'dense and softmax of tfjs': { shape: [K], layers: () => [tfl.layers.dense(units), tfl.layers.softmax()] },
  'softmax over an axis by its number': {
    shape: [K],
    layers: () => [tfl.layers.dense(units), tfl.layers.softmax({ axis: 1 })],
  },
  'a model within': {
    shape: [K],
    layers: () => [
      tfl.layers.dense(units),
      tfl.sequential({ layers: [tfl.layers.dense({ ...units, activation: 'softmax', inputShape: [K] })] }),
    ],
  },
  'the mean over frames': { shape: [3, K], layers: () => [own(), new MeanPooling()] },
  'the mean over frames by tfjs': {
    shape: [3, K],
    layers: () => [
      tfl.layers.dense(units),
      tfl.layers.activation({ activation: 'softmax' }),
      tfl.layers.globalAveragePooling1d({}),
    ],
  },
};

/** A network and the same in logarithms, which shares its weights; every square kernel is the identity. */
function made(shape: number[], layers: tfl.layers.Layer[]): { network: tfl.LayersModel; logs: tfl.LayersModel } {
  const input = tfl.input({ shape });
  const output = layers.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, input);
  const network = tfl.model({ inputs: input, outputs: output });
  for (const weight of network.weights) {
    if (weight.shape.length === 2) tf.tidy(() => void weight.write(tf.eye(K)));
  }
  return { network, logs: tfl.model({ inputs: input, outputs: logProbabilities(output) }) };
}

/** Loss and its gradient by what goes in. */
async function lossOf(logs: tfl.LayersModel, x: tf.Tensor, targets: tf.Tensor2D): Promise<[number, Float32Array]> {
  const run = (values: tf.Tensor) => crossEntropy(logs.apply(values, { training: true }) as tf.Tensor2D, targets);
  const { value, grad } = tf.valueAndGrad(run)(x);
  const [loss, gradient] = await take(value, grad);
  return [loss![0]!, gradient!];
}

/** Loss, and its gradients by the network's weights: what a mask comes of has none. */
async function gradientsOf(network: tfl.LayersModel, logs: tfl.LayersModel, x: tf.Tensor, targets: tf.Tensor2D) {
  const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { value, grads } = tf.variableGrads(
    () => crossEntropy(logs.apply(x, { training: true }) as tf.Tensor2D, targets),
    variables,
  );
  return take(value, ...variables.map(({ name }) => grads[name]!));
}

const softmax = (z: readonly number[]) => {
  const powers = z.map((one) => Math.exp(one - Math.max(...z)));
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
};

await describeBackends(allBackends, 'logProbabilities', () => {
  describe.each(Object.entries(exact))('of %s', (_, { shape, layers }) => {
    const frames = shape.length === 2 ? shape[0]! : 1;

    it.each([-16, -20, -60, -120])(
      'have the gradient softmax − target where the truth is %d below (closed form, float64)',
      async (margin) => {
        await expectNoLeak(async () => {
          const { network, logs } = made(shape, layers());
          const z = [margin, 0, -1, 0.5];
          const all = Array.from({ length: frames }, () => z);
          const x = tf.tensor(all.flat(), [1, ...shape]);
          const targets = tf.tensor2d([[1, 0, 0, 0]]);
          const [loss, gradient] = await lossOf(logs, x, targets);
          // All frames say the same, so that each has an equal share in the mean.
          const wanted = all.flatMap((one) => softmax(one).map((p, k) => (p - (k === 0 ? 1 : 0)) / frames));
          expectClose(gradient, wanted, 1e-6);
          expect(loss / -Math.log(softmax([0, 0, -1, 0.5])[0]!)).toBeGreaterThan(1);
          const rest = Math.log(Math.exp(0) + Math.exp(-1) + Math.exp(0.5) + Math.exp(margin));
          expect(loss).toBeCloseTo(rest - margin, 4);
          tf.dispose([x, targets]);
          network.dispose();
        });
      },
    );

    it('are those of the output where probabilities are moderate (oracle: the network)', async () => {
      await expectNoLeak(async () => {
        const { network, logs } = made(shape, layers());
        const stream = new RandomStream(1);
        const x = tf.tensor(
          Array.from({ length: 5 * frames * K }, () => stream.normal()),
          [5, ...shape],
        );
        const [told, wanted] = await take(
          logs.predict(x) as tf.Tensor,
          tf.tidy(() => tf.log(network.predict(x) as tf.Tensor)),
        );
        expectClose(told!, wanted!, 1e-5);
        tf.dispose(x);
        network.dispose();
      });
    });
  });

  it('of unequal frames, one of them left out by a mask: each pulls by its share of the truth (closed form, float64)', async () => {
    await expectNoLeak(async () => {
      const { network, logs } = made([3, K], [tfl.layers.masking({ maskValue: 9 }), own(), new MeanPooling()]);
      const [first, last] = [
        [-30, 0, 1, 0],
        [-32, 1, 0, 0],
      ];
      const x = tf.tensor3d([[first, [9, 9, 9, 9], last]]);
      const targets = tf.tensor2d([[1, 0, 0, 0]]);
      const [loss, kernel, bias] = await gradientsOf(network, logs, x, targets);
      const [p, q] = [softmax(first), softmax(last)];
      const sum = p[0]! + q[0]!;
      const pull = (own: number[]) => own.map((one, k) => (own[0]! / sum) * (one - (k === 0 ? 1 : 0)));
      const pulls = [pull(p), pull(q)];
      expect(loss![0]).toBeCloseTo(-Math.log(sum / 2), 4);
      expectClose(
        bias!,
        pulls[0]!.map((one, k) => one + pulls[1]![k]!),
        1e-6,
      );
      const wanted = first.flatMap((a, i) => pulls[0]!.map((one, k) => a * one + last[i]! * pulls[1]![k]!));
      expectClose(kernel!, wanted, 4e-5);
      tf.dispose([x, targets]);
      network.dispose();
    });
  });

  it('of frames that are all left out are finite and teach nothing', async () => {
    await expectNoLeak(async () => {
      const { network, logs } = made([2, K], [tfl.layers.masking({ maskValue: 9 }), own(), new MeanPooling()]);
      const [x, targets] = [tf.fill([1, 2, K], 9), tf.tensor2d([[1, 0, 0, 0]])];
      const [loss, ...gradients] = await gradientsOf(network, logs, x, targets);
      expect(loss![0]).toBeCloseTo(7 * Math.log(10), 4);
      for (const gradient of gradients) for (const value of gradient) expect(Math.abs(value)).toBe(0);
      tf.dispose([x, targets]);
      network.dispose();
    });
  });

  it('of uncertain frame labels are log p(e|X) of the frames that count (oracle: those alone)', async () => {
    await expectNoLeak(async () => {
      const { network, logs } = made([3, K], [tfl.layers.masking({ maskValue: 9 }), new UncertainFrames()]);
      const counting = [
        [1, 2, -1, 0.5],
        [0, -1, 3, 1],
      ];
      const [x, alone] = [tf.tensor3d([[...counting, [9, 9, 9, 9]]]), tf.tensor3d([counting])];
      const [told, wanted] = await take(logs.predict(x) as tf.Tensor, labelLogLikelihoods(alone, 'any'));
      expectClose(told!, wanted!, 1e-6);
      tf.dispose([x, alone]);
      network.dispose();
    });
  });

  it('of a layer whose workings are not known are log(p + 1e-7)', async () => {
    await expectNoLeak(async () => {
      for (const { shape, layers } of [
        { shape: [K], layers: [new Own({})] },
        { shape: [1, K], layers: [new Own({}), new MeanPooling()] },
      ]) {
        const { network, logs } = made(shape, layers);
        const x = tf.tensor([0, -1, 2, -40], [1, ...shape]);
        const [told] = await take(logs.predict(x) as tf.Tensor);
        expectClose(
          told!,
          softmax([0, -1, 2, -40]).map((p) => Math.log(p + 1e-7)),
          1e-5,
        );
        tf.dispose(x);
        network.dispose();
      }
    });
  });
});

// Not on WebGPU in software, where a hundred steps take a minute on a busy machine: its gradients are held above.
await describeBackends(hostBackends, 'logProbabilities in training', () => {
  it('let a network learn that begins sure and wrong', async () => {
    await expectNoLeak(async () => {
      const data = synthetic({ contrast: 20 });
      const net = tfl.sequential({
        layers: [
          tfl.layers.reshape({ targetShape: [12, BINS], inputShape: [12, BINS, 1] }),
          tfl.layers.globalAveragePooling1d({}),
          tfl.layers.dense({ units: LABELS.length, activation: 'softmax', kernelInitializer: 'zeros' }),
        ],
      });
      const bias = net.weights.at(-1)!;
      tf.tidy(() => void bias.write(tf.tensor1d([60, 0, 0]))); // each clip is the first label, at 60 to 0
      const { history } = await train(net, data, {
        ...{ epochs: 100, learningRate: 1, ema: false, weightDecay: 0, labelSmoothing: 0 },
        ...{ augment: false, window: { frames: 12 } },
      });
      expect(history.at(-1)!.loss).toBeLessThan(0.1);
      expect(history[0]!.loss).toBeGreaterThan(20);
      net.dispose();
    });
  });
});
