// docs/results/leaks.json and sd10.json → docs/leaks.md with its regions filled, and its picture

import { toSvg } from '../../cli/src/report/chart.ts';
import { type LeakRun, type LeaksFile, type LeakWay, WAYS } from '../../experiments/leaks/leaksFile.ts';
import type { ResultFile } from '../../experiments/results/resultFile.ts';
import { luckySplits, SPLITS } from './luckySplit.ts';
import { fillRegion, paragraph, percent, table } from './markdown.ts';
import { picture } from './picture.ts';
import { completeSeeds } from './resultRuns.ts';
import { counted, points } from './words.ts';

/** What the paper that this library implements reports. */
const PAPER = 0.95;

/** Path of the picture from docs. */
const PICTURE = 'results/leaks.svg';

const NOT_YET = 'not measured yet';

/** A way to leak, and what it makes of the figure: means over its trainings; undefined where there are none. */
interface WayFigures {
  readonly name: string;
  readonly description: string;
  readonly trainings: number;
  readonly last: number | undefined;
  /** Against the honest trainings of the same folds and seeds. */
  readonly change: number | undefined;
  /** Of the epoch that is best on the test. */
  readonly best: number | undefined;
}

/**
 * The page and its picture, by path from the root. What has no results says so.
 *
 * @param page with the text between the regions
 * @param leaks what `npm run leaks` wrote
 * @param sd10 the cross-validation that lucky splits are drawn from
 */
export async function leaksPage(
  page: string,
  leaks: LeaksFile | undefined,
  sd10: ResultFile | undefined,
): Promise<Record<string, string>> {
  const ways = wayFigures(leaks?.runs ?? []);
  const lucky = sd10 ? luckyFigures(sd10) : [];
  const measured = ways.filter(({ last }) => last !== undefined);
  const regions = {
    verdict: verdict(ways, lucky),
    ways: [leaks && circumstances(leaks), waysTable(ways), measured.length > 0 && pictureOf(measured)]
      .filter(Boolean)
      .join('\n\n'),
    lucky: lucky.length > 0 ? luckyTable(lucky) : 'Not measured yet.',
    checks: checksTable(leaks?.runs ?? []),
  };
  return {
    'docs/leaks.md': Object.entries(regions).reduce((text, [name, content]) => fillRegion(text, name, content), page),
    ...(measured.length > 0 && { [`docs/${PICTURE}`]: await drawPicture(measured) }),
  };
}

function wayFigures(runs: readonly LeakRun[]): WayFigures[] {
  const honestOf = ({ fold, seed }: LeakRun) =>
    runs.find((run) => run.way === 'honest' && run.fold === fold && run.seed === seed);
  const figuresOf = (
    name: string,
    description: string,
    own: readonly LeakRun[],
    last: (run: LeakRun) => number,
    best?: (run: LeakRun) => number,
  ): WayFigures => ({
    ...{ name, description, trainings: own.length, last: mean(own.map(last)), best: best && mean(own.map(best)) },
    change: mean(
      own.flatMap((run) => {
        const honest = honestOf(run);
        return honest ? [last(run) - lastOf(honest)] : [];
      }),
    ),
  });
  const ways = (Object.keys(WAYS) as LeakWay[]).map((way) =>
    figuresOf(
      way,
      WAYS[way],
      runs.filter((run) => run.way === way),
      lastOf,
      ({ uarByEpoch }) => Math.max(...uarByEpoch),
    ),
  );
  const honest = runs.filter(({ way }) => way === 'honest');
  const onTraining = figuresOf(
    'on training',
    'the honest model is scored on its training clips',
    honest,
    (run) => run.uarOfTraining,
  );
  return [...ways.slice(0, -1), onTraining, ways.at(-1)!];
}

function lastOf({ uarByEpoch }: LeakRun): number {
  return uarByEpoch.at(-1)!;
}

function mean(values: readonly number[]): number | undefined {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
}

function circumstances({ runs, config }: LeaksFile): string {
  const [folds, seeds, commits] = (['fold', 'seed', 'commit'] as const).map((key) => [
    ...new Set(runs.map((run) => String(run[key]))),
  ]);
  const tested = new Map(runs.map(({ fold, tested }) => [fold, tested]));
  const clips = [...tested.values()].reduce((sum, count) => sum + count, 0);
  return paragraph(`
${counted(config.training.epochs!, 'epoch')}; ${counted(folds!.length, 'fold')} of sd10 (${folds!.join(', ')}) with ${clips} tested clips in all;
${counted(seeds!.length, 'seed')}; trained at ${commits!.join(', ')}.`);
}

function waysTable(ways: readonly WayFigures[]): string {
  const share = (value: number | undefined) => (value === undefined ? '–' : `${percent(value)}${mark(value)}`);
  const rows = ways.map(({ name, description, trainings, last, change, best }) => [
    ...[name, description, String(trainings), last === undefined ? NOT_YET : share(last)],
    ...[change === undefined || name === 'honest' ? '–' : points(change), share(best)],
  ]);
  return table([
    ['training', 'what leaks', 'trainings', 'UAR, last epoch', 'against honest', 'UAR, best epoch by the test'],
    ...rows,
  ]);
}

