// probabilities → label, confidence and sorted scores

import type { ChannelUse } from '../audio/channels.ts';
import { checkInteger } from '../core/check.ts';
import type { ModelSettings } from '../model/trainedModel.ts';

/** One label's share. */
export interface EmotionScore {
  /** One of the model's labels, e.g. `happy`. */
  readonly label: string;
  /** Calibrated probability in [0, 1]; a recording's scores over all labels sum to 1. */
  readonly score: number;
}

/** What a model makes of some sound. */
export interface EmotionEstimate {
  /** The likeliest label. */
  readonly label: string;
  /** Its calibrated probability. */
  readonly confidence: number;
  /**
   * Whether the confidence is above that from which on four of five clips were recognised, of speakers unknown to the model; see
   * `calibration.sureAbove` of its settings. Undefined where these do not say.
   */
  readonly sure?: boolean | undefined;
  /** The labels with their probabilities, likeliest first; all of them unless `topK` asks for fewer. */
  readonly scores: readonly EmotionScore[];
}

/** What a sound without speech has instead of an {@link EmotionEstimate}. */
export interface NoEstimate {
  /** There is no speech. */
  readonly speech: false;
  /** There is none. */
  readonly label?: undefined;
  /** There is none. */
  readonly confidence?: undefined;
  /** There is none. */
  readonly sure?: undefined;
  /** There is none. */
  readonly scores?: undefined;
}

interface Heard {
  /** What was done with the channels of a recording that has several, up to there; missing where it has one. */
  readonly channels?: ChannelUse | undefined;
}

/** The emotion of a recording with speech. */
export interface SpeechResult extends EmotionEstimate, Heard {
  /** There is speech, or nobody asked: `vad: false`. */
  readonly speech: true;
}

/** A recording without speech, which has no emotion. */
export interface NoSpeechResult extends NoEstimate, Heard {}

/** The emotion of a recording, if there is speech in it. */
export type EmotionResult = SpeechResult | NoSpeechResult;

/** The part of a result that is about channels, if there is one. */
export function said(channels: ChannelUse | undefined): Heard {
  return channels ? { channels } : {};
}

/** Holds that `topK`, where it is given, is a number of scores to keep. */
export function checkTopK(action: string, topK: number | undefined): void {
  if (topK !== undefined) checkInteger(action, 'topK', topK, 1, Number.MAX_SAFE_INTEGER);
}

/** What is read of a model's settings. */
type Labelling = Pick<ModelSettings, 'labels' | 'calibration'>;

/**
 * Sorts probabilities into an estimate; equal ones keep the order of the labels.
 *
 * @param settings the model's
 * @param probabilities [labels]
 * @param topK how many scores to keep
 * @param chosen index of the label, where it is not the likeliest
 */
export function toEstimate(
  { labels, calibration }: Labelling,
  probabilities: Float32Array,
  topK: number = labels.length,
  chosen?: number,
): EmotionEstimate {
  const all = labels.map((label, i) => ({ label, score: probabilities[i] as number }));
  const sorted = [...all].sort((a, b) => b.score - a.score);
  const { label, score } = (chosen === undefined ? sorted : all)[chosen ?? 0]!;
  const { sureAbove } = calibration;
  const sure = sureAbove === undefined ? undefined : score > sureAbove;
  return { label, confidence: score, ...(sure !== undefined && { sure }), scores: sorted.slice(0, topK) };
}
