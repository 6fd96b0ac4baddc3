// network + ExampleSet + options → a run of train, checked and ready to begin

import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import { Normalizer } from '../features/normalizer.ts';
import { ensureKernels } from '../kernels/stockKernels.ts';
import { requireBackend } from '../model/backend.ts';
import { allOrNothing } from '../model/madeTensors.ts';
import { faultOf, type TrainedModel } from '../model/trainedModel.ts';
import { claimWeights } from './claimWeights.ts';
import { newModelSettings } from './newModelSettings.ts';
import { type PreparedPhase, preparePhases } from './phases.ts';
import { resolveTrainOptions } from './resolveTrainOptions.ts';
import { Trainee } from './trainee.ts';
import type { ResolvedTrainOptions, TrainOptions } from './trainOptions.ts';

/** What a network that was trained before begins with. */
export interface Start {
  /** The one it was trained with. */
  readonly normalizer: Normalizer;
  /** What the learning rate is multiplied by, for each of its trainable weights. */
  readonly rates: readonly number[];
}

/** What the steps and epochs of a run share. */
export interface Run {
  /** What the run makes: its network is the one in training. */
  readonly model: TrainedModel;
  readonly data: ExampleSet;
  /** In order. */
  readonly phases: readonly PreparedPhase[];
  /** All that changes. */
  readonly trainee: Trainee;
  readonly resolved: ResolvedTrainOptions;
  readonly start: Start | undefined;
  /** As they were given, for what is not in `resolved`: callbacks, validation, checkpoint, signal. */
  readonly options: TrainOptions;
  /** Frees all but the network, which may be trained again then. */
  readonly close: () => void;
}

/**
 * Opens a run, which has to be closed.
 *
 * @throws {RangeError | TypeError} when an option is wrong, the network does not fit the data, is disposed or in another training
 * @throws {Error} when no tfjs backend is registered
 * @throws the signal's reason when it has aborted
 */
export async function openRun(
  network: LayersModel,
  data: ExampleSet,
  options: TrainOptions,
  start?: Start,
): Promise<Run> {
  const resolved = resolveTrainOptions(data, options);
  options.signal?.throwIfAborted();
  await requireBackend('train');
  ensureKernels();
  const normalizer = start?.normalizer ?? Normalizer.fit(data.examples.map(({ variants }) => variants[0]!));
  const model: TrainedModel = { network, settings: newModelSettings(data, resolved, normalizer, options) };
  const fault = faultOf(model);
  if (fault) throw new RangeError(`Cannot train: ${fault}`);

  const release = claimWeights(network);
  try {
    const { silence } = new FeatureExtractor(data.features);
    const phases = preparePhases(data, resolved, normalizer, silence, options.teacher?.probabilities);
    const trainee = allOrNothing(() => new Trainee(network, resolved, start?.rates));
    const close = () => {
      trainee.dispose();
      release();
    };
    return { model, data, phases, trainee, resolved, start, options, close };
  } catch (error) {
    release();
    throw error;
  }
}
