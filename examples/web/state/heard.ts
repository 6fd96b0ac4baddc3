// a result or a segment, a threshold → what the page says of it

import type { EmotionEstimate, EmotionScore, NoEstimate } from 'speech-emotion';

/** An answer: an emotion, two that it may be, or nobody who speaks. */
export type Heard =
  | { readonly is: 'sure' | 'notSure'; readonly first: EmotionScore; readonly second: EmotionScore | undefined }
  | { readonly is: 'noSpeech' };

/** Results of the library, as far as they are read. */
export type Result =
  | (Pick<EmotionEstimate, 'label' | 'confidence' | 'scores'> & { readonly speech: true })
  | NoEstimate;

/** What is certain up to the threshold is not sure. */
export function heardAs(result: Result, threshold: number): Heard {
  if (!result.speech) return { is: 'noSpeech' };
  const { label, confidence, scores } = result;
  const second = scores.find((score) => score.label !== label);
  return { is: confidence > threshold ? 'sure' : 'notSure', first: { label, score: confidence }, second };
}

/** `happy`, `sad or calm`, `no speech`. */
export function wordsOf(heard: Heard): string {
  if (heard.is === 'noSpeech') return 'no speech';
  const { first, second } = heard;
  return heard.is === 'sure' || !second ? first.label : `${first.label} or ${second.label}`;
}

/** The key of a kind of answer, to sort and count by: a label, `not sure` or `no speech`. */
export function kindOf(heard: Heard): string {
  if (heard.is === 'noSpeech') return 'no speech';
  return heard.is === 'notSure' ? 'not sure' : heard.first.label;
}

/** The answer at a moment: that of the segment whose middle is nearest. */
export function segmentAt<S extends { readonly start: number; readonly end: number }>(
  segments: readonly S[],
  seconds: number,
): S | undefined {
  let [low, high] = [0, segments.length - 1];
  const middle = (i: number) => (segments[i]!.start + segments[i]!.end) / 2;
  while (low < high) {
    const between = (low + high) >> 1;
    if ((middle(between) + middle(between + 1)) / 2 < seconds) low = between + 1;
    else high = between;
  }
  return segments[low];
}
