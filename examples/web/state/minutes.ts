// segments → the minute in which an emotion is heard most

import type { EmotionSegment } from 'speech-emotion';

/** In seconds. */
const MINUTE = 60;

/** A minute of a recording, and how likely an emotion is in it on average; where nobody speaks it is not. */
export interface Minute {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** For each label the minute of its greatest mean, the surest first; a recording of less than two has none. */
export function strongestMinutes(segments: readonly EmotionSegment[], seconds: number): Minute[] {
  if (seconds < 2 * MINUTE) return [];
  const labels = segments.find(({ scores }) => scores)?.scores?.map(({ label }) => label) ?? [];
  return labels.map((label) => strongest(label, segments, seconds)).sort((a, b) => b.score - a.score);
}

function strongest(label: string, segments: readonly EmotionSegment[], seconds: number): Minute {
  const shares = segments.map(({ scores }) => scores?.find((one) => one.label === label)?.score ?? 0);
  let best: Minute = { label, start: 0, end: MINUTE, score: 0 };
  let [sum, last] = [0, 0];
  for (const [first, { start }] of segments.entries()) {
    const end = start + MINUTE;
    if (end > seconds) break;
    while (last < segments.length && segments[last]!.end <= end) sum += shares[last++]!;
    const score = sum / (last - first);
    if (score > best.score) best = { label, start, end, score };
    sum -= shares[first]!;
  }
  return best;
}
