import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { TrainingError } from '../../src/core/errors.ts';
import { trainEnsemble } from '../../src/crossValidation/ensemble.ts';
import type { EnsembleProgress } from '../../src/crossValidation/ensembleOptions.ts';
import { averagePredictions, predictExamples } from '../../src/evaluation/labelledPredictions.ts';
import { train } from '../../src/training/train.ts';
import type { TrainReport } from '../../src/training/trainReport.ts';
import { expectNoLeak } from '../support/backends.ts';
import { MemoryStore, network, synthetic, weightsOf } from '../training/synthetic.ts';

beforeAll(() => tf.setBackend('cpu'));

const data = synthetic({ clips: 24 });
const validation = synthetic({ clips: 9, prefix: 'held' });
const config = { epochs: 3, batchSize: 8, learningRate: 0.02, window: { frames: 12 }, validation };
const options = { build: (seed: number) => network(seed), seeds: [1, 2], train: config };

const dispose = (reports: readonly TrainReport[]) => {
  for (const { model } of reports) model.network.dispose();
};

describe('trainEnsemble', () => {
  it('trains a member for each seed (oracle: train, by hand)', async () => {
    await expectNoLeak(async () => {
      const events: EnsembleProgress[] = [];
      const reports = await trainEnsemble(data, { ...options, onProgress: (event) => events.push(event) });
      for (const [i, { model, ...report }] of reports.entries()) {
        const own = network(options.seeds[i]);
        const { model: wanted, ...rest } = await train(own, data, { ...config, seed: options.seeds[i]! });
        expect(report).toEqual(rest);
        expect(await weightsOf(model.network)).toEqual(await weightsOf(own));
        expect(model.settings.calibration).toEqual(wanted.settings.calibration);
        expect(model.settings.training.options.seed).toBe(options.seeds[i]);
        own.dispose();
      }
      expect(events.filter(({ type }) => type === 'member')).toEqual([
        { type: 'member', seed: 1, done: 1, total: 2, stored: false },
        { type: 'member', seed: 2, done: 2, total: 2, stored: false },
      ]);
      dispose(reports);
    });
  });

  it('resumes after the members in its store, also with more seeds; refuses the store of another', async () => {
    await expectNoLeak(async () => {
      const store = new MemoryStore();
      const controller = new AbortController();
      const killed = trainEnsemble(data, {
        ...options,
        store,
        signal: controller.signal,
        onProgress: ({ type }) => type === 'member' && controller.abort(new Error('killed')),
      });
      await expect(killed).rejects.toThrow('killed');
      const stored: boolean[] = [];
      const onProgress = (event: EnsembleProgress) => event.type === 'member' && stored.push(event.stored);
      const resumed = await trainEnsemble(data, { ...options, seeds: [1, 2, 3], store, onProgress });
      expect(stored).toEqual([true, false, false]);
      const wanted = await trainEnsemble(data, { ...options, seeds: [1, 2, 3] });
      for (const [i, { model, ...report }] of resumed.entries()) {
        expect(report).toEqual((({ model: _, ...rest }) => rest)(wanted[i]!));
        expect(await weightsOf(model.network)).toEqual(await weightsOf(wanted[i]!.model.network));
      }
      dispose([...resumed, ...wanted]);
      const other = trainEnsemble(data, { ...options, train: { ...config, epochs: 4 }, store });
      await expect(other).rejects.toThrow(TrainingError);
      const fewer = synthetic({ clips: 12 });
      await expect(trainEnsemble(fewer, { ...options, store })).rejects.toThrow('holds something else than members');
      const foreign = trainEnsemble(data, { ...options, store: new MemoryStore(new Uint8Array(40)) });
      await expect(foreign).rejects.toThrow(TrainingError);
    });
  });

  it('gives a teacher: the mean of what its members say (closed form)', async () => {
    await expectNoLeak(async () => {
      const reports = await trainEnsemble(data, options);
      const said = await Promise.all(reports.map(({ model }) => predictExamples(model, data)));
      const together = averagePredictions(said);
      for (const [i, { name, label, probabilities }] of together.entries()) {
        expect([name, label]).toEqual([said[0]![i]!.name, said[0]![i]!.label]);
        for (const [k, probability] of Array.from(probabilities).entries()) {
          expect(probability).toBeCloseTo((said[0]![i]!.probabilities[k]! + said[1]![i]!.probabilities[k]!) / 2, 12);
        }
      }
      const probabilities = new Map(together.map((clip) => [clip.name, clip.probabilities]));
      const student = network(3);
      const { history } = await train(student, data, { ...config, teacher: { probabilities } });
      expect(history).toHaveLength(3);
      student.dispose();
      dispose(reports);
    });
  });

  it('refuses no seeds, one seed twice, what is a single run’s, and leaves nothing when a training fails', async () => {
    await expectNoLeak(async () => {
      await expect(trainEnsemble(data, { ...options, seeds: [] })).rejects.toThrow('there must be seeds');
      await expect(trainEnsemble(data, { ...options, seeds: [4, 4] })).rejects.toThrow(
        'must be different, got 4 twice',
      );
      await expect(trainEnsemble(data, { ...options, seed: 1 } as never)).rejects.toThrow(TypeError);
      const wrong = trainEnsemble(data, { ...options, train: { ...config, window: { frames: 13 } } });
      await expect(wrong).rejects.toThrow("the network's input must be");
    });
  });
});

describe('averagePredictions', () => {
  it('refuses none, and those of other clips', async () => {
    const clip = { name: 'a', label: 0, speaker: '', groups: {}, probabilities: [0.5, 0.5] };
    expect(() => averagePredictions([])).toThrow('there must be predictions, got none');
    expect(() => averagePredictions([[clip], [{ ...clip, name: 'b' }]])).toThrow('of the same clips');
    expect(() => averagePredictions([[clip], []])).toThrow('of the same clips');
  });

  it('refuses what are no probabilities of the same labels, whose mean would be NaN', () => {
    const clip = { name: 'a', label: 0, speaker: '', groups: {}, probabilities: [0.5, 0.5] };
    const wrong: [number[], RegExp][] = [
      [[1], /^Cannot average predictions: probabilities of 'a' must be 2, one a label, got 1$/],
      [[0.2, 0.3, 0.5], /must be 2, one a label, got 3$/],
      [[Number.NaN, 1], /must be numbers from 0 to 1, got NaN$/],
    ];
    for (const [probabilities, message] of wrong) {
      expect(() => averagePredictions([[clip], [{ ...clip, probabilities }]])).toThrow(message);
    }
    expect(() => averagePredictions([[], []])).toThrow('there must be predictions, got none');
  });
});
