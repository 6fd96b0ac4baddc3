import { describe, expect, it } from 'vitest';
import { systemScores } from '../../experiments/compare/systemScores.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { unweightedAverageRecall } from '../../src/evaluation/metrics.ts';
import { speakerBootstrap } from '../../src/evaluation/speakerBootstrap.ts';

const LABELS = ['calm', 'sad'];
const SPEAKERS = ['1', '2', '3', '4'];

/** A clip of each label for each speaker of a fold, hit as `hits` says. */
const fold = (seed: number, name: string, speakers: readonly string[], hits: (speaker: string) => boolean) => ({
  ...{ seed, fold: name },
  clips: speakers.flatMap((speaker) =>
    LABELS.map((_, label): LabelledPrediction => {
      const said = hits(speaker) ? label : 1 - label;
      return { name: `${speaker}-${label}.wav`, label, speaker, groups: {}, probabilities: [1 - said, said] };
    }),
  ),
});

describe('systemScores', () => {
  it('of seeds that err on each other’s actors: the mean is ½ for whoever is drawn, which no end of theirs tells', () => {
    const odd = (speaker: string) => Number(speaker) % 2 === 1;
    const folds = [1, 2].flatMap((seed) => {
      const hits = (speaker: string) => odd(speaker) === (seed === 1);
      return [fold(seed, 'a', ['1', '2'], hits), fold(seed, 'b', ['3', '4'], hits)];
    });
    const { uar, war, interval, folds: each } = systemScores(LABELS, folds);
    expect([uar, war]).toEqual([0.5, 0.5]);
    expect(interval).toEqual([0.5, 0.5]);
    expect(each.map(({ seed, fold: name, uar: own }) => [seed, name, own])).toEqual([
      [1, 'a', 0.5],
      [1, 'b', 0.5],
      [2, 'a', 0.5],
      [2, 'b', 0.5],
    ]);
  });

  it('of one seed is that seed’s own interval (oracle: its bootstrap)', () => {
    const stream = new RandomStream(1);
    const only = fold(1, 'a', SPEAKERS, () => stream.next() < 0.5);
    const { low, high } = speakerBootstrap(only.clips, 2, unweightedAverageRecall);
    expect(systemScores(LABELS, [only]).interval).toEqual([low, high]);
  });
});
