import { expect, it } from 'vitest';
import { verdict, verdictWithShares } from '../../cli/src/drawing/verdict.ts';

const scores = [
  { label: 'happy', score: 0.43 },
  { label: 'angry', score: 0.3 },
  { label: 'sad', score: 0.266 },
];
const result = { speech: true, label: 'happy', confidence: 0.43, scores } as const;

it.each([
  [{ ...result, sure: true }, 'happy', 'happy (43 %)'],
  [result, 'happy', 'happy (43 %)'],
  [{ ...result, sure: false }, 'not sure: happy or angry', 'not sure: happy (43 %) or angry (30 %)'],
  // Smoothed, the label need not be the likeliest.
  [
    { ...result, label: 'angry', confidence: 0.3, sure: false },
    'not sure: angry or happy',
    'not sure: angry (30 %) or happy (43 %)',
  ],
  [{ ...result, sure: false, scores: scores.slice(0, 1) }, 'not sure: happy', 'not sure: happy (43 %)'],
  [{ speech: false }, 'no speech', 'no speech'],
] as const)('%j is said in words (oracle: by hand)', (heard, words, shares) => {
  expect(verdict(heard)).toBe(words);
  expect(verdictWithShares(heard)).toBe(shares);
});
