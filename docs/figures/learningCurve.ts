// results with fewer training actors → the learning curve: figures, table and SVG

import { toSvg } from '../../cli/src/report/chart.ts';
import type { LearningCurveFile, ResultFile, ResultRun } from '../../experiments/results/resultFile.ts';
import { parseRavdessName } from '../../src/dataset/ravdessName.ts';
import { unweightedAverageRecall, weightedAverageRecall } from '../../src/evaluation/metrics.ts';
import { paragraph, percent, table } from './markdown.ts';
import { type Figure, overSeeds } from './modelFigures.ts';
import { picture } from './picture.ts';
import { completeSeeds } from './resultRuns.ts';
import { isSmall, npmRun, ranges, spread, trainedAt } from './words.ts';

/** Scores of the single model, trained on so many actors. */
export interface CurvePoint {
  readonly actors: number;
  /** The number in words. */
  readonly name: string;
  readonly seeds: readonly number[];
  readonly uar: Figure;
  readonly war: Figure;
}

/**
 * The points that have a seed with all folds, by number of actors.
 *
 * @param protocols results of the same protocol and configuration among them become the last point: all actors
 */
export function curvePoints(file: LearningCurveFile, protocols: readonly ResultFile[] = []): CurvePoint[] {
  const isSame = ({ protocol, config }: Pick<ResultFile, 'protocol' | 'config'>) =>
    protocol === file.protocol && JSON.stringify(config) === JSON.stringify(file.config);
  const all = protocols.filter(isSame).map(({ runs }) => ({ ...allActors(runs), runs }));
  const points = [...file.points.map(({ actors, runs }) => ({ actors, name: String(actors), runs })), ...all]
    .map(({ actors, name, runs }) => ({ actors, name, seeds: completeSeeds(runs, file).seeds }))
    .filter(({ seeds }) => seeds.length > 0)
    .sort((a, b) => a.actors - b.actors)
    .map(({ actors, name, seeds }) => ({
      ...{ actors, name },
      seeds: seeds.map(({ seed }) => seed),
      uar: overSeeds(seeds, file.labels.length, unweightedAverageRecall),
      war: overSeeds(seeds, file.labels.length, weightedAverageRecall),
    }));
  return points.some(isDrawn) ? points : [];
}

/** Whether it is of some actors and not of all. */
function isDrawn({ actors, name }: CurvePoint): boolean {
  return name === String(actors);
}

/** Training actors of folds that leave out only their test actors: on average, and in words. */
function allActors(runs: readonly ResultRun[]): { actors: number; name: string } {
  const actorsOf = (clips: readonly string[]) => new Set(clips.map((clip) => parseRavdessName(clip).actor)).size;
  const whole = actorsOf(runs.flatMap(({ testClips }) => Object.keys(testClips)));
  const folds = new Map(runs.map(({ fold, testClips }) => [fold, whole - actorsOf(Object.keys(testClips))]));
  const counts = [...folds.values()].sort((a, b) => a - b);
  const actors = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return { actors, name: `all: ${[...new Set(counts)].join(' or ')}` };
}

/** Path of the picture from docs. */
export const CURVE_PICTURE = 'results/learning-curve.svg';

/** The section of the page; empty if no point is complete. */
export function curveSection(file: LearningCurveFile, points: readonly CurvePoint[]): string {
  const { protocol, description, config } = file;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return '';
  const drawn = points.filter(isDrawn);
  const revisions = trainedAt(
    file,
    file.points.flatMap(({ runs }) => runs),
  );
  const seeds = [...new Set(drawn.flatMap((point) => point.seeds))].sort((a, b) => a - b);
  const rows = points.map(({ name, seeds, uar, war }) => [...[name, String(seeds.length), spread(uar), spread(war)]]);
  const alt =
    `UAR against the number of training actors, ${protocol}: from ${percent(first.uar.mean)} with ${first.name} ` +
    `to ${percent(last.uar.mean)} with ${last.name}, with the 95 % interval over the tested actors as a band`;
  return `\
## Learning curve

${paragraph(`The single model${isSmall(config) ? ' of the small configuration' : ''}, trained on fewer actors and tested on the same clips; ${protocol}, ${description}. Trained at ${revisions}.`)}

![${alt}](${CURVE_PICTURE})

${table([[`${protocol}: actors trained on`, 'seeds', 'UAR', 'WAR'], ...rows])}

${npmRun('learning-curve', config, `--actors ${drawn.map(({ name }) => name).join(',')} --seed ${ranges(seeds)}`)}`;
}

/** A line with its band. */
export async function curvePicture(points: readonly CurvePoint[], labelCount: number): Promise<string> {
  const values = points.map(({ actors, uar: { mean, interval } }) => ({ actors, mean, ...interval }));
  const most = Math.max(...points.map(({ actors }) => actors));
  const x = {
    field: 'actors',
    type: 'quantitative' as const,
    title: 'actors trained on',
    scale: { domain: [0, most], nice: false },
    axis: { tickMinStep: 1, format: 'd', grid: false },
  };
  const y = { type: 'quantitative' as const, title: 'UAR', scale: { domain: [0, 1] }, axis: { format: '.0%' } };
  const svg = await toSvg({
    width: 480,
    height: 260,
    data: { values },
    layer: [
      {
        mark: { type: 'area', color: '#0072b2', opacity: 0.2 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'line', color: '#0072b2', strokeWidth: 2, point: { color: '#0072b2', size: 40 } },
        encoding: { x, y: { ...y, field: 'mean' } },
      },
      {
        data: { values: [{ chance: 1 / labelCount, text: 'guessing' }] },
        layer: [
          { mark: { type: 'rule', strokeDash: [4, 4], stroke: '#555555' }, encoding: { y: { ...y, field: 'chance' } } },
          {
            mark: { type: 'text', align: 'left', x: 4, dy: -7, fontSize: 11, color: '#555555' },
            encoding: { y: { ...y, field: 'chance' }, text: { field: 'text' } },
          },
        ],
      },
    ],
  });
  return picture(svg);
}
