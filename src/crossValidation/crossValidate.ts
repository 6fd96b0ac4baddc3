// ExampleSet + folds → how well a training configuration does on clips it has not seen

import { TrainingError } from '../core/errors.ts';
import { loadPart } from '../core/loadPart.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import type { NamedFold } from '../exampleSet/namedFold.ts';
import type { CrossValidateOptions } from './crossValidateOptions.ts';
import type { CrossValidation } from './crossValidation.ts';

/**
 * Trains and tests a training configuration on each fold, for each seed, so that nothing leaks from a test fold into its training: the
 * normaliser is fitted on the fold's training clips, speed copies stay with their clip, the last epoch's weights are used, the
 * temperature is fitted on the other folds, folds that share clips (or speakers, unless `speakers` allows it) are refused, and
 * training clips that are the same recording as a tested one are left out. The result lists what was checked.
 *
 * @param data all clips
 * @param folds which of them to train on and to test on, e.g. `dataset.folds('actors5')`
 * @throws {RangeError | TypeError} when there are no folds or seeds, a fold names a clip that is not in the set, folds leak, a fold tests a
 *   label that it trains no clip of, the training configuration chooses by results, `build` gives no network, or an option is wrong
 * @throws {TrainingError} when the store is damaged or holds something else than this cross-validation's results, or training fails
 * @throws the signal's reason when it aborts
 *
 * @example
 * ```ts
 * const result = await crossValidate(examples, dataset.folds('actors5'), {
 *   build: (seed) => buildCnnLstm({ seed }),
 *   train: { epochs: 60 },
 *   seeds: [1, 2, 3],
 * });
 * ```
 */
export async function crossValidate(
  data: ExampleSet,
  folds: Iterable<NamedFold>,
  options: CrossValidateOptions,
): Promise<CrossValidation> {
  const { crossValidateFolds } = await loadPart(
    import('./crossValidateFolds.ts'),
    (reason, cause) => new TrainingError(`Cannot cross-validate: what trains is ${reason}`, { cause }),
  );
  return crossValidateFolds(data, folds, options);
}
