// training and test sets of folds → what would leak from the test set into the training

import { TrainingError } from '../core/errors.ts';
import { ExampleContents } from '../exampleSet/exampleContents.ts';
import type { Example, ExampleSet } from '../exampleSet/exampleSet.ts';
import { Normalizer } from '../features/normalizer.ts';
import type { ModelSettings } from '../model/trainedModel.ts';

/**
 * The training clips that have the same features as a tested clip, or as a speed copy of it: the same recording under another name.
 * Speed copies are part of their clip (`Example.variants`), so they are always in the same split; one that was added as a clip of its
 * own is found here.
 */
export function duplicatesOf(training: ExampleSet, test: ExampleSet, contents = new ExampleContents()): Example[] {
  const tested = new Set(test.examples.flatMap((example) => contents.of(example)));
  return training.examples.filter((example) => contents.of(example).some((content) => tested.has(content)));
}

/**
 * Checks that a normaliser was fitted on the training clips, as they are, and on nothing else.
 *
 * @throws {TrainingError} when it is not
 */
export function checkNormalizer(fold: string, found: ModelSettings['normalizer'], training: ExampleSet): void {
  const own = Normalizer.fit(training.examples.map(({ variants }) => variants[0]!)).toJSON();
  if (JSON.stringify(own) === JSON.stringify(found)) return;
  throw new TrainingError(`Cannot use the result of fold ${fold}: its normaliser is not that of its training clips`);
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
