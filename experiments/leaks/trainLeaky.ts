// fold with leaks + training configuration → UAR of its test clips after each epoch, and of its training clips
//
// The library's `train` has no option for any of this. What is under it takes a normaliser, as `adapt` needs it.

import type { CheckpointStore, TrainProgress } from 'speech-emotion';
import { evaluate } from '../../src/evaluation/evaluate.ts';
import { Normalizer } from '../../src/features/normalizer.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { trainNetwork } from '../../src/training/trainNetwork.ts';
import type { TrainingConfig } from '../training/trainingConfig.ts';
import type { LeakRun } from './leaksFile.ts';
import type { LeakyFold } from './leakyFold.ts';

interface LeakyTraining {
  readonly seed: number;
  /** Keeps the state of a training that was stopped. */
  readonly store: CheckpointStore;
  readonly onProgress: (progress: TrainProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Trains on a fold as it is. The test clips are the validation set, which does not change what is learnt: it is evaluated after each epoch,
 * so that one training gives the last epoch, the honest one, and the epoch that is best on the test.
 *
 * @param known clips of the training set to score the model on
 */
export async function trainLeaky(
  { network: options, training }: TrainingConfig,
  { train, test, normalizer }: LeakyFold,
  known: LeakyFold['train'],
  { seed, store, onProgress, signal }: LeakyTraining,
): Promise<Pick<LeakRun, 'uarByEpoch' | 'uarOfTraining'>> {
  const { bins } = train.examples[0]!.variants[0]!;
  const network = buildCnnLstm({ ...options, bins, classes: train.labels.length, seed });
  try {
    const start = normalizer && {
      normalizer: Normalizer.fromJSON(normalizer.toJSON()),
      rates: network.trainableWeights.map(() => 1),
    };
    const { model, history } = await trainNetwork(
      network,
      train,
      { ...training, seed, validation: test, checkpoint: { store }, onProgress, signal },
      start,
    );
    const { uar } = await evaluate(model, known, { bootstrap: { resamples: 1 }, signal });
    return { uarByEpoch: history.map(({ validation }) => validation!.uar), uarOfTraining: uar };
  } finally {
    network.dispose();
  }
}
