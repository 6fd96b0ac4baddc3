// labels predicted for perturbed clips → the loss in UAR: figures and their table

import type { ResultFile, RobustnessCondition, RobustnessFile } from '../../experiments/results/resultFile.ts';
import type { SeedPredictions } from '../../src/crossValidation/crossValidation.ts';
import { argMax, confusionMatrix, unweightedAverageRecall } from '../../src/evaluation/metrics.ts';
import { paragraph, percent, table } from './markdown.ts';
import { clipsOf } from './modelFigures.ts';
import { completeSeeds } from './resultRuns.ts';
import type { Results } from './results.ts';
import { counted, npmRun, points, ranges } from './words.ts';

/** Effect of one perturbation on the single model: means over the seeds. */
export interface ConditionFigures {
  readonly name: string;
  readonly description: string;
  readonly seeds: readonly number[];
  readonly uar: number;
  /** UAR less that on clean clips; 0 for these. */
  readonly change: number;
  /** Share of the clips that get the same label as when clean. */
  readonly unchanged: number;
}

/** The condition that the others are compared with. */
const CLEAN = 'clean';

/** The effect of each condition on the models of its protocol; none if nothing is on record. */
export function robustnessFigures({ robustness, protocols }: Results): ConditionFigures[] {
  const same = protocols.find(({ protocol }) => protocol === robustness?.protocol);
  return robustness && same ? conditionFigures(robustness, same) : [];
}

/**
 * The effect of each condition, over the seeds that have all folds in it and in the clean one; none without such seeds.
 *
 * @param protocol the results of the same models, which name the clips of each fold in the order of the digits
 * @throws {Error} when there are more or fewer digits than clips
 */
export function conditionFigures(file: RobustnessFile, protocol: ResultFile): ConditionFigures[] {
  const { seeds, folds } = completeSeeds(protocol.runs, protocol);
  const clean = file.conditions.find(({ name }) => name === CLEAN);
  if (!clean || !seeds[0]) return [];
  const reference = predictedBySeed(clean, folds, seeds[0]);
  return file.conditions.flatMap((condition) => {
    const predicted = predictedBySeed(condition, folds, seeds[0]!);
    const both = [...predicted.keys()].filter((seed) => reference.has(seed));
    if (both.length === 0) return [];
    const each = both.map((seed) => {
      const [own, before] = [clipsOf(predicted.get(seed)!), clipsOf(reference.get(seed)!)];
      const uar = (clips: typeof own) => unweightedAverageRecall(confusionMatrix(clips, file.labels.length));
      const same = own.filter(({ probabilities }, i) => argMax(probabilities) === argMax(before[i]!.probabilities));
      return { uar: uar(own), change: uar(own) - uar(before), unchanged: same.length / own.length };
    });
    const mean = (of: (one: (typeof each)[number]) => number) =>
      each.reduce((sum, one) => sum + of(one), 0) / each.length;
    return [
      {
        ...{ name: condition.name, description: condition.description, seeds: both },
        uar: mean(({ uar }) => uar),
        change: mean(({ change }) => change),
        unchanged: mean(({ unchanged }) => unchanged),
      },
    ];
  });
}

/** Predictions of the seeds that have all folds, with a probability of 1. */
function predictedBySeed(
  { name: condition, runs }: RobustnessCondition,
  folds: readonly string[],
  clips: SeedPredictions,
): Map<number, SeedPredictions> {
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((a, b) => a - b);
  const found = seeds.flatMap((seed): [number, SeedPredictions][] => {
    const own = folds.map((fold) => runs.find((run) => run.seed === seed && run.fold === fold));
    if (own.includes(undefined)) return [];
    const predicted = own.map((run) => {
      const { name, recognised } = { ...run!, name: run!.fold };
      const tested = clips.folds.find((fold) => fold.name === name)?.predictions ?? [];
      if (tested.length !== recognised.length) {
        throw new Error(
          `Cannot count results: ${condition} must have a digit for each clip of ${name}, ${tested.length}, got ${recognised.length}`,
        );
      }
      const predictions = tested.map((clip, i) => ({
        ...clip,
        probabilities: Array.from(clip.probabilities, (_, label) => (label === Number(recognised[i]) ? 1 : 0)),
      }));
      return { name, predictions };
    });
    return [[seed, { seed, folds: predicted }]];
  });
  return new Map(found);
}

/** A row for each condition. */
export function conditionsTable(protocol: string, conditions: readonly ConditionFigures[]): string {
  const rows = conditions.map(({ name, description, seeds, uar, change, unchanged }) => {
    const against = name === CLEAN ? ['–', '–'] : [points(change), percent(unchanged)];
    return [name, description, String(seeds.length), percent(uar), ...against];
  });
  return table([[protocol, 'perturbation', 'seeds', 'UAR', 'ΔUAR', 'labels unchanged'], ...rows]);
}

/** The section of the page; empty without figures. */
export function robustnessSection(
  { protocol, description, commit, config }: RobustnessFile,
  conditions: readonly ConditionFigures[],
): string {
  if (conditions.length === 0) return '';
  const most = Math.max(...conditions.map(({ seeds }) => seeds.length));
  return `\
## Robustness

${paragraph(`
The models of ${protocol} (${description}) on their test clips, perturbed. Means over ${counted(most, 'seed')} of the single model; ΔUAR is the difference
from the clean clips; the last column is the share of clips that get the same label as when clean. At ${commit}.`)}

${conditionsTable(protocol, conditions)}

${npmRun('evaluate', config, `--protocol ${protocol} --robustness --seed ${ranges(conditions[0]!.seeds)}`)}`;
}
