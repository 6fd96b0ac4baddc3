// labelled predictions → the same among some of the labels

import { checkArray, checkNothingElse, checkObject, checkOptions, shown } from '../core/check.ts';
import { checkPrediction } from './checkPredictions.ts';
import type { LabelledPrediction } from './labelledPrediction.ts';

/** Options of {@link restrictPredictions}. */
export interface RestrictOptions {
  /**
   * Labels whose probability counts for another one, where that one is among those that are left: `{ calm: 'neutral' }` for a corpus
   * that has no calm.
   *
   * @default none
   */
  readonly merge?: Readonly<Record<string, string>> | undefined;
}

const ACTION = 'restrict predictions';

/**
 * Leaves labels out of predictions: the others' probabilities are divided by their sum. So a model is judged on a corpus that did not ask
 * for all of its labels: *restricted* to those it asked for, where *open* lets all labels compete.
 *
 * @param labels of the model, which the predictions' labels are indices into
 * @param left the labels that are left, of those
 * @returns with one probability a label of the model, as before, 0 for those left out; evenly spread where all that are left were 0
 * @throws {RangeError | TypeError} when a label is not one of the model's, a prediction is of a label that is left out, or probabilities
 *   are not one a label, from 0 to 1
 */
export function restrictPredictions(
  labels: readonly string[],
  predictions: readonly LabelledPrediction[],
  left: readonly string[],
  options: RestrictOptions = {},
): LabelledPrediction[] {
  const { merge = {}, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  const indexOf = (label: string) => {
    const index = labels.indexOf(label);
    if (index >= 0) return index;
    throw new RangeError(`Cannot ${ACTION}: label must be one of ${labels.join(', ')}, got ${shown(label)}`);
  };
  const kept = checkArray(ACTION, 'left', left).map(indexOf);
  if (kept.length === 0) throw new RangeError(`Cannot ${ACTION}: left must hold labels, got none`);
  const moved = Object.entries(checkObject(ACTION, 'merge', merge))
    .map(([from, to]) => [indexOf(from), indexOf(to)] as const)
    .filter(([from, to]) => !kept.includes(from) && kept.includes(to));
  return checkArray(ACTION, 'predictions', predictions).map((prediction) => {
    checkPrediction(ACTION, prediction, labels.length);
    if (!kept.includes(prediction.label)) {
      const rule = `a label that is left, ${left.join(', ')}`;
      throw new RangeError(
        `Cannot ${ACTION}: '${prediction.name}' must be of ${rule}, got ${labels[prediction.label]}`,
      );
    }
    const probabilities = Array.from(prediction.probabilities);
    for (const [from, to] of moved) probabilities[to]! += probabilities[from]!;
    return { ...prediction, probabilities: among(probabilities, kept) };
  });
}

/**
 * Probabilities among some labels: divided by their sum, 0 for the others; evenly spread where all of them are 0.
 *
 * @param kept indices of the labels
 */
export function among(probabilities: ArrayLike<number>, kept: readonly number[]): number[] {
  const sum = kept.reduce((total, index) => total + probabilities[index]!, 0);
  const result = new Array<number>(probabilities.length).fill(0);
  for (const index of kept) result[index] = sum > 0 ? probabilities[index]! / sum : 1 / kept.length;
  return result;
}
