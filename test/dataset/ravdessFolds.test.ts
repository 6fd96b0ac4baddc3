import { describe, expect, it } from 'vitest';
import { RAVDESS_FOLDS } from '../../src/dataset/ravdessFolds.ts';

describe('RAVDESS_FOLDS', () => {
  // The published lists turned round: the fold of actor 1, 2, … 24.
  it.each([
    ['actors5', [4, 0, 1, 4, 0, 1, 1, 3, 4, 2, 2, 2, 1, 0, 0, 0, 3, 1, 2, 2, 3, 4, 3, 3]],
    ['actors6', [0, 4, 3, 1, 3, 5, 3, 2, 2, 1, 0, 1, 5, 1, 4, 4, 5, 4, 2, 0, 0, 5, 2, 3]],
  ] as const)('tests each of the 24 actors once, in the published fold: %s', (protocol, foldOfActor) => {
    const folds: readonly (readonly number[])[] = RAVDESS_FOLDS[protocol];
    expect(folds.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(foldOfActor.map((fold, i) => folds[fold]?.includes(i + 1))).toEqual(new Array(24).fill(true));
  });
});