/** Points to what reaches the paper's figure. */
function mark(value: number): string {
  return value > PAPER ? ' **> 95 %**' : '';
}

interface LuckyFigures {
  readonly seed: number;
  /** UAR of each split, in ascending order, and their mean. */
  readonly splits: readonly number[];
  readonly mean: number;
}

function luckyFigures({ runs, ...file }: ResultFile): LuckyFigures[] {
  return completeSeeds(runs, file).seeds.map(({ seed, folds }) => {
    const clips = folds.flatMap(({ predictions }) => predictions);
    const splits = luckySplits(file.labels, clips).sort((a, b) => a - b);
    return { seed, splits, mean: mean(splits)! };
  });
}

function luckyTable(lucky: readonly LuckyFigures[]): string {
  return table([
    ['seed', `mean of ${SPLITS} splits`, 'unluckiest', 'luckiest', 'above 95 %'],
    ...lucky.map(({ seed, mean, splits }) => [
      ...[String(seed), percent(mean), percent(splits[0]), `${percent(splits.at(-1))}${mark(splits.at(-1)!)}`],
      `${splits.filter((uar) => uar > PAPER).length} of ${SPLITS}`,
    ]),
  ]);
}

/** Where the paper's figure appears, in words. */
function verdict(ways: readonly WayFigures[], lucky: readonly LuckyFigures[]): string {
  const luckiest = lucky.length > 0 ? Math.max(...lucky.map(({ splits }) => splits.at(-1)!)) : undefined;
  const figures = [
    ...ways.flatMap(({ name, last, best }) => [
      { name: name === 'honest' ? 'as it should be' : name, figure: last },
      ...(best === undefined ? [] : [{ name: `${name}, best epoch by the test`, figure: best }]),
    ]),
    { name: `the luckiest of ${SPLITS} splits`, figure: luckiest },
  ];
  const listed = (isOne: (figure: number) => boolean) =>
    figures
      .filter(({ figure }) => figure !== undefined && isOne(figure))
      .map(({ name, figure }) => `${name} (${percent(figure)})`)
      .join(', ');
  const [above, below] = [listed((figure) => figure > PAPER), listed((figure) => figure <= PAPER)];
  const missing = ways.filter(({ last }) => last === undefined).map(({ name }) => name);
  return paragraph(
    [
      `**More than 95 %:** ${above || 'none that was measured'}.`,
      `**Not more:** ${below || 'none that was measured'}.`,
      missing.length > 0 && `**Not measured yet:** ${missing.join(', ')}.`,
    ]
      .filter(Boolean)
      .join(' '),
  );
}

/** What `checkLeaks` says of the folds as they were trained. */
function checksTable(runs: readonly LeakRun[]): string {
  const rows = (Object.keys(WAYS) as LeakWay[]).map((way) => {
    const own = runs.filter((run) => run.way === way);
    const types = [...new Set(own.flatMap(({ leaks }) => Object.keys(leaks) as (keyof LeakRun['leaks'])[]))];
    const counts = types.map((type) => `\`${type}\` ${own.reduce((sum, { leaks }) => sum + (leaks[type] ?? 0), 0)}`);
    return [way, own.length === 0 ? NOT_YET : counts.join(', ') || 'none'];
  });
  return table([['training', 'leaks found, over all of its trainings'], ...rows]);
}

function pictureOf(ways: readonly WayFigures[]): string {
  const alt = `UAR of the last epoch under each leak: ${ways.map(({ name, last }) => `${name} ${percent(last)}`).join(', ')}`;
  return `![${alt}](${PICTURE})`;
}

/** A bar for each way, a point for its best epoch, and a line at the paper's figure. */
async function drawPicture(ways: readonly WayFigures[]): Promise<string> {
  const values = ways.map(({ name, last, best }) => ({ name, last, best }));
  const x = {
    ...{ type: 'quantitative' as const, scale: { domain: [0, 1] }, axis: { format: '.0%' } },
    title: 'UAR: last epoch (bar), best epoch by the test (point); the line is the paper’s 95 %',
  };
  const y = { field: 'name', type: 'nominal' as const, sort: null, title: null, axis: { grid: false, ticks: false } };
  const svg = await toSvg({
    ...{ width: 480, height: { step: 26 }, data: { values } },
    layer: [
      { mark: { type: 'bar', color: '#56a0d3', height: 14 }, encoding: { x: { ...x, field: 'last' }, y } },
      {
        transform: [{ filter: 'isValid(datum.best)' }],
        mark: { type: 'point', filled: true, size: 60, color: '#d55e00', opacity: 1 },
        encoding: { x: { ...x, field: 'best' }, y },
      },
      {
        data: { values: [{ paper: PAPER }] },
        mark: { type: 'rule', strokeDash: [4, 4], stroke: '#555555' },
        encoding: { x: { ...x, field: 'paper' } },
      },
    ],
  });
  return picture(svg);
}
