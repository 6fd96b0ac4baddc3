// active backend → what the library computes on it, held against another's; in Node as in a page

import { expect } from 'vitest';
import { EmotionClassifier } from '../../src/classifier/emotionClassifier.ts';
import { toArtifact } from '../../src/model/modelArtifact.ts';
import { pretrained } from '../../src/pretrained/index.ts';
import type { SmallResult } from './smallTraining.ts';

/** What the requirements allow between backends. */
const TOLERANCE = 1e-4;

/** What is compared between backends. */
export interface Answers {
  /** Each clip's probabilities, in the order of the model's labels. */
  readonly clips: Readonly<Record<string, readonly number[]>>;
  /** The model as this backend saves it again. */
  readonly saved: Uint8Array;
}

/** Loads the shipped artefact, classifies, saves it; leaves no tensor. */
export async function shippedAnswers(clips: Readonly<Record<string, Uint8Array>>): Promise<Answers> {
  using classifier = await EmotionClassifier.load(pretrained);
  const answers: Record<string, number[]> = {};
  for (const [name, bytes] of Object.entries(clips)) {
    const { scores = [] } = await classifier.classify(bytes, { vad: false });
    answers[name] = classifier.labels.map((label) => scores.find((score) => score.label === label)!.score);
  }
  return { clips: answers, saved: (await toArtifact(classifier.model)).weights };
}

/**
 * Every probability of `actual` is there in `expected` and no further from it than allowed, and the weights that were
 * saved are the very same: so is what any other backend makes of them.
 */
export function expectSameAnswers(actual: Answers, expected: Answers): void {
  expect(Object.keys(actual.clips).length).toBeGreaterThan(0);
  for (const [name, probabilities] of Object.entries(actual.clips)) {
    const wanted = expected.clips[name]!;
    const worst = Math.max(...probabilities.map((probability, i) => Math.abs(probability - wanted[i]!)));
    expect([name, probabilities.length]).toEqual([name, wanted.length]);
    expect(worst, `largest difference in the probabilities of ${name}`).toBeLessThanOrEqual(TOLERANCE);
  }
  expect(actual.saved.length).toBe(expected.saved.length);
  expect(
    actual.saved.every((byte, i) => byte === expected.saved[i]),
    'saves the very same weights',
  ).toBe(true);
}

/**
 * The same training in other arithmetic: the losses agree to 1e-5, and the weights to a hundredth of what a step moves
 * them, so that even one weight whose gradient had the wrong sign would show.
 */
export function expectSameTraining(actual: SmallResult, expected: SmallResult): void {
  const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  expect(actual.losses).toHaveLength(3);
  expect(worst(actual.losses, expected.losses), 'largest difference in the losses').toBeLessThan(1e-5);
  expect(worst(actual.gradientNorms, expected.gradientNorms), 'and in the gradients’ norms').toBeLessThan(1e-5);
  expect(actual.weights).toHaveLength(expected.weights.length);
  expect(worst(actual.weights, expected.weights), 'and in the weights').toBeLessThan(1e-4);
}
