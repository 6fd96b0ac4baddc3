import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { TrainingError } from '../../src/core/errors.ts';
import { crossValidate } from '../../src/crossValidation/crossValidate.ts';
import type { CrossValidateProgress } from '../../src/crossValidation/crossValidateOptions.ts';
import { resolveFolds } from '../../src/crossValidation/resolveFolds.ts';
import { type TrainingExecutor, trainHere } from '../../src/crossValidation/trainingJob.ts';
import { fitTemperature } from '../../src/evaluation/calibrate.ts';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { predictExamples } from '../../src/evaluation/labelledPredictions.ts';
import { sumConfusions } from '../../src/evaluation/metrics.ts';
import type { Example, ExampleSet } from '../../src/exampleSet/exampleSet.ts';
import { examplesOf, selectExamples } from '../../src/exampleSet/examples.ts';
import type { NamedFold } from '../../src/exampleSet/namedFold.ts';
import { permuteLabels } from '../../src/exampleSet/permuteLabels.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { train } from '../../src/training/train.ts';
import type { TeacherOptions } from '../../src/training/trainOptions.ts';
import { expectNoLeak } from '../support/backends.ts';
import { MemoryStore, network, parityFolds, synthetic } from '../training/synthetic.ts';

beforeAll(() => tf.setBackend('cpu'));

const data = synthetic({ clips: 36 });
const config = { epochs: 4, batchSize: 8, learningRate: 0.02, window: { frames: 12 } };

const folds = parityFolds(data);

/** Another network than `network` is. */
const SMALL = { bins: 6, classes: 3, convolution: [], recurrent: { units: 2 } };

