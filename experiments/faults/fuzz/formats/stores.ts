// seed → what lies in a store of `train`, `crossValidate` or `trainEnsemble`, forged, and given to the next run

import * as tf from '@tensorflow/tfjs-core';
import {
  type CheckpointStore,
  type CrossValidation,
  crossValidate,
  type ExampleSet,
  type TrainReport,
  train,
  trainEnsemble,
} from 'speech-emotion';
import { LABELS, SMALL_TRAINING, smallExamples, smallFolds, smallNetwork, weightsOf } from '../../smallWork.ts';
import type { Format } from '../format.ts';
import { type Forged, forger } from './packed.ts';

const EPOCHS = 2;
const RECIPE = { ...SMALL_TRAINING, epochs: EPOCHS };
const build = (seed: number) => smallNetwork(seed);

export const checkpoints: Format = {
  errors: ['TrainingError'],
  async open() {
    const data = smallExamples();
    const network = smallNetwork();
    const first = network.getWeights().map((weight) => tf.keep(weight.clone()));
    const run = (store: CheckpointStore) => {
      network.setWeights(first);
      return train(network, data, { ...RECIPE, checkpoint: { store } });
    };
    const forge = forger(await bytesOf(run));
    return (random) => trialOf(forge(random), run, faultOfTraining);
  },
};

export const folds: Format = {
  errors: ['TrainingError'],
  async open() {
    const data = smallExamples();
    const bootstrap = { resamples: 10 };
    const run = (store: CheckpointStore) =>
      crossValidate(data, smallFolds(data), { build, train: RECIPE, store, bootstrap });
    const forge = forger(await bytesOf(run));
    return (random) => trialOf(forge(random), run, (result) => faultOfCrossValidation(result, data));
  },
};

export const ensembles: Format = {
  errors: ['TrainingError'],
  async open() {
    const data = smallExamples();
    const run = (store: CheckpointStore) => trainEnsemble(data, { build, seeds: [1, 2], train: RECIPE, store });
    const forge = forger(
      await bytesOf(async (store) => {
        for (const { model } of await run(store)) model.network.dispose();
      }),
    );
    return (random) =>
      trialOf(forge(random), run, async (reports) => {
        const faults: (string | undefined)[] = [];
        for (const report of reports) {
          faults.push(await faultOfTraining(report));
          report.model.network.dispose();
        }
        return reports.length === 2 ? faults.find((fault) => fault !== undefined) : `${reports.length} members of 2`;
      });
  },
};

/** What a run leaves in its store. */
async function bytesOf(run: (store: CheckpointStore) => Promise<unknown>): Promise<Uint8Array> {
  let kept: Uint8Array | undefined;
  await run({
    load: async () => kept,
    save: async (bytes) => {
      kept = bytes;
    },
  });
  return kept!;
}

function trialOf<T>(
  { bytes, right, damaged }: Forged,
  run: (store: CheckpointStore) => Promise<T>,
  faultOf: (result: T) => string | undefined | Promise<string | undefined>,
) {
  return {
    input: bytes,
    unrefusable: right,
    answer: () => run({ load: async () => bytes, save: async () => {} }),
    async fault(answer: unknown) {
      const fault = await faultOf(answer as T);
      return damaged ? 'went on from damaged bytes' : fault;
    },
  };
}

/** A training that ended must have an entry for each epoch, and weights that are numbers. */
async function faultOfTraining({ history, bestEpoch, model }: TrainReport): Promise<string | undefined> {
  if (!Array.isArray(history) || history.length !== EPOCHS) return 'a history of other epochs';
  if (!history.every(({ epoch, loss }, i) => epoch === i + 1 && Number.isFinite(loss))) return 'a history that is none';
  if (!(Number.isInteger(bestEpoch) && bestEpoch >= 1 && bestEpoch <= EPOCHS)) return 'a best epoch that is none';
  if (!(await weightsOf(model.network)).every(Number.isFinite)) return 'weights that are not finite';
  if (model.settings.labels.join() !== LABELS.join()) return 'labels of another set';
  if (!model.settings.normalizer.mean.every(Number.isFinite)) return 'a normaliser that is not finite';
  return undefined;
}

/** Each clip is counted once, and every figure is one that such a figure can be. */
function faultOfCrossValidation({ runs, uar, war, macroF1 }: CrossValidation, data: ExampleSet): string | undefined {
  const parts = [uar.mean, war.mean, macroF1.mean, ...runs.map(({ pooled }) => pooled.uar)];
  if (!parts.every((part) => part >= 0 && part <= 1)) return 'figures that are no parts';
  for (const { pooled, folds, temperature } of runs) {
    if (!(temperature > 0 && Number.isFinite(temperature))) return 'a temperature that is none';
    const tested = new Map(pooled.clips.map((clip) => [clip.name, clip]));
    const same = ({ name, label, speaker }: ExampleSet['examples'][number]) =>
      tested.get(name)?.label === label && tested.get(name)?.speaker === speaker;
    if (pooled.clips.length !== data.examples.length || !data.examples.every(same))
      return 'other clips than were tested';
    const sums = pooled.clips.map(({ probabilities }) => probabilities.reduce((sum, part) => sum + part, 0));
    if (!sums.every((sum) => Math.abs(sum - 1) < 1e-3)) return 'probabilities that do not sum to 1';
    if (pooled.clips.some(({ probabilities }) => probabilities.some((part) => !(part >= 0 && part <= 1)))) {
      return 'probabilities that are none';
    }
    if (folds.length !== 3) return 'other folds than there are';
    const numbers = JSON.stringify([pooled, folds], (_key, value) =>
      typeof value === 'number' && !Number.isFinite(value) ? '@@' : value,
    );
    if (numbers.includes('@@')) return 'figures that are not finite';
  }
  return undefined;
}
