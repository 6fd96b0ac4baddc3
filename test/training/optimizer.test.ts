import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { valuesOf } from '../../src/model/weights.ts';
import { AdamW, globalNorm } from '../../src/training/optimizer.ts';
import reference from '../reference/training/values.json' with { type: 'json' };
import { expectClose } from '../support/arrays.ts';
import { allBackends, describeBackends, expectNoLeak } from '../support/backends.ts';

const { rates, clipNorm, lastNorm, start, gradients, end } = reference.adamw;
const names = ['kernel', 'gamma', 'bias'] as const;
const shapes = { kernel: [3, 2], gamma: [4], bias: [2, 2] };

/** A layer with the reference's variables: LayerVariables are made by layers alone. */
class Variables extends tfl.layers.Layer {
  static className = 'TestVariables';
  constructor() {
    super({});
    tf.tidy(() => {
      for (const name of names) {
        const initializer = { apply: () => tf.tensor(start[name], shapes[name]) };
        this.addWeight(name, shapes[name], 'float32', initializer as never);
      }
    });
  }

  free(): void {
    for (const weight of this.weights) weight.dispose();
  }
}

const gradientsOf = (layer: tfl.layers.Layer, step: number): tf.NamedTensorMap =>
  Object.fromEntries(
    layer.trainableWeights.map((weight, i) => [
      (weight.read() as tf.Variable).name,
      tf.tensor(gradients[names[i]!][step]!, shapes[names[i]!]),
    ]),
  );

async function run(layer: tfl.layers.Layer, optimizer: AdamW, from: number, to: number): Promise<number> {
  let norm = 0;
  for (let step = from; step < to; step++) {
    const given = gradientsOf(layer, step);
    const normTensor = globalNorm(given);
    norm = (await normTensor.data())[0]!;
    optimizer.apply(given, rates[step]!, Math.min(1, clipNorm / norm));
    tf.dispose([given, normTensor]);
  }
  return norm;
}

const OPTIONS = { beta1: 0.9, beta2: 0.99, epsilon: 1e-5, weightDecay: 0.3 };

await describeBackends(allBackends, 'AdamW', () => {
  it('takes the steps that PyTorch takes, clipped, with decay of matrices alone (oracle: torch 1.13, stored)', async () => {
    await expectNoLeak(async () => {
      const layer = new Variables();
      const optimizer = new AdamW(layer.trainableWeights, OPTIONS);
      const norm = await run(layer, optimizer, 0, rates.length);
      expect(norm / lastNorm).toBeCloseTo(1, 6);
      for (const [i, weight] of layer.trainableWeights.entries()) {
        expectClose((await weight.read().data()) as Float32Array, end[names[i]!], 2e-6);
      }
      optimizer.dispose();
      layer.free();
    });
  });

  it('resumes from its saved moments as if it had never stopped (oracle: the uninterrupted run)', async () => {
    await expectNoLeak(async () => {
      const [whole, halves] = [new Variables(), new Variables()];
      const straight = new AdamW(whole.trainableWeights, OPTIONS);
      await run(whole, straight, 0, 12);
      const before = new AdamW(halves.trainableWeights, OPTIONS);
      await run(halves, before, 0, 5);
      const after = new AdamW(halves.trainableWeights, OPTIONS);
      after.restore(before.step, await valuesOf(before.moments()));
      await run(halves, after, 5, 12);
      for (const [i, weight] of whole.trainableWeights.entries()) {
        expect(await halves.trainableWeights[i]!.read().data()).toEqual(await weight.read().data());
      }
      for (const optimizer of [straight, before, after]) optimizer.dispose();
      for (const layer of [whole, halves]) layer.free();
    });
  });

  it('applies constraints after the step and leaves variables without a gradient alone', async () => {
    await expectNoLeak(async () => {
      const network = tfl.sequential({
        layers: [
          tfl.layers.dense({ units: 2, inputShape: [2], kernelConstraint: 'nonNeg', kernelInitializer: 'ones' }),
        ],
      });
      const [kernel, bias] = network.trainableWeights;
      const optimizer = new AdamW(network.trainableWeights);
      const gradient = tf.tensor2d([1, 1, 1, 1], [2, 2]);
      for (let i = 0; i < 5; i++) optimizer.apply({ [(kernel!.read() as tf.Variable).name]: gradient }, 0.5);
      expect(Array.from(await kernel!.read().data())).toEqual([0, 0, 0, 0]); // −1.5 without the constraint
      expect(Array.from(await bias!.read().data())).toEqual([0, 0]);
      for (const each of [gradient, optimizer, network]) each.dispose();
    });
  });
});

describe('AdamW options', () => {
  it.each([{ beta1: 1 }, { beta2: -0.1 }, { epsilon: 0 }, { weightDecay: -1 }])('refuses %j', (options) => {
    expect(() => new AdamW([], options)).toThrow(RangeError);
  });

  it('refuses an option it does not have', () => {
    expect(() => new AdamW([], { decay: 1 } as never)).toThrow("Cannot optimise: there is no option named 'decay'");
  });

  it.each([null, 3, [], { beta1: '0.9' }, { epsilon: null }])('refuses %j in words', (options) => {
    expect(() => new AdamW([], options as never)).toThrow(/^Cannot optimise: \w+ must be .* got /);
  });
});