describe('crossValidate', () => {
  it('trains each fold on its training clips alone and pools the results (oracle: train and evaluate by hand)', async () => {
    await expectNoLeak(async () => {
      const result = await crossValidate(data, folds, { build: network, train: config, seeds: [1, 2] });
      for (const { seed, folds: results, pooled, temperature } of result.runs) {
        const raw = [];
        for (const [i, fold] of folds.entries()) {
          const net = network(seed);
          const { model } = await train(net, examplesOf(data, fold.train), { ...config, seed });
          const wanted = await evaluate(model, examplesOf(data, fold.test));
          expect(results[i]!.name).toBe(fold.name);
          expect(results[i]!.evaluation.confusion).toEqual(wanted.confusion);
          expect(results[i]!.evaluation.uncalibrated).toEqual(wanted.uncalibrated);
          raw.push(wanted.clips);
          net.dispose();
        }
        expect(pooled.confusion).toEqual(sumConfusions(results.map(({ evaluation }) => evaluation.confusion)));
        expect(pooled.clips.map(({ name }) => name).sort()).toEqual(data.examples.map(({ name }) => name).sort());
        // Each fold is calibrated by the other: a temperature of 1 / ln-ratio is read off one clip.
        const [first, second] = results.map(({ evaluation }) => evaluation.clips[0]!.probabilities);
        const read = (calibrated: readonly number[], before: readonly number[]) =>
          Math.log(before[0]! / before[1]!) / Math.log(calibrated[0]! / calibrated[1]!);
        expect(read(first!, raw[0]![0]!.probabilities)).toBeCloseTo(fitTemperature(raw[1]!), 3);
        expect(read(second!, raw[1]![0]!.probabilities)).toBeCloseTo(fitTemperature(raw[0]!), 3);
        expect(temperature).toBe(fitTemperature(raw.flat()));
      }
      const uars = result.runs.map(({ pooled }) => pooled.uar);
      expect(result.uar.mean).toBeCloseTo((uars[0]! + uars[1]!) / 2, 12);
      expect(result.uar.std).toBeCloseTo(Math.abs(uars[0]! - uars[1]!) / Math.SQRT2, 12);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    });
  });

  it('distils an ensemble in each fold (oracle: teachers and pupil trained by hand)', async () => {
    await expectNoLeak(async () => {
      const share = 0.7;
      const options = { build: network, train: config, teachers: { seeds: [5, 6], share } };
      const [fold] = folds as [NamedFold];
      const { runs } = await crossValidate(data, [fold], options);
      const own = examplesOf(data, fold.train);
      const trained = async (seed: number, teacher?: TeacherOptions) => {
        const net = network(seed);
        const { model } = await train(net, own, { ...config, seed, ...(teacher && { teacher }) });
        return model;
      };
      const teachers = [await trained(5), await trained(6)];
      const said = [await predictExamples(teachers[0]!, own), await predictExamples(teachers[1]!, own)];
      const mean = own.examples.map(({ name }, i): [string, number[]] => [
        name,
        [0, 1, 2].map((k) => (said[0]![i]!.probabilities[k]! + said[1]![i]!.probabilities[k]!) / 2),
      ]);
      const pupil = await trained(1, { probabilities: new Map(mean), weight: share });
      const wanted = await evaluate(pupil, examplesOf(data, fold.test));
      expect(runs[0]!.folds[0]!.evaluation.uncalibrated).toEqual(wanted.uncalibrated);
      const alone = await crossValidate(data, [fold], { build: network, train: config });
      expect(alone.runs[0]!.folds[0]!.evaluation.uncalibrated).not.toEqual(wanted.uncalibrated);
      for (const { network } of [...teachers, pupil]) network.dispose();
    });
  });

  it('recognises what can be, and falls to chance under permuted labels (control)', async () => {
    const many = synthetic({ clips: 72 });
    const options = { build: network, train: { ...config, epochs: 10, augment: false as const } };
    const real = await crossValidate(many, parityFolds(many), options);
    expect(real.uar.mean).toBeGreaterThan(0.85);
    expect(real.uar.std).toBeNull();
    const permuted = await crossValidate(permuteLabels(many), parityFolds(many), options);
    expect(Math.abs(permuted.uar.mean - 1 / 3)).toBeLessThan(0.17); // 3 standard deviations of 72 draws
  });

  it('resumes after the folds in its store, to the same result; refuses the store of another run', async () => {
    await expectNoLeak(async () => {
      const options = { build: network, train: config };
      const wanted = await crossValidate(data, folds, options);
      const store = new MemoryStore();
      const controller = new AbortController();
      const onProgress = ({ type }: CrossValidateProgress) => type === 'fold' && controller.abort(new Error('killed'));
      const killed = crossValidate(data, folds, { ...options, store, signal: controller.signal, onProgress });
      await expect(killed).rejects.toThrow('killed');
      expect(store.versions).toHaveLength(1);
      const stored: boolean[] = [];
      const resumed = await crossValidate(data, folds, {
        ...options,
        store,
        onProgress: (event) => event.type === 'fold' && stored.push(event.stored),
      });
      expect(stored).toEqual([true, false]);
      expect(resumed).toEqual(wanted);
      const other = crossValidate(data, folds, { build: network, train: { ...config, epochs: 5 }, store });
      await expect(other).rejects.toThrow(TrainingError);
      const larger = (seed: number) => buildCnnLstm({ ...SMALL, seed });
      await expect(crossValidate(data, folds, { build: larger, train: config, store })).rejects.toThrow(TrainingError);
      const foreign = crossValidate(data, folds, { ...options, store: new MemoryStore(new Uint8Array(8)) });
      await expect(foreign).rejects.toThrow(TrainingError);
    });
  });

  it('keeps seeds that are run one after another in one store (oracle: both at once)', async () => {
    await expectNoLeak(async () => {
      const store = new MemoryStore();
      const options = { build: network, train: config, store };
      await crossValidate(data, folds, { ...options, seeds: [1] });
      await crossValidate(data, folds, { ...options, seeds: [2] });
      const stored: boolean[] = [];
      const onProgress = (event: CrossValidateProgress) => event.type === 'fold' && stored.push(event.stored);
      const both = await crossValidate(data, folds, { ...options, seeds: [1, 2], onProgress });
      expect(stored).toEqual([true, true, true, true]);
      expect(both).toEqual(await crossValidate(data, folds, { build: network, train: config, seeds: [1, 2] }));
    });
  });

  it('frees the network when a training fails', async () => {
    await expectNoLeak(async () => {
      const run = crossValidate(data, folds, { build: network, train: { ...config, window: { frames: 13 } } });
      await expect(run).rejects.toThrow("the network's input must be");
    });
  });

  it('refuses no folds, no seeds and what chooses by results', async () => {
    await expect(crossValidate(data, [], { build: network })).rejects.toThrow('there must be folds');
    await expect(crossValidate(data, folds, { build: network, seeds: [] })).rejects.toThrow('there must be seeds');
    await expect(crossValidate(data, folds, { build: network, patience: 3 } as never)).rejects.toThrow(TypeError);
  });
});

