import { expect, it } from 'vitest';
import { toEmotionResult } from '../../src/classifier/emotionResult.ts';

it('toEmotionResult sorts, keeps the order of equals, and cuts (oracle: by hand)', () => {
  const labels = ['a', 'b', 'c', 'd'];
  const probabilities = Float32Array.of(0.125, 0.5, 0.125, 0.25);
  const scores = [
    { label: 'b', score: 0.5 },
    { label: 'd', score: 0.25 },
    { label: 'a', score: 0.125 },
    { label: 'c', score: 0.125 },
  ];
  expect(toEmotionResult(labels, probabilities)).toEqual({ label: 'b', confidence: 0.5, scores });
  expect(toEmotionResult(labels, probabilities, 2)).toEqual({
    label: 'b',
    confidence: 0.5,
    scores: scores.slice(0, 2),
  });
  expect(toEmotionResult(labels, probabilities, 9).scores).toHaveLength(4);
});
