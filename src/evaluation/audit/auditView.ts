// predictions of clips → how good they are, for whom, and how far apart groups are

import type { Resolved } from '../../core/check.ts';
import { nextTask } from '../../core/nextTask.ts';
import { countsBootstrap } from '../countsBootstrap.ts';
import { probabilityScores } from '../evaluation.ts';
import type { BootstrapOptions } from '../interval.ts';
import type { LabelledPrediction } from '../labelledPrediction.ts';
import {
  argMax,
  confusionMatrix,
  expectedCalibrationError,
  groupBy,
  macroF1,
  recalls,
  unweightedAverageRecall,
  weightedAverageRecall,
} from '../metrics.ts';
import { bySpeaker, speakerBootstrap, toConfusion } from '../speakerBootstrap.ts';
import { type CoveragePoint, riskCoverage } from '../sureThreshold.ts';
import type { AuditGap, AuditGroup, AuditView, ReliabilityBin } from './auditResult.ts';

/** What a view is made by. */
export interface ViewOptions {
  readonly labels: readonly string[];
  readonly sureAbove: number | undefined;
  /** Groups that results are broken down by. */
  readonly groups: readonly string[];
  /** Those whose gaps are measured. */
  readonly fairness: readonly string[];
  readonly bootstrap: Resolved<BootstrapOptions>;
  readonly signal: AbortSignal | undefined;
}

/** Judges calibrated predictions; with turns of the host. */
export async function auditView(clips: readonly LabelledPrediction[], options: ViewOptions): Promise<AuditView> {
  const { labels, sureAbove, bootstrap } = options;
  const confusion = confusionMatrix(clips, labels.length);
  const values = await inTurns([...new Set([...options.groups, ...options.fairness])], options, async (group) => {
    const having = clips.filter((clip) => groupValue(clip, group) !== undefined);
    const split = groupBy(having, (clip) => groupValue(clip, group)!).sort(([a], [b]) => (a < b ? -1 : 1));
    return [group, split] as const;
  });
  const groups = await inTurns(
    values.filter(([, split]) => split.length > 0),
    options,
    async ([group, split]) => {
      const scores = await inTurns(split, options, async ([value, own]) => [value, groupScores(own, options)] as const);
      return [group, Object.fromEntries(scores)] as const;
    },
  );
  const gaps = await inTurns(
    values.filter(([group, split]) => options.fairness.includes(group) && split.length > 1),
    options,
    async ([group, split]) => [group, gapOf(new Map(split), options)] as const,
  );
  return {
    uar: unweightedAverageRecall(confusion),
    uarInterval: speakerBootstrap(clips, labels.length, unweightedAverageRecall, bootstrap),
    war: weightedAverageRecall(confusion),
    macroF1: macroF1(confusion),
    confusion,
    recalls: recalls(confusion),
    calibration: { ...probabilityScores(clips), bins: reliabilityBins(clips) },
    riskCoverage: thinned(riskCoverage(clips)),
    sure: sureAbove === undefined ? null : sureOnes(clips, sureAbove),
    groups: Object.fromEntries(groups),
    gaps: Object.fromEntries(gaps),
  };
}

/** Works on one after the other, with turns of the host between them. */
export async function inTurns<T, R>(
  items: readonly T[],
  { signal }: { readonly signal: AbortSignal | undefined },
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) {
    await nextTask();
    signal?.throwIfAborted();
    results.push(await work(item));
  }
  return results;
}

/** `speaker` is a group, too; undefined where it is not known. */
function groupValue({ speaker, groups }: LabelledPrediction, group: string): string | undefined {
  return group === 'speaker' ? speaker || undefined : groups[group];
}

function groupScores(own: readonly LabelledPrediction[], { labels, bootstrap }: ViewOptions): AuditGroup {
  const confusion = confusionMatrix(own, labels.length);
  return {
    clips: own.length,
    speakers: bySpeaker(own).length,
    uar: unweightedAverageRecall(confusion),
    uarInterval: speakerBootstrap(own, labels.length, unweightedAverageRecall, bootstrap),
    war: weightedAverageRecall(confusion),
    ece: expectedCalibrationError(own),
    recalls: recalls(confusion),
  };
}

/**
 * The gap between the best and the worst value. Speakers are drawn within strata of those who have clips of the same of the two: those
 * of one value apart from those of the other, as two samples, and those of both, as with intensities, with both their parts.
 */
function gapOf(values: ReadonlyMap<string, readonly LabelledPrediction[]>, options: ViewOptions): AuditGap {
  const count = options.labels.length;
  const uar = (clips: readonly LabelledPrediction[]) => unweightedAverageRecall(confusionMatrix(clips, count));
  const ranked = [...values].map(([value, own]) => [value, uar(own)] as const).sort((a, b) => b[1] - a[1]);
  const [best, high] = ranked[0]!;
  const [worst, low] = ranked.at(-1)!;
  const sides = [best, worst].map((value) => new Map(bySpeaker(values.get(value)!)));
  const speakers = [...new Set(sides.flatMap((side) => [...side.keys()]))];
  const strata = groupBy(speakers, (speaker) => String(sides.map((side) => side.has(speaker))));
  const counts = strata.map(([, own]) =>
    own.map((speaker) => sides.flatMap((side) => confusionMatrix(side.get(speaker) ?? [], count).flat())),
  );
  const differenceOf = (sum: Float64Array) => {
    const [a, b] = [sum.subarray(0, count ** 2), sum.subarray(count ** 2)];
    return unweightedAverageRecall(toConfusion(a, count)) - unweightedAverageRecall(toConfusion(b, count));
  };
  const interval = countsBootstrap('audit', counts, differenceOf, options.bootstrap);
  return { best, worst, difference: high - low, interval };
}

/** As many as the expected calibration error is made of. */
const BINS = 15;

function reliabilityBins(clips: readonly LabelledPrediction[]): ReliabilityBin[] {
  const sums = Array.from({ length: BINS }, () => ({ clips: 0, confidence: 0, right: 0 }));
  for (const { label, probabilities } of clips) {
    const predicted = argMax(probabilities);
    const confidence = probabilities[predicted]!;
    const bin = sums[Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1))]!;
    bin.clips++;
    bin.confidence += confidence;
    if (predicted === label) bin.right++;
  }
  return sums
    .map(({ clips: count, confidence, right }, i) => ({
      ...{ from: i / BINS, to: (i + 1) / BINS, clips: count },
      ...{ confidence: confidence / count, accuracy: right / count },
    }))
    .filter((bin) => bin.clips > 0);
}

/** Points of a curve that are a hundredth of all clips apart, and the last. */
function thinned(points: readonly CoveragePoint[]): CoveragePoint[] {
  let next = 0;
  return points.filter(({ coverage }, i) => {
    if (coverage < next && i < points.length - 1) return false;
    next = coverage + 0.01;
    return true;
  });
}

function sureOnes(clips: readonly LabelledPrediction[], above: number): AuditView['sure'] {
  const sure = clips.filter(({ probabilities }) => probabilities[argMax(probabilities)]! > above);
  const right = sure.filter(({ label, probabilities }) => argMax(probabilities) === label).length;
  return { coverage: sure.length / clips.length, accuracy: sure.length > 0 ? right / sure.length : null };
}
