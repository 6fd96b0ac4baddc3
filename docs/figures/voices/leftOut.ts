// results of models that have not heard a corpus → what they recognise in it, and how far they can be relied on

import type { ResultFile } from '../../../experiments/results/resultFile.ts';
import { type MeanAndStd, meanAndStd, type SeedPredictions } from '../../../src/crossValidation/crossValidation.ts';
import { fitTemperature, withTemperature } from '../../../src/evaluation/calibrate.ts';
import type { LabelledPrediction } from '../../../src/evaluation/labelledPrediction.ts';
import {
  argMax,
  confusionMatrix,
  expectedCalibrationError,
  unweightedAverageRecall,
} from '../../../src/evaluation/metrics.ts';
import { restrictPredictions } from '../../../src/evaluation/restrictPredictions.ts';
import { fitSureThreshold } from '../../../src/evaluation/sureThreshold.ts';
import { clipsOf } from '../modelFigures.ts';
import { completeSeeds } from '../resultRuns.ts';

/** A corpus that was left out; means over the seeds. */
export interface CorpusFigures {
  readonly corpus: string;
  readonly clips: number;
  readonly speakers: number;
  /** The labels that its clips have. */
  readonly labels: readonly string[];
  /** With all labels of the model competing. */
  readonly open: MeanAndStd;
  /** Among the corpus' own labels; calm counts as neutral where it has none. */
  readonly restricted: MeanAndStd;
  /** Expected calibration error among all labels: as given, and with the temperature fitted to the other corpora left out. */
  readonly ece: number;
  readonly calibrated: number;
  /** Undefined without a threshold. */
  readonly sure?: SureFigures | undefined;
}

/** The sure: share of the clips, and the shares of these that are right, among all labels and among the corpus' own. */
interface SureFigures {
  readonly coverage: number;
  readonly accuracy: number;
  readonly restricted: number;
}

/**
 * Figures of each corpus; none if no seed has all of them.
 *
 * Nothing is chosen on the corpus itself: its temperature is that of the other corpora left out; a clip is sure above the confidence from
 * which on 80 % of RAVDESS' clips are right, at that temperature.
 *
 * @param si5 the same configuration on RAVDESS' folds, which the threshold follows from
 */
export function leftOutFigures(file: ResultFile, si5: ResultFile | undefined): CorpusFigures[] {
  const { labels } = file;
  const { seeds, folds } = completeSeeds(file.runs, file);
  if (seeds.length === 0) return [];
  const ravdess = si5 ? completeSeeds(si5.runs, si5).seeds.flatMap(clipsOf) : [];
  return folds.map((fold) => {
    const each = seeds.map((seed) => seedFigures(labels, seed, fold, ravdess));
    const mean = (of: (one: SeedFigures) => number) => each.reduce((sum, one) => sum + of(one), 0) / each.length;
    const clips = foldOf(seeds[0]!, fold);
    return {
      ...{ corpus: fold.replace('loco/', ''), clips: clips.length, labels: labelsIn(labels, clips) },
      speakers: new Set(clips.map(({ speaker }) => speaker)).size,
      open: meanAndStd(each.map(({ open }) => open)),
      restricted: meanAndStd(each.map(({ restricted }) => restricted)),
      ...{ ece: mean(({ ece }) => ece), calibrated: mean(({ calibrated }) => calibrated) },
      sure:
        ravdess.length === 0
          ? undefined
          : {
              coverage: mean(({ sure }) => sure.coverage),
              accuracy: mean(({ sure }) => sure.accuracy),
              restricted: mean(({ sure }) => sure.restricted),
            },
    };
  });
}

interface SeedFigures {
  readonly open: number;
  readonly restricted: number;
  readonly ece: number;
  readonly calibrated: number;
  readonly sure: SureFigures;
}

function seedFigures(
  labels: readonly string[],
  seed: SeedPredictions,
  fold: string,
  ravdess: readonly LabelledPrediction[],
): SeedFigures {
  const clips = foldOf(seed, fold);
  const others = seed.folds.flatMap(({ name, predictions }) => (name === fold ? [] : predictions));
  const temperature = fitTemperature(others);
  const calibrated = withTemperature(clips, temperature);
  const own = restricted(labels, clips);
  const above = ravdess.length > 0 ? fitSureThreshold(withTemperature(ravdess, temperature)) : 1;
  const sure = calibrated.flatMap(({ probabilities }, i) =>
    Math.max(...Array.from(probabilities)) > above ? [i] : [],
  );
  return {
    ...{ open: uarOf(labels, clips), restricted: uarOf(labels, own) },
    ...{ ece: expectedCalibrationError(clips), calibrated: expectedCalibrationError(calibrated) },
    sure: {
      coverage: sure.length / clips.length,
      accuracy: accuracyOf(sure.map((i) => clips[i]!)),
      restricted: accuracyOf(sure.map((i) => own[i]!)),
    },
  };
}

function foldOf({ folds }: SeedPredictions, fold: string): readonly LabelledPrediction[] {
  return folds.find(({ name }) => name === fold)!.predictions;
}

function labelsIn(labels: readonly string[], clips: readonly LabelledPrediction[]): string[] {
  return labels.filter((_, i) => clips.some(({ label }) => label === i));
}

function restricted(labels: readonly string[], clips: readonly LabelledPrediction[]): LabelledPrediction[] {
  return restrictPredictions(labels, clips, labelsIn(labels, clips), { merge: { calm: 'neutral' } });
}

function uarOf(labels: readonly string[], clips: readonly LabelledPrediction[]): number {
  return unweightedAverageRecall(confusionMatrix(clips, labels.length));
}

/** NaN of none. */
function accuracyOf(clips: readonly LabelledPrediction[]): number {
  return clips.filter(({ label, probabilities }) => argMax(probabilities) === label).length / clips.length;
}
