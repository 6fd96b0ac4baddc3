// options of train → checked, with every default filled in

import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkNothingElse,
  checkNumber,
  checkObject,
  checkOneOf,
  checkOptions,
  checkSeed,
  checkString,
  shown,
} from '../core/check.ts';
import { isProbability } from '../evaluation/checkPredictions.ts';
import { checkTrainingSets } from '../exampleSet/checkExamples.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { MOST_SHIFTS } from '../model/settingsSchema.ts';
import { resolveAugment } from './augmentOptions.ts';
import { checkStore } from './checkpointStore.ts';
import { balancedClassWeights } from './losses.ts';
import { resolveSampling, type SampledGroup, sampledGroups } from './sampling.ts';
import { resolveSchedule } from './schedule.ts';
import type { TrainingThreads } from './threads/trainingThreads.ts';
import type {
  AuxiliaryTarget,
  CheckpointOptions,
  DatasetDescription,
  PretrainingOptions,
  ResolvedPretraining,
  ResolvedTrainOptions,
  TeacherOptions,
  TrainOptions,
  WindowOptions,
} from './trainOptions.ts';

/**
 * Fills in the defaults.
 *
 * @param data what is trained on: class weights and augmentation depend on it
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown
 */
export function resolveTrainOptions(data: ExampleSet, options: TrainOptions): ResolvedTrainOptions {
  const {
    epochs = 60,
    batchSize = 32,
    learningRate = 1.5e-3,
    sampling = false,
    pretraining = false,
    schedule = 'oneCycle',
    weightDecay = 0.01,
    clipNorm = 5,
    labelSmoothing = 0.05,
    classWeights = 'none',
    ema = 0.99,
    augment = {},
    window = { frames: 112 },
    seed = 1,
    validation,
    chooseBy = 'uar',
    patience = false,
    teacher,
    auxiliary = {},
    checkpoint,
    threads,
    dataset = {},
    onProgress: _onProgress,
    signal: _signal,
    ...rest
  } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkTrainingSets(ACTION, data, validation);
  if (checkpoint !== undefined) checkCheckpoint(checkpoint);
  checkDataset(dataset);
  if (threads !== undefined) checkThreads(threads, data, checkInteger(ACTION, 'batchSize', batchSize, 1, 1e5));
  if (patience !== false && !validation) throw new RangeError('Cannot train: patience needs a validation set');
  const phase = { epochs, sampling, learningRate, schedule, classWeights, augment };
  const run = resolvePhase(data, phase);
  return {
    epochs: run.epochs,
    sampling: run.sampling,
    pretraining: pretraining !== false && resolvePretraining(data, pretraining, phase),
    batchSize: checkInteger(ACTION, 'batchSize', batchSize, 1, 1e5),
    learningRate: run.learningRate,
    schedule: run.schedule,
    weightDecay: checkNumber(ACTION, 'weightDecay', weightDecay, 0, 100),
    clipNorm: clipNorm !== false && checkNumber(ACTION, 'clipNorm', clipNorm, 1e-6, 1e12),
    labelSmoothing: checkNumber(ACTION, 'labelSmoothing', labelSmoothing, 0, 0.999),
    classWeights: run.classWeights,
    ema: ema !== false && checkNumber(ACTION, 'ema', ema, 0, 0.999999),
    augment: run.augment,
    window: resolveWindow(window),
    seed: checkSeed(ACTION, 'seed', seed),
    chooseBy: checkOneOf(ACTION, 'chooseBy', chooseBy, ['uar', 'loss']),
    patience: patience !== false && checkInteger(ACTION, 'patience', patience, 1, 1e6),
    distillationWeight: teacher === undefined ? 0 : resolveTeacher(data, teacher),
    auxiliary: resolveAuxiliary(data, auxiliary),
  };
}

const ACTION = 'train';

/** What the phases of a run differ in, as given. */
type PhaseOptions = Required<{ [Name in keyof ResolvedPretraining]: Exclude<TrainOptions[Name], undefined> }>;

function resolvePhase(
  data: ExampleSet,
  { epochs, sampling, learningRate, schedule, classWeights, augment }: PhaseOptions,
): ResolvedPretraining {
  const evenly = sampling !== false && resolveSampling(data.examples, sampling);
  return {
    epochs: checkInteger(ACTION, 'epochs', epochs, 1, 1e6),
    sampling: evenly,
    learningRate: checkNumber(ACTION, 'learningRate', learningRate, 0, 1e3),
    schedule: resolveSchedule(schedule),
    classWeights: resolveClassWeights(data, classWeights, evenly && sampledGroups(data.examples, evenly)),
    augment: resolveAugment(augment, data.features.features.type),
  };
}

/** Its options, and those of the run that it leaves out. */
function resolvePretraining(data: ExampleSet, pretraining: PretrainingOptions, run: PhaseOptions): ResolvedPretraining {
  const {
    epochs,
    sampling = run.sampling,
    learningRate = run.learningRate,
    schedule = run.schedule,
    classWeights = run.classWeights,
    augment = run.augment,
    ...rest
  } = checkOptions(ACTION, pretraining, 'pretraining');
  checkNothingElse(ACTION, rest, 'pretraining');
  try {
    return resolvePhase(data, { epochs, sampling, learningRate, schedule, classWeights, augment });
  } catch (error) {
    // The run's own options were checked before, under the same names.
    if (error instanceof RangeError || error instanceof TypeError)
      error.message = error.message.replace(`Cannot ${ACTION}: `, `Cannot ${ACTION}, in pretraining: `);
    throw error;
  }
}

