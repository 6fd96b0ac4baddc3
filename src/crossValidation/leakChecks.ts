// what a training must not have by results, or from its test clips → an error

import { TrainingError } from '../core/errors.ts';
import { normalizerLeaks } from '../evaluation/foldLeaks.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { Normalizer } from '../features/normalizer.ts';
import type { ModelSettings } from '../model/trainedModel.ts';

/**
 * Checks that a normaliser was fitted on the training clips, as they are, and on nothing else.
 *
 * @throws {TrainingError} when it is not
 */
export function checkNormalizer(fold: string, found: ModelSettings['normalizer'], training: ExampleSet): void {
  const [leak] = normalizerLeaks({ fold, train: training.examples, normalizer: Normalizer.fromJSON(found) });
  if (leak) throw new TrainingError(`Cannot use a result: ${leak.message}`);
}

/** Options of `train` by which a result decides something; TypeScript refuses them, JavaScript does not. */
const CHOOSING = ['validation', 'patience', 'chooseBy', 'teacher'] as const;

/**
 * Checks that a training configuration chooses nothing by results.
 *
 * @throws {RangeError} naming the option that would
 */
export function checkChoosesNothing(config: object): void {
  const wrong = CHOOSING.find((option) => option in config);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot cross-validate: train must not hold ${wrong}: the tested clips would decide, or a teacher that may know them would teach`,
  );
}
