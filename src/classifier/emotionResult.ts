// probabilities → label, confidence and sorted scores

import type { ChannelUse } from '../audio/channels.ts';
import { checkInteger } from '../core/check.ts';

/** One label's share. */
export interface EmotionScore {
  /** One of the model's labels, e.g. `happy`. */
  readonly label: string;
  /** Calibrated probability in [0, 1]; a recording's scores over all labels sum to 1. */
  readonly score: number;
}

/** The emotion of a recording. */
export interface EmotionResult {
  /** The likeliest label. */
  readonly label: string;
  /** Its calibrated probability. */
  readonly confidence: number;
  /** The labels with their probabilities, likeliest first; all of them unless `topK` asks for fewer. */
  readonly scores: readonly EmotionScore[];
  /** What was done with the channels of a recording that has several, up to there; missing where it has one. */
  readonly channels?: ChannelUse | undefined;
}

/** The part of a result that is about channels, if there is one. */
export function said(channels: ChannelUse | undefined): Pick<EmotionResult, 'channels'> {
  return channels ? { channels } : {};
}

/** Holds that `topK`, where it is given, is a number of scores to keep. */
export function checkTopK(action: string, topK: number | undefined): void {
  if (topK !== undefined) checkInteger(action, 'topK', topK, 1, Number.MAX_SAFE_INTEGER);
}

/**
 * Sorts probabilities into a result; equal ones keep the order of the labels.
 *
 * @param labels the model's labels
 * @param probabilities [labels]
 * @param topK how many scores to keep
 */
export function toEmotionResult(
  labels: readonly string[],
  probabilities: Float32Array,
  topK: number = labels.length,
): EmotionResult {
  const sorted = labels
    .map((label, i) => ({ label, score: probabilities[i] as number }))
    .sort((a, b) => b.score - a.score);
  const [first] = sorted as [EmotionScore];
  return { label: first.label, confidence: first.score, scores: sorted.slice(0, topK) };
}