function checkCheckpoint(checkpoint: CheckpointOptions): void {
  // Not by `checkOptions`, which takes whatever is named `on…` for a callback.
  const {
    store,
    everyEpochs = 1,
    everyBatches = false,
    onAbort = true,
    ...rest
  } = checkObject(ACTION, 'checkpoint', checkpoint);
  checkNothingElse(ACTION, rest, 'checkpoint');
  checkStore(ACTION, 'checkpoint.store', store);
  checkInteger(ACTION, 'checkpoint.everyEpochs', everyEpochs, 1, 1e6);
  if (everyBatches !== false) checkInteger(ACTION, 'checkpoint.everyBatches', everyBatches, 1, 1e9);
  checkBoolean(ACTION, 'checkpoint.onAbort', onAbort);
}

function checkDataset(dataset: DatasetDescription): void {
  const { name, licence, citation, ...rest } = checkOptions(ACTION, dataset, 'dataset');
  checkNothingElse(ACTION, rest, 'dataset');
  for (const [key, value] of Object.entries({ name, licence, citation })) {
    if (value !== undefined) checkString(ACTION, `dataset.${key}`, value);
  }
}

function checkThreads(threads: TrainingThreads, { examples }: ExampleSet, batchSize: number): void {
  const { count, start, ...rest } = checkObject(ACTION, 'threads', threads);
  checkNothingElse(ACTION, rest, 'threads');
  checkFunction(ACTION, 'threads.start', start);
  const smallest = Math.floor(examples.length / Math.ceil(examples.length / batchSize));
  checkInteger(ACTION, 'threads.count', count, 1, smallest);
}

/** One weight a label; not 0 for all labels that occur. */
function resolveClassWeights(
  { labels, examples }: ExampleSet,
  weights: 'none' | 'balanced' | readonly number[],
  groups: readonly SampledGroup[] | false,
): readonly number[] {
  if (weights === 'none') return labels.map(() => 1);
  if (weights === 'balanced') {
    const counts = labels.map(() => 0);
    for (const { label, draws } of groups || examples.map(({ label }) => ({ label, draws: 1 })))
      counts[label]! += draws;
    return balancedClassWeights(counts);
  }
  if (!Array.isArray(weights) || weights.length !== labels.length) {
    throw new RangeError(
      `Cannot train: classWeights must be 'none', 'balanced' or ${labels.length} numbers, got ${shown(weights)}`,
    );
  }
  const checked = weights.map((weight, i) => checkNumber(ACTION, `classWeights[${i}]`, weight, 0, 1e6));
  if (!examples.some(({ label }) => checked[label] !== 0)) {
    throw new RangeError(`Cannot train: classWeights must be above 0 for a label that occurs, got ${shown(weights)}`);
  }
  return checked;
}

function resolveWindow(window: WindowOptions): ResolvedTrainOptions['window'] {
  const { frames, hopFrames, shifts = 1, ...rest } = checkOptions(ACTION, window, 'window');
  checkNothingElse(ACTION, rest, 'window');
  checkInteger(ACTION, 'window.frames', frames, 1, 1e6);
  const hop = hopFrames === undefined ? Math.ceil(frames / 2) : hopFrames;
  checkInteger(ACTION, 'window.hopFrames', hop, 1, frames);
  checkInteger(ACTION, 'window.shifts', shifts, 1, Math.min(frames, MOST_SHIFTS));
  return { frames, hopFrames: hop, ...(shifts > 1 && { shifts }) }; // left out as before there were any, for checkpoints
}

/** The weight of the teacher, which must have probabilities for each clip. */
function resolveTeacher({ labels, examples }: ExampleSet, teacher: TeacherOptions): number {
  const { probabilities, weight = 0.5, ...rest } = checkOptions(ACTION, teacher, 'teacher');
  checkNothingElse(ACTION, rest, 'teacher');
  checkFunction(ACTION, 'teacher.probabilities.get', probabilities?.get);
  for (const { name } of examples) {
    const taught = Array.from(probabilities.get(name) ?? []);
    if (taught.length !== labels.length) {
      throw new RangeError(
        `Cannot train: teacher must have ${labels.length} probabilities for each clip, not so '${name}'`,
      );
    }
    if (!taught.every(isProbability)) {
      throw new RangeError(`Cannot train: teacher.probabilities of '${name}' must be from 0 to 1, got [${taught}]`);
    }
  }
  return checkNumber(ACTION, 'teacher.weight', weight, 0, 1);
}

function resolveAuxiliary({ examples }: ExampleSet, auxiliary: Readonly<Record<string, number>>): AuxiliaryTarget[] {
  const given = Object.entries(checkObject(ACTION, 'auxiliary', auxiliary)).filter(
    ([, weight]) => weight !== undefined,
  );
  return given.map(([group, weight]) => {
    const values = [...new Set(examples.flatMap(({ groups }) => groups[group] ?? []))].sort();
    if (values.length < 2) {
      throw new RangeError(
        `Cannot train: auxiliary.${group} must be a group of which the training data has two values or more, got ` +
          (values.join() || 'none'),
      );
    }
    return { group, values, weight: checkNumber(ACTION, `auxiliary.${group}`, weight, 0, 1e3) };
  });
}
