import { expect, it } from 'vitest';
import { toEstimate } from '../../src/classifier/emotionResult.ts';

const labels = ['a', 'b', 'c', 'd'];
const probabilities = Float32Array.of(0.125, 0.5, 0.125, 0.25);
const scores = [
  { label: 'b', score: 0.5 },
  { label: 'd', score: 0.25 },
  { label: 'a', score: 0.125 },
  { label: 'c', score: 0.125 },
];

it('toEstimate sorts, keeps the order of equals, and cuts (oracle: by hand)', () => {
  const settings = { labels, calibration: { temperature: 1 } };
  expect(toEstimate(settings, probabilities)).toEqual({ label: 'b', confidence: 0.5, scores });
  expect(toEstimate(settings, probabilities, 2)).toEqual({ label: 'b', confidence: 0.5, scores: scores.slice(0, 2) });
  expect(toEstimate(settings, probabilities, 9).scores).toHaveLength(4);
  expect(toEstimate(settings, probabilities, 1, 3)).toEqual({
    label: 'd',
    confidence: 0.25,
    scores: scores.slice(0, 1),
  });
});

it.each([
  [0, true],
  [0.25, true],
  [0.5, false],
  [1, false],
  [undefined, undefined],
])('is sure above %d: %s (oracle: 0.5 is above or not)', (sureAbove, sure) => {
  const settings = { labels, calibration: { temperature: 1, sureAbove } };
  expect(toEstimate(settings, probabilities).sure).toBe(sure);
});
