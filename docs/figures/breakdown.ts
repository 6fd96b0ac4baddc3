// figures of a protocol → recall by emotion; scores by sex, intensity, actor and fold, and by whether the search scored the clips

import type { SeedPredictions } from '../../src/crossValidation/crossValidation.ts';
import type { LabelledPrediction } from '../../src/evaluation/labelledPrediction.ts';
import { unweightedAverageRecall } from '../../src/evaluation/metrics.ts';
import { paragraph, percent, table } from './markdown.ts';
import { clipsOf, meanOverSeeds, overSeeds } from './modelFigures.ts';
import { modelsOf, type ProtocolFigures, sexGap } from './protocolFigures.ts';
import type { TrialLine } from './results.ts';
import { scoredBySearch } from './searchRecord.ts';
import { points, spread } from './words.ts';

/** Tables with their headings. */
export function breakdown(figures: ProtocolFigures, trials: readonly TrialLine[]): string {
  return ['### By emotion', byLabel(figures), '### By group', byGroup(figures), '### By fold', byFold(figures)]
    .concat(bySearch(figures, trials))
    .join('\n\n');
}

/** A row for each emotion. */
export function byLabel(figures: ProtocolFigures): string {
  const { protocol, labels } = figures.file;
  const models = modelsOf(figures);
  const clips = clipsOf(figures.single.seeds[0]!);
  const rows = labels.map((name, i) => [
    name,
    String(clips.filter(({ label }) => label === i).length),
    ...models.map(({ model }) => percent(model.pooled.recalls[i])),
  ]);
  return table([[`${protocol}: recall of`, 'clips', ...models.map(({ name }) => name)], ...rows]);
}

/** A row for each sex, intensity and actor, and the gap between women and men. */
export function byGroup(figures: ProtocolFigures): string {
  const models = modelsOf(figures);
  const { groups } = figures.single.pooled;
  const rows = Object.entries(groups).flatMap(([group, values]) =>
    Object.keys(values)
      .sort()
      .map((value) => [
        `${group} ${value}`,
        String(values[value]!.clips / figures.seeds.length),
        ...models.flatMap(({ model }) => {
          const { uar, war } = model.pooled.groups[group]![value]!;
          return [percent(uar), percent(war)];
        }),
      ]),
  );
  const head = [figures.file.protocol, 'clips', ...models.flatMap(({ name }) => [`UAR, ${name}`, 'WAR'])];
  const gaps = models.map(({ name, model }) => `${points(sexGap(model))} (${name})`);
  return `${table([head, ...rows])}

${paragraph(`The gap in UAR between women and men: ${gaps.join(', ')}. Nobody speaks neutral strongly, so UAR is over one label less there.`)}`;
}

function byFold(figures: ProtocolFigures): string {
  const rows = figures.folds.map((name) => partRow(figures, name, (_, fold) => fold === name, meanOverSeeds));
  return table([partHead(figures), ...rows]);
}

/** Whether the search overfitted the clips that it scored: the scores of the others are unbiased. */
function bySearch(figures: ProtocolFigures, trials: readonly TrialLine[]): string[] {
  const wasScored = scoredBySearch(trials, figures.speakers);
  if (!wasScored) return [];
  const part =
    (was: boolean): Part =>
    (clip, fold) =>
      wasScored(clip, fold) === was;
  if ([true, false].some((was) => clipsOf(partOf(figures.single.seeds[0]!, part(was))).length === 0)) return [];
  const what = figures.speakers === 'independent' ? 'actors' : 'folds';
  return [
    '### By what the search scored',
    `The configuration was chosen by its scores on clips of some ${what}; no trial was scored on the others.`,
    table([
      partHead(figures),
      partRow(figures, `${what} that trials were scored on`, part(true), overSeeds),
      partRow(figures, `${what} that no trial was scored on`, part(false), overSeeds),
    ]),
  ];
}

type Part = (clip: LabelledPrediction, fold: string) => boolean;

function partOf({ seed, folds }: SeedPredictions, holds: Part): SeedPredictions {
  const some = folds.map(({ name, predictions }) => ({
    name,
    predictions: predictions.filter((clip) => holds(clip, name)),
  }));
  return { seed, folds: some };
}

function partHead(figures: ProtocolFigures): string[] {
  const actors = figures.speakers === 'independent' ? ['actors'] : [];
  return [figures.file.protocol, ...actors, 'clips', ...modelsOf(figures).map(({ name }) => `UAR, ${name}`)];
}

function partRow(
  figures: ProtocolFigures,
  name: string,
  holds: Part,
  over: typeof overSeeds | typeof meanOverSeeds,
): string[] {
  const { labels } = figures.file;
  const clips = clipsOf(partOf(figures.single.seeds[0]!, holds));
  const actors = [...new Set(clips.map(({ speaker }) => Number(speaker)))].sort((a, b) => a - b);
  const recalled = modelsOf(figures).map(({ model: { seeds } }) => {
    const parts = seeds.map((one) => partOf(one, holds));
    return spread(over(parts, labels.length, unweightedAverageRecall));
  });
  return [name, ...(figures.speakers === 'independent' ? [actors.join(', ')] : []), String(clips.length), ...recalled];
}
