// segments → one result for several of them

import type { EmotionScore } from 'speech-emotion';
import { type Result, segmentAt } from './heard.ts';

/** A segment: a result and its place. */
type Segment = Result & { readonly start: number; readonly end: number };

/** Segments whose middles are as near as this, in seconds, count for a moment: the word does not flicker. */
const NEAR = 0.5;

/** What is heard around a moment. */
export function momentAt(segments: readonly Segment[], seconds: number): Result {
  const nearest = segmentAt(segments, seconds);
  if (!nearest?.speech) return { speech: false };
  return mean(
    segments.filter(({ start, end }) => Math.abs((start + end) / 2 - seconds) <= NEAR),
    nearest,
  );
}

/** What was heard so far. */
export function soFar(segments: readonly Segment[]): Result {
  return mean(segments, { speech: false });
}

/** Mean probabilities over what has speech. */
function mean(segments: readonly Segment[], otherwise: Result): Result {
  const sums = new Map<string, number>();
  let count = 0;
  for (const { scores } of segments) {
    if (!scores) continue;
    count++;
    for (const { label, score } of scores) sums.set(label, (sums.get(label) ?? 0) + score);
  }
  if (count === 0) return otherwise;
  const scores: EmotionScore[] = [...sums].map(([label, sum]) => ({ label, score: sum / count }));
  scores.sort((a, b) => b.score - a.score);
  const [{ label, score }] = scores as [EmotionScore];
  return { speech: true, label, confidence: score, scores };
}
