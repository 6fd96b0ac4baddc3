import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { predictExamples } from '../../src/evaluation/labelledPredictions.ts';
import { confusionMatrix, unweightedAverageRecall } from '../../src/evaluation/metrics.ts';
import type { ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import type { TrainedModel } from '../../src/model/trainedModel.ts';
import { adapt } from '../../src/training/adapt.ts';
import type { AdaptOptions } from '../../src/training/adaptOptions.ts';
import { AdamW } from '../../src/training/optimizer.ts';
import { train } from '../../src/training/train.ts';
import { expectNoLeak } from '../support/leaks.ts';
import { BINS, LABELS, MemoryStore, network, synthetic, weightsOf } from './synthetic.ts';

const WINDOW = { frames: 16 };
const OPTIONS: AdaptOptions = { augment: false, ema: false, labelSmoothing: 0 };

/** Clips of two labels of one's own: what was calm, and everything else. */
function ownLabels(clips = 30, seed = 5): ExampleSet {
  const set = synthetic({ clips, seed, prefix: `own${seed}` });
  const examples = set.examples.map((clip) => ({ ...clip, label: clip.label === 0 ? 1 : 0 }));
  return { ...set, labels: ['other', 'quiet'], examples };
}

let base: TrainedModel;
beforeAll(async () => {
  await tf.setBackend('cpu');
  const dataset = { licence: 'CC BY-NC-SA 4.0', citation: 'Base 2018' };
  const options = { epochs: 40, window: WINDOW, augment: false, learningRate: 0.02, dataset } as const;
  base = (await train(network(1, WINDOW.frames), synthetic({ clips: 48 }), options)).model;
});

const uarOf = async (model: TrainedModel, set: ExampleSet) =>
  unweightedAverageRecall(confusionMatrix(await predictExamples(model, set), set.labels.length));

describe('adapt', () => {
  it('fits the classifying layer alone: layers below and the model stay, and it tells labels of its own', async () => {
    const before = await weightsOf(base.network);
    const { model, history } = await adapt(base, ownLabels(), { ...OPTIONS, layers: 'head' });
    expect(history).toEqual([]);
    expect(model.settings.labels).toEqual(['other', 'quiet']);
    expect(model.settings.normalizer).toEqual(base.settings.normalizer);
    const kernelOf = (of: LayersModel) => of.layers.at(-1)!.getWeights()[0]!.shape;
    expect(kernelOf(model.network)).toEqual([kernelOf(base.network)[0], 2]);
    const names = (of: LayersModel) => of.weights.map(({ originalName }) => originalName);
    expect(names(model.network)).toEqual(names(base.network));
    const own = await weightsOf(model.network);
    const isHead = base.network.weights.map(({ shape }) => shape.at(-1) === LABELS.length);
    expect(own.filter((_, i) => !isHead[i])).toEqual(before.filter((_, i) => !isHead[i]));
    expect(await weightsOf(base.network)).toEqual(before);
    expect(await uarOf(model, ownLabels(30, 6))).toBeGreaterThan(0.85);
    model.network.dispose();
  });

  it('fits the head at the minimum of its penalised loss (oracle: no direction lowers it)', async () => {
    const data = ownLabels(20);
    const { model } = await adapt(base, data, { ...OPTIONS, layers: 'head' });
    const predictions = await predictExamples(model, data);
    // At the minimum the gradient of the constant is 0: Σ (p − onehot) = −θ, small beside the clips of a label.
    const excess = predictions.reduce(
      (sum, { label, probabilities }) => sum + probabilities[0]! - Number(label === 0),
      0,
    );
    expect(Math.abs(excess)).toBeLessThan(1);
    model.network.dispose();
  });

  it('then trains all layers, those below less (property: by the decay of rates)', async () => {
    const moved = async (rateDecay: number) => {
      const { model } = await adapt(base, ownLabels(), { ...OPTIONS, epochs: 2, rateDecay, weightDecay: 0 });
      const [before, after] = [await weightsOf(base.network), await weightsOf(model.network)];
      model.network.dispose();
      return Math.max(...before[0]!.map((value, i) => Math.abs(value - after[0]![i]!)));
    };
    const [alike, less] = [await moved(1), await moved(10)];
    expect(less).toBeGreaterThan(0);
    // One layer with a kernel above the first one: the head.
    expect(less / alike).toBeGreaterThan(0.03);
    expect(less / alike).toBeLessThan(0.3);
  });

  it('resumes', async () => {
    const run = async (options: AdaptOptions) => {
      const { model } = await adapt(base, ownLabels(), { ...OPTIONS, epochs: 3, ...options });
      const weights = await weightsOf(model.network);
      model.network.dispose();
      return weights;
    };
    const store = new MemoryStore();
    const stop = new AbortController();
    const onProgress: AdaptOptions['onProgress'] = ({ type }) => {
      if (type === 'epoch') stop.abort();
    };
    await expect(run({ checkpoint: { store }, signal: stop.signal, onProgress })).rejects.toThrow();
    expect(await run({ checkpoint: { store } })).toEqual(await run({}));
  });

  it('says what it came from, and keeps licence and citation of both', async () => {
    const dataset = { licence: 'CC0', name: 'barks' };
    const { model } = await adapt(base, ownLabels(), { ...OPTIONS, layers: 'head', dataset });
    expect(model.settings.training.data).toMatchObject({
      name: 'barks',
      licence: 'CC BY-NC-SA 4.0; CC0',
      citation: 'Base 2018',
      recordings: 30,
    });
    expect(model.settings.training.options).toMatchObject({
      adaptedFrom: { layers: 'head', data: { licence: 'CC BY-NC-SA 4.0', recordings: 48 } },
    });
    model.network.dispose();
  });

  it('takes partial labels: what a corpus did not ask for does not count against its clips', async () => {
    const set = synthetic({ clips: 30, seed: 7 });
    const asked = set.examples.map((clip) => (clip.label === 1 ? clip : { ...clip, asked: [0, 2] }));
    const { model } = await adapt(base, { ...set, examples: asked }, { ...OPTIONS, layers: 'head' });
    expect(model.settings.labels).toEqual(LABELS);
    expect(await uarOf(model, synthetic({ clips: 30, seed: 8 }))).toBeGreaterThan(0.6);
    model.network.dispose();
  });

  it('leaves nothing behind when it fails or is aborted', async () => {
    const stopped = AbortSignal.abort(new Error('stop'));
    await expectNoLeak(async () => {
      await expect(adapt(base, ownLabels(), { signal: stopped })).rejects.toThrow('stop');
      const diverging = { ...OPTIONS, epochs: 2, learningRate: 1e3, weightDecay: 100, clipNorm: false } as const;
      await adapt(base, ownLabels(), diverging).then(
        ({ model }) => model.network.dispose(),
        (error) => expect(String(error)).toMatch(/Cannot go on training/),
      );
      await expect(adapt(base, { ...ownLabels(), labels: ['one'] }, {})).rejects.toThrow();
    });
  });

  it('refuses other features, and networks without such a last layer', async () => {
    const other = { ...ownLabels(), features: { ...base.settings.features, trim: false } };
    await expect(adapt(base, other as unknown as ExampleSet, {})).rejects.toThrow(
      /must have the features of the model|Cannot adapt/,
    );
    const frameSum = buildCnnLstm({
      ...{ bins: BINS, classes: 3, seed: 1, pooling: 'frameSum' },
      convolution: [{ filters: 4 }],
      recurrent: { units: 4 },
    } as never);
    await expect(adapt({ ...base, network: frameSum }, ownLabels(), {})).rejects.toThrow(/softmax of weighted sums/);
    frameSum.dispose();
  });
});

describe('AdamW with a rate for each variable', () => {
  it('steps each as an optimiser of that rate alone would (oracle: two of them)', async () => {
    const values = async (rates: readonly number[], learningRates: readonly number[]) => {
      const variables = [tf.variable(tf.tensor2d([[1, 2]])), tf.variable(tf.tensor2d([[3, 4]]))];
      const layerVariables = variables.map((variable, i) => ({
        ...{ shape: [1, 2], originalName: `kernel${i}`, name: variable.name },
        read: () => variable,
        write: (value: tf.Tensor) => variable.assign(value as tf.Tensor2D),
      }));
      const groups = learningRates.length > 1 ? layerVariables.map((own) => [own]) : [layerVariables];
      const optimizers = groups.map((group) => new AdamW(group as never, { weightDecay: 0.1 }, rates));
      for (let step = 0; step < 3; step++) {
        const gradients = Object.fromEntries(variables.map(({ name }, i) => [name, tf.tensor2d([[0.5 - i, step]])]));
        for (const [i, optimizer] of optimizers.entries()) optimizer.apply(gradients, learningRates[i]!);
        tf.dispose(gradients);
      }
      const result = variables.map((variable) => Array.from(variable.dataSync()));
      for (const optimizer of optimizers) optimizer.dispose();
      tf.dispose(variables);
      return result;
    };
    expect(await values([1, 0.1], [0.01])).toEqual(await values([], [0.01, 0.001]));
  });
});
