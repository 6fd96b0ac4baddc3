import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { TrainingError } from '../../src/core/errors.ts';
import { fitTemperature } from '../../src/evaluation/calibrate.ts';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { predictExamples } from '../../src/evaluation/labelledPredictions.ts';
import { confusionMatrix, negativeLogLikelihood, unweightedAverageRecall } from '../../src/evaluation/metrics.ts';
import { restrictPredictions } from '../../src/evaluation/restrictPredictions.ts';
import type { Example, ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import type { ConstrainedWeight } from '../../src/layers/constraints.ts';
import { Dropout } from '../../src/layers/dropout.ts';
import { IndRnn } from '../../src/layers/recurrent/indRnn.ts';
import { trainingStepOf } from '../../src/layers/trainingStep.ts';
import { UncertainFrames } from '../../src/layers/uncertainFrames.ts';
import { parseModelSettings } from '../../src/model/trainedModel.ts';
import type { AugmentOptions } from '../../src/training/augmentOptions.ts';
import { train } from '../../src/training/train.ts';
import type { TrainOptions } from '../../src/training/trainOptions.ts';
import type { TrainProgress } from '../../src/training/trainReport.ts';
import { expectClose } from '../support/arrays.ts';
import { describeBackends, expectNoLeak } from '../support/backends.ts';
import { BINS, LABELS, MemoryStore, network, synthetic, weightsOf } from './synthetic.ts';

const data = synthetic();
const validation = synthetic({ clips: 12, seed: 2, prefix: 'held' });
// 3 batches an epoch; every part of the augmentation that draws is on.
const OPTIONS: TrainOptions = {
  epochs: 2,
  batchSize: 8,
  window: { frames: 12 },
  augment: { timeMasks: { maxFrames: 3 }, frequencyMasks: { maxBins: 2 }, noise: {}, mixup: {} },
};

/** Trains a fresh network and gives its final weights. */
async function trained(options: TrainOptions = {}, first = 1): Promise<number[][]> {
  const net = network(first);
  try {
    await train(net, data, { ...OPTIONS, ...options });
    return await weightsOf(net);
  } finally {
    net.dispose();
  }
}

/** Goes on from a checkpoint in a network as it was at first: the weights have to come from the checkpoint. */
const resumed = (options: TrainOptions) => trained(options);

/** The events of a run. */
async function eventsOf(options: TrainOptions): Promise<TrainProgress[]> {
  const events: TrainProgress[] = [];
  await trained({ ...options, onProgress: (event) => events.push(event) });
  return events;
}

beforeAll(() => tf.setBackend('cpu'));

/** Two corpora: one that asked for all labels, one that asked for calm and sad alone. */
function ofTwoCorpora(): ExampleSet {
  const examples = data.examples.map((clip, i): Example => {
    if (clip.label === 1 || i < 6) return { ...clip, corpus: 'full' };
    return { ...clip, corpus: 'partial', asked: [0, 2] };
  });
  return { ...data, examples };
}

describe('train', () => {
  it('has the loss of each clip among the labels that it was asked for (oracle: restrictPredictions)', async () => {
    const set = ofTwoCorpora();
    const layers = [
      tfl.layers.flatten({ inputShape: [16, BINS, 1] }),
      tfl.layers.dense({
        units: 3,
        activation: 'softmax',
        kernelInitializer: tfl.initializers.randomNormal({ stddev: 0.02, seed: 1 }),
      }),
    ];
    const net = tfl.sequential({ layers });
    const { model, history } = await train(net, set, {
      ...{
        ...OPTIONS,
        epochs: 1,
        learningRate: 0,
        labelSmoothing: 0,
        ema: false,
        augment: false,
        window: { frames: 16 },
      },
    });
    const open = await predictExamples(model, set);
    const restricted = open.flatMap((clip, i) =>
      restrictPredictions(
        LABELS,
        [clip],
        (set.examples[i]!.asked ?? [0, 1, 2]).map((k) => LABELS[k]!),
      ),
    );
    expect(history[0]!.loss).toBeCloseTo(negativeLogLikelihood(restricted), 5);
    expect(history[0]!.loss).toBeLessThan(negativeLogLikelihood(open) - 0.01);
    net.dispose();
  });

  it('samples corpora evenly, resumes, and records how', async () => {
    const run = async (options: TrainOptions) => {
      const net = network();
      try {
        const sampling = { shares: { partial: 0.5 } };
        const { model } = await train(net, ofTwoCorpora(), { ...OPTIONS, sampling, ...options });
        return { weights: await weightsOf(net), options: model.settings.training?.options };
      } finally {
        net.dispose();
      }
    };
    const whole = await run({});
    expect(whole.options).toMatchObject({ sampling: { corpora: 'even', labels: 'even', shares: { partial: 0.5 } } });
    const store = new MemoryStore();
    const stop = new AbortController();
    const checkpoint = { store, everyBatches: 1 };
    const halfway = ({ type }: TrainProgress) => {
      if (type === 'epoch') stop.abort();
    };
    await expect(run({ checkpoint, signal: stop.signal, onProgress: halfway })).rejects.toThrow();
    expect((await run({ checkpoint: { store: new MemoryStore(store.versions.at(-1)!) } })).weights).toEqual(
      whole.weights,
    );
  });

  it('validates each clip among the labels that it was asked for', async () => {
    const asked = validation.examples.map((clip) => (clip.label === 1 ? clip : { ...clip, asked: [0, 2] }));
    const events: TrainProgress[] = [];
    const net = network();
    const onProgress = (event: TrainProgress) => void events.push(event);
    await train(net, data, { ...OPTIONS, validation: { ...validation, examples: asked }, onProgress });
    net.dispose();
    const epochs = events.filter((event) => event.type === 'epoch');
    expect(epochs).toHaveLength(2);
    for (const { predictions = [], record } of epochs) {
      expect(predictions.filter(({ label }) => label !== 1).map(({ probabilities }) => probabilities[1])).toEqual(
        asked.filter(({ label }) => label !== 1).map(() => 0),
      );
      for (const { probabilities } of predictions) {
        expect(Array.from(probabilities).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      }
      expect(record.validation!.uar).toBe(unweightedAverageRecall(confusionMatrix(predictions, LABELS.length)));
    }
  });

  it('names the clip whose features are not finite', async () => {
    const [first, second, ...others] = data.examples;
    const values = second!.variants[0]!.values.with(7, Number.NaN);
    const broken = { ...second!, variants: [{ ...second!.variants[0]!, values }, second!.variants[1]!] };
    const run = train(network(), { ...data, examples: [first!, broken, ...others] });
    await expect(run).rejects.toThrow(`the features of '${second!.name}' must be finite`);
  });

  it('ends in the same weights bit for bit with the same seed, in others with another', async () => {
    await expectNoLeak(async () => {
      const wanted = await trained();
      expect(await trained()).toEqual(wanted);
      expect(await trained({ seed: 2 })).not.toEqual(wanted);
      expect(await trained({}, 2)).not.toEqual(wanted);
    });
  });

  it('learns what can be learned: the loss falls below a third of chance', async () => {
    const events = await eventsOf({ epochs: 20, learningRate: 0.02, augment: false, labelSmoothing: 0 });
    const epochs = events.filter((event) => event.type === 'epoch');
    expect(epochs.some((event) => 'predictions' in event)).toBe(false); // there is no validation set
    const losses = epochs.map(({ record }) => record.loss);
    expect(losses[0]).toBeGreaterThan(0.7);
    expect(losses.at(-1)).toBeLessThan(Math.log(3) / 3);
  });

  it('takes −log p(e|X) of a network that ends in uncertain frame labels (closed form: every frame says 1/4 of each and of none)', async () => {
    await expectNoLeak(async () => {
      const zeros = { kernelInitializer: 'zeros' as const };
      const net = tfl.sequential({
        layers: [
          tfl.layers.reshape({ targetShape: [12, BINS], inputShape: [12, BINS, 1] }),
          tfl.layers.dense({ units: 5, ...zeros }),
          tfl.layers.dense({ units: LABELS.length + 1, ...zeros }),
          new UncertainFrames({ reading: 'any' }),
        ],
      });
      const whole = {
        ...OPTIONS,
        epochs: 1,
        batchSize: data.examples.length,
        augment: false,
        labelSmoothing: 0,
      } as const;
      const lossOf = async (options: TrainOptions) => {
        const losses: number[] = [];
        const onProgress = (event: TrainProgress) => void (event.type === 'batch' && losses.push(event.loss));
        await train(net, data, { ...whole, learningRate: 1e-9, ...options, onProgress });
        return losses[0];
      };
      const expected = -Math.log(0.5 ** 12 - 0.25 ** 12);
      expect(await lossOf({})).toBeCloseTo(expected, 4);
      expect(await lossOf({ auxiliary: { parity: 0.5 } })).toBeCloseTo(expected + 0.5 * Math.log(2), 4);
      net.dispose();
    });
  });

  it('holds weights with bounds within them, at whatever learning rate', async () => {
    await expectNoLeak(async () => {
      const recurrent = new IndRnn({ units: 6, recurrentLimit: 0.0625, seed: 1 });
      const net = tfl.sequential({
        layers: [
          tfl.layers.reshape({ targetShape: [12, BINS], inputShape: [12, BINS, 1] }),
          recurrent,
          tfl.layers.globalAveragePooling1d({}),
          tfl.layers.dense({ units: LABELS.length, activation: 'softmax' }),
        ],
      });
      await train(net, data, { ...OPTIONS, learningRate: 0.3, ema: false });
      const [{ weight, limit }] = recurrent.constrained as [ConstrainedWeight];
      const reached = Math.max(...Array.from((await weight.read().data()) as Float32Array, Math.abs));
      expect([limit, reached]).toEqual([0.0625, 0.0625]);
      net.dispose();
    });
  });

  it('gives a valid model with its provenance, and the history', async () => {
    await expectNoLeak(async () => {
      const net = network();
      const { model, history, bestEpoch, stoppedEarly } = await train(net, data, {
        ...OPTIONS,
        dataset: { name: 'made up' },
      });
      expect(model.network).toBe(net);
      expect(parseModelSettings(JSON.parse(JSON.stringify(model.settings)))).toEqual(model.settings);
      expect(model.settings).toMatchObject({
        labels: LABELS,
        window: { frames: 12, hopFrames: 6 },
        calibration: { temperature: 1 },
        training: {
          data: { name: 'made up', recordings: 24, speakers: 4 },
          options: { epochs: 2, batchSize: 8, seed: 1, schedule: { type: 'oneCycle' }, speeds: [1, 1.1] },
        },
      });
      expect(history).toEqual([
        { epoch: 1, loss: expect.any(Number) },
        { epoch: 2, loss: expect.any(Number) },
      ]);
      expect([bestEpoch, stoppedEarly]).toEqual([2, false]);
      net.dispose();
    });
  });

  it('reports each batch and epoch: the epoch’s loss is the mean over its clips, the rate the schedule’s', async () => {
    const events = await eventsOf({ batchSize: 10, schedule: 'constant', learningRate: 0.01 });
    expect(events.map((event) => event.type).join(' ')).toBe('batch batch batch epoch batch batch batch epoch');
    const batches = events.filter((event) => event.type === 'batch');
    expect(batches.map(({ epoch, batch, batches }) => [epoch, batch, batches])).toEqual([
      [1, 1, 3],
      [1, 2, 3],
      [1, 3, 3],
      [2, 1, 3],
      [2, 2, 3],
      [2, 3, 3],
    ]);
    expect(new Set(batches.map(({ learningRate }) => learningRate))).toEqual(new Set([0.01]));
    for (const { gradientNorm } of batches) expect(gradientNorm).toBeGreaterThan(0);
    const epoch = events.find((event) => event.type === 'epoch');
    expect(epoch?.record.loss).toBeCloseTo((batches[0]!.loss + batches[1]!.loss + batches[2]!.loss) / 3, 6); // 8 clips each
  });

  it('heeds every option: each changes the weights', async () => {
    const base: TrainOptions = { epochs: 1, clipNorm: false };
    const wanted = JSON.stringify(await trained(base));
    const probabilities = new Map(data.examples.map(({ name }) => [name, [0.6, 0.3, 0.1]]));
    const changes: TrainOptions[] = [
      { epochs: 2 },
      { batchSize: 12 },
      { learningRate: 0.01 },
      { schedule: 'constant' },
      { weightDecay: 0.5 },
      { clipNorm: 0.1 },
      { labelSmoothing: 0.3 },
      { classWeights: [1, 2, 3] },
      { ema: false },
      { augment: false },
      { augment: { ...(OPTIONS.augment as AugmentOptions), maskFill: 'silence' } },
      { window: { frames: 12, hopFrames: 12 } },
      { teacher: { probabilities } },
    ];
    for (const change of changes) {
      const same = JSON.stringify(await trained({ ...base, ...change })) === wanted;
      expect([change, same]).toEqual([change, 'window' in change]); // the hop is for prediction
    }
  });

  it('balances classes of unequal size as their weights do when listed', async () => {
    await expectNoLeak(async () => {
      const unequal = { ...data, examples: data.examples.filter(({ label }, i) => label !== 1 || i % 2 === 0) }; // 8, 4, 8
      const weights: number[][][] = [];
      for (const classWeights of ['balanced', [20 / 24, 20 / 12, 20 / 24], 'none'] as const) {
        const net = network();
        await train(net, unequal, { ...OPTIONS, classWeights });
        weights.push(await weightsOf(net));
        net.dispose();
      }
      expect(weights[0]).toEqual(weights[1]);
      expect(weights[0]).not.toEqual(weights[2]);
    });
  });

  it('sets the step that the library’s own dropout draws its masks for', async () => {
    await expectNoLeak(async () => {
      const dropout = new Dropout({ rate: 0.5, seed: 1 });
      const net = tfl.sequential({
        layers: [
          tfl.layers.flatten({ inputShape: [12, 8, 1] }),
          dropout,
          tfl.layers.dense({ units: 3, activation: 'softmax' }),
        ],
      });
      const steps: number[] = [];
      await train(net, data, {
        ...OPTIONS,
        onProgress: ({ type }) => type === 'batch' && steps.push(trainingStepOf(dropout)),
      });
      expect(steps).toEqual([0, 1, 2, 3, 4, 5]);
      net.dispose();
    });
  });

  it('trains a network without the last axis of its input', async () => {
    await expectNoLeak(async () => {
      const net = tfl.sequential({
        layers: [
          tfl.layers.globalAveragePooling1d({ inputShape: [12, 8] }),
          tfl.layers.dense({ units: 3, activation: 'softmax' }),
        ],
      });
      const { model } = await train(net, data, OPTIONS);
      expect((await evaluate(model, validation)).clips).toHaveLength(12);
      net.dispose();
    });
  });

  it('yields to the host at each step: a timer keeps ticking', async () => {
    const ticks: number[] = [];
    let steps = 0;
    const timer = setInterval(() => ticks.push(steps), 0);
    await trained({ epochs: 12, onProgress: () => steps++ });
    clearInterval(timer);
    expect(new Set(ticks).size).toBeGreaterThan(10);
  });
});

describe('validation', () => {
  it('keeps the best epoch’s weights, averaged ones where they are, and calibrates them (oracle: the run that ends there)', async () => {
    await expectNoLeak(async () => {
      // At a rate this high the result goes up and down.
      const options: TrainOptions = { ...OPTIONS, schedule: 'constant', learningRate: 0.3, epochs: 6 };
      for (const chooseBy of ['uar', 'loss'] as const) {
        const net = network();
        const told: unknown[] = [];
        const { model, history, bestEpoch, stoppedEarly } = await train(net, data, {
          ...options,
          validation,
          chooseBy,
          onProgress: (event) => event.type === 'epoch' && told.push(event.predictions),
        });
        const records = history.map((record) => record.validation!);
        const order = records.toSorted((a, b) => (chooseBy === 'uar' && b.uar - a.uar) || a.loss - b.loss);
        expect(records[bestEpoch - 1]).toEqual(order[0]);
        expect(bestEpoch).toBeLessThan(6);
        expect(stoppedEarly).toBe(false);
        expect(await weightsOf(net)).toEqual(await trained({ ...options, epochs: bestEpoch }));
        const uncalibrated = { ...model, settings: { ...model.settings, calibration: { temperature: 1 } } };
        const predictions = await predictExamples(uncalibrated, validation);
        expect(unweightedAverageRecall(confusionMatrix(predictions, 3))).toBe(order[0]!.uar);
        expect(negativeLogLikelihood(predictions)).toBe(order[0]!.loss);
        expect(told[bestEpoch - 1]).toEqual(predictions);
        expect(model.settings.calibration.temperature).toBe(fitTemperature(predictions));
        net.dispose();
      }
    });
  });

  it('changes nothing about the training itself', async () => {
    const losses = async (options: TrainOptions) =>
      (await eventsOf(options)).flatMap((event) => (event.type === 'batch' ? [event.loss] : []));
    expect(await losses({ validation })).toEqual(await losses({}));
  });

  it('stops early after `patience` epochs without a better one', async () => {
    const options: TrainOptions = { ...OPTIONS, schedule: 'constant', learningRate: 0.3, epochs: 30, validation };
    const net = network();
    const { history, bestEpoch, stoppedEarly } = await train(net, data, { ...options, patience: 2, chooseBy: 'loss' });
    expect(stoppedEarly).toBe(true);
    expect(history).toHaveLength(bestEpoch + 2);
    net.dispose();
  });
});

describe('checkpoints', () => {
  it('a run killed at any batch resumes to the same weights, bit for bit (oracle: the uninterrupted run)', async () => {
    await expectNoLeak(async () => {
      const options: TrainOptions = { validation, patience: 5 };
      const wanted = await trained(options);
      const store = new MemoryStore();
      await trained({ ...options, checkpoint: { store, everyBatches: 1 } });
      expect(store.versions).toHaveLength(2 * (3 + 1)); // after each batch and each epoch
      for (const version of store.versions) {
        expect(await resumed({ ...options, checkpoint: { store: new MemoryStore(version) } })).toEqual(wanted);
      }
    });
  });

  it('after its best epoch, a run still ends in that one’s weights', async () => {
    const options: TrainOptions = { validation, chooseBy: 'loss', schedule: 'constant', learningRate: 0.3, epochs: 6 };
    const net = network();
    const { bestEpoch } = await train(net, data, { ...OPTIONS, ...options });
    expect(bestEpoch).toBeLessThan(5);
    const store = new MemoryStore();
    await trained({ ...options, checkpoint: { store } });
    const late = new MemoryStore(store.versions[4]!); // the fifth epoch's
    expect(await resumed({ ...options, checkpoint: { store: late } })).toEqual(await weightsOf(net));
    net.dispose();
  });

  it('without validation and averaging too; a finished run is not run again', async () => {
    const options: TrainOptions = { ema: false };
    const wanted = await trained(options);
    const store = new MemoryStore();
    await trained({ ...options, checkpoint: { store } });
    expect(store.versions).toHaveLength(2);
    expect(await resumed({ ...options, checkpoint: { store: new MemoryStore(store.versions[0]!) } })).toEqual(wanted);
    const events: TrainProgress[] = [];
    expect(await resumed({ ...options, checkpoint: { store }, onProgress: (event) => events.push(event) })).toEqual(
      wanted,
    );
    const history = [1, 2].map((epoch) => ({ epoch, loss: expect.any(Number) }));
    expect(events).toEqual([{ type: 'resume', epochs: 2, batches: 0, history }]);
  });

  it('saves as often as the options say, and always at the end', async () => {
    const saved = async (checkpoint: object) =>
      (await eventsOf({ epochs: 5, checkpoint: { store: new MemoryStore(), ...checkpoint } })).flatMap((event) =>
        event.type === 'checkpoint' ? [[event.epochs, event.batches]] : [],
      );
    expect(await saved({ everyEpochs: 2 })).toEqual([
      [2, 0],
      [4, 0],
      [5, 0],
    ]);
    expect(await saved({ everyEpochs: 5, everyBatches: 2 })).toEqual([
      [0, 2],
      [1, 2],
      [2, 2],
      [3, 2],
      [4, 2],
      [5, 0],
    ]);
  });

  it('of another run, or damaged, are refused', async () => {
    await expectNoLeak(async () => {
      const store = new MemoryStore();
      await trained({ checkpoint: { store } });
      const wrong: TrainOptions[] = [{ seed: 2 }, { epochs: 3 }, { learningRate: 0.1 }, { validation }];
      for (const change of wrong) {
        await expect(trained({ ...change, checkpoint: { store } })).rejects.toThrow(TrainingError);
      }
      const others = synthetic({ seed: 9 });
      const net = network();
      await expect(train(net, others, { ...OPTIONS, checkpoint: { store } })).rejects.toThrow('other data');
      const damaged = new MemoryStore(store.versions[0]!.slice(0, -5));
      await expect(train(net, data, { ...OPTIONS, checkpoint: { store: damaged } })).rejects.toThrow('is damaged');
      net.dispose();
    });
  });
});

describe('train stops', () => {
  it('when its signal aborts, at the next step, with the reason, and saves where it is', async () => {
    await expectNoLeak(async () => {
      const wanted = await trained({ validation });
      for (const when of [1, 3, 4]) {
        const store = new MemoryStore();
        const controller = new AbortController();
        let steps = 0;
        const onProgress = ({ type }: TrainProgress) => {
          if (type === 'batch' && ++steps === when) controller.abort(new Error('enough'));
        };
        const checkpoint = { store, everyEpochs: 100 };
        await expect(trained({ validation, signal: controller.signal, onProgress, checkpoint })).rejects.toThrow(
          'enough',
        );
        expect(steps).toBe(when);
        expect(store.versions).toHaveLength(1);
        expect(await resumed({ validation, checkpoint })).toEqual(wanted);
      }
    });
  });

  it('when its signal aborts while validating, its averages taken back', async () => {
    await expectNoLeak(async () => {
      const store = new MemoryStore();
      const controller = new AbortController();
      // 20 clips are two batches of prediction: the first of them, in the second epoch, aborts.
      const more = synthetic({ clips: 20, seed: 2, prefix: 'held' });
      const net = network();
      const predict = net.predict.bind(net);
      let calls = 0;
      net.predict = (...args) => {
        if (++calls === 3) controller.abort(new Error('enough'));
        return predict(...args);
      };
      const checkpoint = { store, everyEpochs: 9 };
      const run = train(net, data, { ...OPTIONS, validation: more, signal: controller.signal, checkpoint });
      await expect(run).rejects.toThrow('enough');
      expect([calls, store.versions.length]).toEqual([3, 1]);
      expect(await resumed({ validation: more, checkpoint })).toEqual(await trained({ validation: more }));
      net.dispose();
    });
  });

  it('without saving when `onAbort` is false, and before it begins', async () => {
    await expectNoLeak(async () => {
      const store = new MemoryStore();
      const controller = new AbortController();
      const onProgress = () => controller.abort(new Error('enough'));
      const checkpoint = { store, onAbort: false };
      await expect(trained({ signal: controller.signal, onProgress, checkpoint })).rejects.toThrow('enough');
      await expect(trained({ signal: AbortSignal.abort(new Error('early')), checkpoint })).rejects.toThrow('early');
      expect(store.versions).toHaveLength(0);
    });
  });

  it('at a loss that is not finite, naming epoch, batch and rate, and saves nothing of it', async () => {
    await expectNoLeak(async () => {
      const store = new MemoryStore();
      const net = network();
      const onProgress = (event: TrainProgress) => {
        if (event.type !== 'batch' || event.epoch !== 1 || event.batch !== 3) return;
        const bias = net.trainableWeights.at(-1)!;
        tf.tidy(() => void bias.write(tf.fill(bias.shape as number[], Number.NaN)));
      };
      const options = {
        ...OPTIONS,
        schedule: 'constant',
        learningRate: 0.5,
        onProgress,
        checkpoint: { store, everyEpochs: 9 },
      } as const;
      const run = train(net, data, options);
      await expect(run).rejects.toThrow(TrainingError);
      await expect(run).rejects.toThrow(/the loss is NaN .* at epoch 2, batch 1, learning rate 0.5/);
      expect(store.versions).toHaveLength(0);
      net.dispose();
    });
  });

  it('when a callback or a store throws, leaving nothing behind', async () => {
    await expectNoLeak(async () => {
      const boom = () => {
        throw new Error('boom');
      };
      await expect(trained({ onProgress: boom })).rejects.toThrow('boom');
      const store = { load: async () => undefined, save: async () => boom() };
      await expect(trained({ checkpoint: { store } })).rejects.toThrow('boom');
    });
  });

  it('before it begins, where options, network and data do not fit', async () => {
    await expectNoLeak(async () => {
      const wrong: [TrainOptions, string | RegExp][] = [
        [{ epochs: 0 }, 'Cannot train: epochs must be a whole number from 1'],
        [{ batchSize: 1.5 }, 'batchSize'],
        [{ learningRate: Number.NaN }, 'learningRate'],
        [{ labelSmoothing: 1 }, 'labelSmoothing'],
        [{ classWeights: [1, 2] }, "classWeights must be 'none', 'balanced' or 3 numbers, got [1,2]"],
        [{ ema: 1 }, 'ema'],
        [{ window: { frames: 12, hopFrames: 13 } }, 'window.hopFrames'],
        [{ window: { frames: 13 } }, "the network's input must be [batch, 13 or any, 8, 1]"],
        [{ patience: 3 }, 'patience needs a validation set'],
        [{ validation: data }, "validation must share no clip with the training data, got 'clip0'"],
        [{ validation: { ...validation, labels: ['a', 'b', 'c'] } }, 'validation must have the labels'],
        [{ validation: { ...validation, examples: [] } }, 'validation must hold examples'],
        [{ validation, chooseBy: 'war' as never }, 'chooseBy'],
        [{ checkpoint: { store: new MemoryStore(), everyEpochs: 0 } }, 'checkpoint.everyEpochs'],
        [{ teacher: { probabilities: new Map() } }, "teacher must have 3 probabilities for each clip, not so 'clip0'"],
        [{ epoch: 3 } as never, "there is no option named 'epoch'"],
      ];
      for (const [options, message] of wrong) await expect(trained(options)).rejects.toThrow(message);
      const net = network();
      await expect(train(net, { ...data, examples: [] }, OPTIONS)).rejects.toThrow('there must be examples, got none');
      await expect(train(net, { ...data, labels: ['a', 'b', 'c', 'd'] }, OPTIONS)).rejects.toThrow(
        "the network's output must be",
      );
      net.dispose();
    });
  });
});

await describeBackends(['wasm', 'webgpu'], 'train', (backend) => {
  it('a killed run resumes to the same weights, within 1e-5 (oracle: the uninterrupted run)', async () => {
    await expectNoLeak(async () => {
      const store = new MemoryStore();
      const wanted = await trained({ checkpoint: { store, everyBatches: 1 } });
      const found = await resumed({ checkpoint: { store: new MemoryStore(store.versions[1]!) } });
      expectClose(found.flat(), wanted.flat(), 1e-5);
    });
  });

  it('takes the steps that the cpu backend takes, within 1e-3 after 6 of them (oracle: that backend)', async () => {
    const options: TrainOptions = { learningRate: 1e-3, ema: false };
    const here = await trained(options);
    await tf.setBackend('cpu');
    const onCpu = await trained(options);
    await tf.setBackend(backend);
    expectClose(here.flat(), onCpu.flat(), 1e-3);
  });
});
