// a result → words: the emotion, the two likeliest where the model is not sure, or that there is no speech

import type { EmotionEstimate, NoEstimate } from 'speech-emotion';

/** What is read of a result or of a segment of one. */
type Heard = Pick<EmotionEstimate, 'label' | 'confidence' | 'sure' | 'scores'> & { readonly speech: true };

/** `happy`, or `not sure: happy or angry`, or `no speech`. */
export function verdict(result: Heard | NoEstimate): string {
  return inWords(result, (label) => label);
}

/** The same with percentages: `happy (62 %)`. */
export function verdictWithShares(result: Heard | NoEstimate): string {
  return inWords(result, (label, share) => `${label} (${Math.round(100 * share)} %)`);
}

function inWords(result: Heard | NoEstimate, words: (label: string, share: number) => string): string {
  if (!result.speech) return 'no speech';
  const { label, confidence, sure, scores } = result;
  if (sure !== false) return words(label, confidence);
  const second = scores.find((score) => score.label !== label);
  return `not sure: ${words(label, confidence)}${second ? ` or ${words(second.label, second.score)}` : ''}`;
}
