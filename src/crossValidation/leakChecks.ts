// training and test sets of folds → what of the training would give the test away

import { TrainingError } from '../core/errors.ts';
import { ExampleContents } from '../exampleSet/exampleContents.ts';
import type { Example, ExampleSet } from '../exampleSet/exampleSet.ts';
import { Normalizer } from '../features/normalizer.ts';
import type { ModelSettings } from '../model/trainedModel.ts';

/**
 * The training clips that hold the very features of a tested clip, or of a copy of it: the same recording under another name.
 * Copies at other speeds are part of their clip (`Example.variants`), so that they cannot be in another split than it is; one that
 * came in as a clip of its own is found here.
 */
export function duplicatesOf(training: ExampleSet, test: ExampleSet, contents = new ExampleContents()): Example[] {
  const tested = new Set(test.examples.flatMap((example) => contents.of(example)));
  return training.examples.filter((example) => contents.of(example).some((content) => tested.has(content)));
}

/**
 * Holds that a normaliser is the one of the training clips, as they are, and of nothing else.
 *
 * @throws {TrainingError} when it is not
 */
export function checkNormalizer(fold: string, found: ModelSettings['normalizer'], training: ExampleSet): void {
  const own = Normalizer.fit(training.examples.map(({ variants }) => variants[0]!)).toJSON();
  if (JSON.stringify(own) === JSON.stringify(found)) return;
  throw new TrainingError(`Cannot use the result of fold ${fold}: its normaliser is not that of its training clips`);
}

/** Options of `train` that let a result decide something, in a training configuration that came from outside the type checker. */
const CHOOSING = ['validation', 'patience', 'chooseBy', 'teacher'] as const;

/**
 * Holds that a training configuration chooses nothing by results.
 *
 * @throws {RangeError} naming the option that would
 */
export function checkChoosesNothing(config: object): void {
  const wrong = CHOOSING.find((option) => option in config);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot cross-validate: train must not hold ${wrong}: what a fold tests would decide, or what it must not know would teach`,
  );
}
