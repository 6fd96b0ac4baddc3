import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import {
  confusionMatrix,
  recalls,
  unweightedAverageRecall,
  weightedAverageRecall,
} from '../../src/evaluation/metrics.ts';
import { speakerBootstrap } from '../../src/evaluation/speakerBootstrap.ts';

const prediction = (label: number, probabilities: number[], speaker = 's'): LabelledPrediction => ({
  name: '',
  label,
  speaker,
  groups: {},
  probabilities,
});

describe('speakerBootstrap', () => {
  const clips = (hits: readonly number[], perSpeaker: number) =>
    hits.flatMap((part, speaker) =>
      Array.from({ length: perSpeaker }, (_, i) =>
        prediction(0, i < part * perSpeaker ? [1, 0] : [0, 1], `s${speaker}`),
      ),
    );

  it('matches the normal approximation of the mean over speakers', () => {
    const hits = Array.from({ length: 40 }, (_, i) => (i % 11) / 10);
    const mean = hits.reduce((a, b) => a + b) / 40;
    const error = Math.sqrt(hits.reduce((sum, hit) => sum + (hit - mean) ** 2, 0)) / 40;
    const { low, high, level } = speakerBootstrap(clips(hits, 10), 2, weightedAverageRecall, { resamples: 4000 });
    expect(level).toBe(0.95);
    expect(low).toBeCloseTo(mean - 1.96 * error, 1);
    expect(high).toBeCloseTo(mean + 1.96 * error, 1);
    expect((high - low) / (2 * 1.96 * error)).toBeGreaterThan(0.93);
    expect((high - low) / (2 * 1.96 * error)).toBeLessThan(1.07);
  });

  it('is wider than one over clips, narrower for a lower level, and the same for the same seed', () => {
    const data = clips([0.1, 0.9, 0.2, 1], 50);
    const width = (predictions: LabelledPrediction[], level: number) => {
      const { low, high } = speakerBootstrap(predictions, 2, weightedAverageRecall, { level });
      return high - low;
    };
    const loose = data.map((clip, i) => ({ ...clip, name: `${i}`, speaker: '' })); // each its own speaker
    expect(width(data, 0.95)).toBeGreaterThan(3 * width(loose, 0.95));
    expect(width(data, 0.5)).toBeLessThan(width(data, 0.95));
    expect(width(data, 0.95)).toBe(width(data, 0.95));
  });

  it('is a point for a single speaker', () => {
    const { low, high } = speakerBootstrap(clips([0.3], 10), 2, weightedAverageRecall);
    expect([low, high]).toEqual([0.3, 0.3]);
  });

  it('of all seeds’ predictions is that of their mean figure, each speaker drawn for all of them (oracle: written out)', () => {
    const stream = new RandomStream(3);
    const speakers = ['a', 'b', 'c', 'd', 'e'];
    const seeds = [0, 1, 2].map(() =>
      speakers.flatMap((speaker) =>
        [0, 0, 1, 1].map((label) => prediction(label, stream.next() < 0.6 ? [1, 0] : [0, 1], speaker)),
      ),
    );
    const draws = new RandomStream(1, 'bootstrap');
    const figures = Array.from({ length: 500 }, () => {
      const drawn = speakers.map(() => speakers[draws.integer(speakers.length)]!);
      const ofSeed = (clips: LabelledPrediction[]) =>
        unweightedAverageRecall(
          confusionMatrix(
            drawn.flatMap((speaker) => clips.filter((clip) => clip.speaker === speaker)),
            2,
          ),
        );
      return seeds.reduce((sum, clips) => sum + ofSeed(clips), 0) / seeds.length;
    }).sort((a, b) => a - b);
    const { low, high } = speakerBootstrap(seeds.flat(), 2, unweightedAverageRecall, { resamples: 500, level: 0.9 });
    const at = (part: number) => {
      const place = part * 499;
      return figures[Math.floor(place)]! + (place % 1) * (figures[Math.ceil(place)]! - figures[Math.floor(place)]!);
    };
    expect(low).toBeCloseTo(at(0.05), 12);
    expect(high).toBeCloseTo(at(0.95), 12);
  });

  it('refuses options that give no interval', () => {
    const data = clips([0.5, 1], 4);
    const wrong: [object | null, RegExp][] = [
      [{ resamples: 0 }, /^Cannot bootstrap over speakers: resamples must be a whole number from 1 to 1000000, got 0$/],
      [{ resamples: 1.5 }, /resamples must be/],
      [{ resamples: 1e9 }, /resamples must be/],
      [{ level: 95 }, /level must be a number from 0.01 to 0.9999, got 95$/],
      [{ level: 0 }, /level must be/],
      [{ level: Number.NaN }, /level must be/],
      [{ level: '0.9' }, /level must be/],
      [{ seed: 0.5 }, /seed must be/],
      [{ seeds: 1 }, /there is no option named 'seeds'/],
      [null, /options must be an object, got null/],
    ];
    for (const [options, message] of wrong) {
      expect(() => speakerBootstrap(data, 2, weightedAverageRecall, options as never)).toThrow(message);
    }
  });

  it('refuses predictions and figures that there is no interval of', () => {
    const data = clips([0.5, 1], 4);
    expect(() => speakerBootstrap([], 2, weightedAverageRecall)).toThrow(/there must be predictions, got none/);
    expect(() => speakerBootstrap(data, 3, weightedAverageRecall)).toThrow(/must be 3, one a label, got 2/);
    expect(() => speakerBootstrap(data, 2, undefined as never)).toThrow(/figure must be a function/);
    const ofLast = (counts: Parameters<typeof recalls>[0]) => recalls(counts)[1] ?? Number.NaN;
    expect(() => speakerBootstrap(data, 2, ofLast)).toThrow(/figure must give numbers, got NaN/);
  });
});