describe('leaks are refused or left out', () => {
  const [even, odd] = folds as [NamedFold, NamedFold];
  const sets = (list: NamedFold[], speakers: 'independent' | 'dependent' = 'independent', extra?: ExampleSet) =>
    resolveFolds(data, list, speakers, extra);

  it('a clip on both sides, whatever the speakers', () => {
    const leaking = { ...even, train: [...even.train, [...even.test][0]!] };
    expect(() => sets([leaking])).toThrow("trains on 'clip0' and tests it");
    expect(() => sets([leaking], 'dependent')).toThrow("trains on 'clip0' and tests it");
  });

  it('a speaker on both sides, unless speakers may be known', () => {
    const [first, ...rest] = [...even.test];
    const leaking = { ...even, train: [...even.train, first!], test: rest };
    expect(() => sets([leaking])).toThrow("trains on speaker 'clip0'");
    expect(sets([leaking], 'dependent')[0]!.training.examples).toHaveLength(19);
  });

  it('a speaker who is not known', () => {
    const unknown = { ...data, examples: data.examples.map((example) => ({ ...example, speaker: '' })) };
    expect(() => resolveFolds(unknown, folds, 'independent', undefined)).toThrow('have no speaker');
  });

  it('a clip that two folds test, a fold name twice, a clip twice, one that is not there, a side without clips', () => {
    expect(() => sets([even, { ...even, name: 'again' }])).toThrow("Fold again tests 'clip0', which fold even tests");
    expect(() => sets([even, { ...odd, name: even.name }])).toThrow('fold names must be unique');
    expect(() => sets([{ ...even, test: [{ name: 'nobody' }] }])).toThrow("'nobody' is not in the set");
    expect(() => sets([{ ...even, test: [] }])).toThrow('tests nothing');
    expect(() => sets([{ ...even, train: [] }])).toThrow('trains on nothing');
  });

  it('extra clips of tested speakers are left out with independent speakers, and taken with dependent ones', () => {
    const songs = selectExamples(synthetic({ clips: 36, seed: 2 }), ({ label }) => label === 1);
    const extra = { ...songs, examples: songs.examples.map((song) => ({ ...song, name: `song ${song.name}` })) };
    for (const { training, test } of sets(folds, 'independent', extra)) {
      const tested = new Set(test.examples.map(({ speaker }) => speaker));
      const sung = training.examples.filter(({ name }) => name.startsWith('song'));
      expect(sung).toHaveLength(6);
      expect(sung.some(({ speaker }) => tested.has(speaker))).toBe(false);
    }
    expect(sets(folds, 'dependent', extra)[0]!.training.examples).toHaveLength(18 + 12);
  });

  it('a tested recording that is trained on under another name, and a copy of one', () => {
    const [first] = [...odd.train] as Example[];
    const again = (example: Example, variant: number) => ({
      ...example,
      name: `again ${example.name}`,
      variants: [example.variants[variant]!, example.variants[variant]!],
    });
    const tested = [...odd.test] as Example[];
    const extra = { ...data, examples: [again(tested[0]!, 0), again(tested[1]!, 1), again(first!, 0)] };
    const [fold] = sets([odd], 'dependent', extra);
    expect(fold!.leftOut).toEqual(extra.examples.slice(0, 2).map(({ name }) => name));
    expect(fold!.training.examples).toHaveLength(18 + 1);
    // A clip of which one number differs is another recording.
    const values = tested[0]!.variants[0]!.values.slice();
    values[3]! += 1e-5;
    const other = { ...tested[0]!.variants[0]!, values };
    const near = { ...again(tested[0]!, 0), variants: [other, other] };
    expect(sets([odd], 'dependent', { ...data, examples: [near] })[0]!.leftOut).toEqual([]);
  });

  it('a normaliser that was fitted beyond the training clips', async () => {
    const executor: TrainingExecutor = (jobs, run) =>
      trainHere(jobs, {
        ...run,
        onResult: (job, result) => {
          const { training, test } = jobs[job]!;
          const all = [...training.examples, ...test!.examples].map(({ variants }) => variants[0]!);
          return run.onResult(job, { ...result, normalizer: Normalizer.fit(all).toJSON() });
        },
      });
    await expectNoLeak(async () => {
      const run = crossValidate(data, folds, { build: network, train: { ...config, epochs: 1 }, executor });
      await expect(run).rejects.toThrow('has a normaliser that is not that of its training clips');
    });
  });

  it('a training configuration that would choose by the tested clips', async () => {
    for (const option of [{ validation: data }, { patience: 2 }, { chooseBy: 'loss' }, { teacher: {} }]) {
      const run = crossValidate(data, folds, { build: network, train: { ...config, ...option } });
      await expect(run).rejects.toThrow(`train must not hold ${Object.keys(option)[0]}`);
    }
  });

  it('and the result says what was checked and left out', async () => {
    const [double] = [...odd.test] as Example[];
    const extra = { ...data, examples: [{ ...double!, name: 'double' }] };
    const options = { build: network, train: { ...config, epochs: 1 }, speakers: 'dependent', extra } as const;
    const { checks } = await crossValidate(data, [odd], options);
    expect(checks.join('\n')).toContain(`Left out of the training of ${odd.name}, which tests the same: double.`);
    expect(checks.join('\n')).toContain('Speakers are tested that are trained on');
  });
});
