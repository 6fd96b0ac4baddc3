// predictions, or a confusion matrix → the same, or an error that names the invalid one

import { checkArray, checkInteger, checkObject, shown } from '../core/check.ts';
import type { ConfusionMatrix, LabelledPrediction } from './labelledPrediction.ts';

/** How much rounding may add to a probability of 1. */
const ROUNDING = 1e-6;

/** Whether a value is a number from 0 to 1. */
export function isProbability(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1 + ROUNDING;
}

/**
 * The predictions, when there are some and each has a label and one probability a label.
 *
 * @param labelCount how many labels there are; the first prediction's where it is left out
 */
export function checkPredictions<T extends LabelledPrediction>(
  action: string,
  predictions: readonly T[],
  labelCount?: number,
): readonly T[] {
  const list = checkArray(action, 'predictions', predictions);
  if (list.length === 0) throw new RangeError(`Cannot ${action}: there must be predictions, got none`);
  for (const prediction of list) {
    checkPrediction(action, prediction, labelCount ?? list[0]?.probabilities?.length ?? 0);
  }
  return list;
}

/** Checks that a prediction has a label below `labelCount` and `labelCount` probabilities. */
export function checkPrediction(action: string, prediction: LabelledPrediction, labelCount: number): void {
  const { name, label, probabilities } = checkObject(action, 'a prediction', prediction);
  const whose = typeof name === 'string' && name !== '' ? `'${name}'` : 'a prediction';
  if (typeof probabilities !== 'object' || probabilities === null || probabilities.length !== labelCount) {
    throw new RangeError(
      `Cannot ${action}: probabilities of ${whose} must be ${labelCount}, one a label, got ` +
        (probabilities?.length ?? shown(probabilities)),
    );
  }
  checkInteger(action, `label of ${whose}`, label, 0, labelCount - 1);
  for (let k = 0; k < labelCount; k++) {
    if (isProbability(probabilities[k])) continue;
    throw new RangeError(
      `Cannot ${action}: probabilities of ${whose} must be numbers from 0 to 1, got ${shown(probabilities[k])}`,
    );
  }
}

/** The counts, when there is one for each pair of labels. */
export function checkConfusion(action: string, confusion: ConfusionMatrix): ConfusionMatrix {
  const isRow = (row: unknown) => Array.isArray(row) && row.length === confusion.length && row.every(isCount);
  if (!Array.isArray(confusion) || !confusion.every(isRow)) {
    throw new TypeError(`Cannot ${action}: confusion must be a square of counts, rows of numbers from 0`);
  }
  return confusion;
}

/** Any number from 0: counts may be weighted. */
function isCount(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}
