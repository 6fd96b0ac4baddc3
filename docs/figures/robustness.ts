// labels recognised on clips made worse → what that costs: figures and their table

import type { ResultFile, RobustnessCondition, RobustnessFile } from '../../experiments/results/resultFile.ts';
import type { SeedPredictions } from '../../src/crossValidation/crossValidation.ts';
import { argMax, confusionMatrix, unweightedAverageRecall } from '../../src/evaluation/metrics.ts';
import { paragraph, percent, table } from './markdown.ts';
import { clipsOf } from './modelFigures.ts';
import { completeSeeds } from './resultRuns.ts';
import type { Results } from './results.ts';
import { counted, npmRun, points, ranges } from './words.ts';

/** Means over the seeds: what one change to the clips does to the single model. */
export interface ConditionFigures {
  readonly name: string;
  readonly says: string;
  readonly seeds: readonly number[];
  readonly uar: number;
  /** UAR less that on clean clips; 0 for these. */
  readonly change: number;
  /** Share of the clips that get the same label as when clean. */
  readonly unchanged: number;
}

/** The condition that the others are held against. */
const CLEAN = 'clean';

/** What each condition does to the models of the protocol that was tested so; none where nothing is on record. */
export function robustnessFigures({ robustness, protocols }: Results): ConditionFigures[] {
  const same = protocols.find(({ protocol }) => protocol === robustness?.protocol);
  return robustness && same ? conditionFigures(robustness, same) : [];
}

/**
 * What each condition does, over the seeds that have all folds in it and in the clean one; none where nothing can be said yet.
 *
 * @param protocol the results of the same models: they name the clips of each fold, which the digits follow
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
        ...{ name: condition.name, says: condition.says, seeds: both },
        uar: mean(({ uar }) => uar),
        change: mean(({ change }) => change),
        unchanged: mean(({ unchanged }) => unchanged),
      },
    ];
  });
}

/** Of the seeds that have all folds: what is recognised, as if it were certain. */
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
  const rows = conditions.map(({ name, says, seeds, uar, change, unchanged }) => {
    const against = name === CLEAN ? ['–', '–'] : [points(change), percent(unchanged)];
    return [name, says, String(seeds.length), percent(uar), ...against];
  });
  return table([[protocol, 'what was done', 'seeds', 'UAR', 'ΔUAR', 'labels unchanged'], ...rows]);
}

/** The part of the page; nothing where there are no figures. */
export function robustnessSection(
  { protocol, says, commit, recipe }: RobustnessFile,
  conditions: readonly ConditionFigures[],
): string {
  if (conditions.length === 0) return '';
  const most = Math.max(...conditions.map(({ seeds }) => seeds.length));
  return `\
## When the sound is worse

${paragraph(`
The models of ${protocol} (${says}) on the clips that they were tested on, made worse. Means over ${counted(most, 'seed')} of the single model; ΔUAR is
against the clean clips, and the last column the share of clips that get the same label as these. At ${commit}.`)}

${conditionsTable(protocol, conditions)}

${npmRun('evaluate', recipe, `--protocol ${protocol} --robustness --seed ${ranges(conditions[0]!.seeds)}`)}`;
}
