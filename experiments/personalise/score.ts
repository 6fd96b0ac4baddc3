// answers of all speakers → recall, also of men and of women, and calibration

import { expectedCalibrationError, type LabelledPrediction, negativeLogLikelihood } from 'speech-emotion/evaluation';
import type { Answer } from './speakerTests.ts';

/** Scores of one seed, in shares of 1. */
export interface Scores {
  readonly uar: number;
  readonly uarMen: number;
  readonly uarWomen: number;
  readonly nll: number;
  readonly ece: number;
}

/** Scores of all answers together. */
export function scoresOf(answers: readonly Answer[]): Scores {
  const predictions = answers.map(
    ({ clip, probabilities }): LabelledPrediction => ({
      ...{ name: clip.name, label: clip.label, speaker: String(clip.speaker), groups: {} },
      probabilities,
    }),
  );
  return {
    uar: uarOf(answers),
    uarMen: uarOf(answers.filter(({ clip }) => isMan(clip.speaker))),
    uarWomen: uarOf(answers.filter(({ clip }) => !isMan(clip.speaker))),
    nll: negativeLogLikelihood(predictions),
    ece: expectedCalibrationError(predictions),
  };
}

/** Actors of RAVDESS: odd numbers are men. */
function isMan(speaker: number): boolean {
  return speaker % 2 === 1;
}

/** Mean recall of the labels that occur. */
export function uarOf(answers: readonly Answer[]): number {
  const labels = [...new Set(answers.map(({ clip }) => clip.label))];
  const recalls = labels.map((label) => {
    const own = answers.filter(({ clip }) => clip.label === label);
    return (
      own.filter(({ probabilities }) => probabilities.indexOf(Math.max(...probabilities)) === label).length / own.length
    );
  });
  return recalls.reduce((a, b) => a + b, 0) / recalls.length;
}

/** Mean and standard deviation, over seeds. */
export function meanAndStd(values: readonly number[]): { readonly mean: number; readonly std: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, std: Math.sqrt(variance) };
}
