import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BaseLayer,
  type CallOptions,
  type CellInputs,
  type InitialWeight,
  RandomStream,
  RecurrentLayer,
  type RecurrentLayerOptions,
  type ResolvedRecurrentLayerOptions,
  resolveRecurrentOptions,
  type SeededLayerOptions,
  setTrainingStep,
  trainingStepOf,
} from '../../src/layers/index.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { fromArtifact, toArtifact } from '../../src/model/modelArtifact.ts';
import { predict } from '../../src/model/predict.ts';
import { expectClose, normalTensor, take } from '../support/arrays.ts';
import { expectNoLeak } from '../support/leaks.ts';
import { tinyMatrix, tinySettings } from './tinyModel.ts';

/* What hosts can make of the entry `speech-emotion/layers` alone. */

/** Adds normal noise in training. */
class Noise extends BaseLayer {
  static readonly className = 'Noise';
  readonly options: { readonly seed: number };

  constructor(options: SeededLayerOptions) {
    super(options);
    this.options = { seed: options.seed };
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      if (!training) return tf.clone(x);
      const random = new RandomStream(this.options.seed, 'noise', trainingStepOf(this));
      const noise = Float32Array.from({ length: x.size }, () => random.normal());
      return tf.add(x, tf.tensor(noise, x.shape));
    });
  }
}

/** Leaky sum, h = d · h₋₁ + x, of as many units as there are features. */
class LeakySum extends RecurrentLayer {
  static readonly className = 'LeakySum';
  readonly options: ResolvedRecurrentLayerOptions & { readonly decay: number };
  protected readonly stateCount = 1;

  constructor(options: RecurrentLayerOptions & { decay?: number | undefined }) {
    super(options);
    const { decay = 0.5, ...others } = options;
    this.options = { ...resolveRecurrentOptions('LeakySum', others), decay };
  }

  protected weightInitializers(): Record<string, InitialWeight> {
    return {};
  }

  protected runCell({ x }: CellInputs, [initial]: [tf.Tensor2D], reverse: boolean): [tf.Tensor3D] {
    const frames = tf.unstack(x, 1) as tf.Tensor2D[];
    let h = initial;
    const run = (frame: tf.Tensor2D) => {
      h = tf.add(tf.mul(h, this.options.decay), frame);
      return h;
    };
    const outputs = reverse ? frames.reverse().map(run).reverse() : frames.map(run);
    return [tf.stack(outputs, 1) as tf.Tensor3D];
  }
}

beforeAll(() => tf.setBackend('cpu'));

describe('layers of your own', () => {
  it('a stochastic layer draws by the step of the training loop', async () => {
    await expectNoLeak(async () => {
      const layer = new Noise({ seed: 1 });
      const x = normalTensor<tf.Rank.R2>('x', [2, 3]);
      const at = (step: number) => {
        setTrainingStep({ layers: [layer] }, step);
        return layer.apply(x, { training: true }) as tf.Tensor;
      };
      const [first, again, next, still] = await take(at(1), at(1), at(2), layer.apply(x) as tf.Tensor);
      expect(again).toEqual(first);
      expect(next).not.toEqual(first);
      expect([...still!]).toEqual([...(await x.data())]);
      x.dispose();
    });
  });

  it('a cell: both directions (oracle: the definition, frame by frame)', async () => {
    await expectNoLeak(async () => {
      const layer = new LeakySum({ units: 1, direction: 'bidirectional', seed: 1, decay: 0.25 });
      const x = tf.tensor3d([1, 2, 4], [1, 3, 1]);
      const [y] = await take(layer.apply(x) as tf.Tensor);
      const [forward, backward] = [
        [1, 2.25, 4.5625],
        [1.75, 3, 4],
      ] as const;
      expectClose(
        y!,
        forward.flatMap((value, t) => [value, backward[t]!]),
        1e-6,
      );
      x.dispose();
      layer.dispose();
    });
  });

  it('a cell stands for the recurrent part, and is loaded once its class is registered', async () => {
    const part = (x: tfl.SymbolicTensor) => {
      const units = x.shape.at(-1) as number;
      return new LeakySum({ units, seed: 1, decay: 0.25 }).apply(x) as tfl.SymbolicTensor;
    };
    const network = buildCnnLstm({ bins: 8, classes: 4, convolution: [], recurrent: part, pooling: 'mean' });
    const settings = tinySettings();
    const artifact = await toArtifact({ network, settings });
    await expect(fromArtifact(artifact)).rejects.toThrow('its layer class LeakySum is not registered');
    tf.serialization.registerClass(LeakySum as unknown as tf.serialization.SerializableConstructor<BaseLayer>);
    const again = await fromArtifact(artifact);
    expect(await predict(again, [tinyMatrix(20)])).toEqual(await predict({ network, settings }, [tinyMatrix(20)]));
    for (const { network: one } of [again, { network }]) one.dispose();
  });
});
