// what is on record of the configuration for several corpora → each figure beside what there was before, a floor and an aim

import type { Errors } from '../../../experiments/speech/speechResults.ts';
import { unweightedAverageRecall } from '../../../src/evaluation/metrics.ts';
import { percent, table } from '../markdown.ts';
import { meanOverSeeds } from '../modelFigures.ts';
import { completeSeeds } from '../resultRuns.ts';
import { type ConditionFigures, conditionFigures } from '../robustness.ts';
import { points } from '../words.ts';
import { type CorpusFigures, leftOutFigures } from './leftOut.ts';
import type { VoicesResults } from './readVoices.ts';

/** One figure; shares of 1. */
export interface VoicesAim {
  readonly what: string;
  /** Of the model that was trained on RAVDESS alone, in words. */
  readonly before: string;
  readonly bound: '≥' | '≤';
  /** Undefined where it is only to be reported. */
  readonly least?: number | undefined;
  readonly aim: number;
  /** Undefined if it is not measured yet. */
  readonly got?: number | undefined;
  readonly write: (value: number) => string;
}

/** Figures of strangers before: a model trained on RAVDESS without its fold 1, one seed, on samples of the corpora. */
export const BEFORE: Readonly<Record<string, number>> = {
  TESS: 0.467,
  nEMO: 0.288,
  EMOVO: 0.304,
  ASED: 0.266,
  'TurEV-DB': 0.41,
};

/** Changes of UAR that are one line of the table: the worst of them counts. */
const SURROUNDINGS = ['room-0.6s', 'babble-10db', 'opus', 'gain+12db', 'gain-12db'];

/** All of them, in the order of the page. */
export function voicesAims(results: VoicesResults): VoicesAim[] {
  const corpora = results.loco ? leftOutFigures(results.loco, results.si5) : [];
  const conditions = conditionsOf(results);
  const aim =
    (write: VoicesAim['write'], bound: VoicesAim['bound']) =>
    (what: string, before: string, [least, aim]: readonly [number | undefined, number], got?: number): VoicesAim => ({
      ...{ what, before, bound, least, aim, write },
      got: Number.isNaN(got) ? undefined : got,
    });
  const [share, most] = [aim(percent, '≥'), aim(percent, '≤')];
  const [change, error] = [aim(points, '≥'), aim((value) => value.toFixed(3), '≤')];
  const uarOf = (name: string) => conditions.find((one) => one.name === name)?.uar;
  const surroundings = conditions.filter(({ name }) => SURROUNDINGS.includes(name)).map(({ change }) => change);
  const all = surroundings.length === SURROUNDINGS.length ? Math.min(...surroundings) : undefined;
  const enrolled = enrolledOf(results);
  const by = results.personalise || !results.alonePersonalise ? ', si5' : ', si5 of RAVDESS alone';
  const sound = soundsOf(results);
  return [
    share(
      'corpora left out: restricted UAR, mean',
      '34.7 %',
      [0.4, 0.48],
      mean(corpora, (one) => one.restricted.mean),
    ),
    share('RAVDESS, actors left out (si5): UAR', '67.8 %', [0.675, 0.72], si5Uar(results)),
    share('si5 by telephone: UAR', '39.5 %', [0.58, 0.63], uarOf('telephone')),
    share('si5, one second in the middle: UAR', '44.5 %', [0.52, 0.58], uarOf('cropped')),
    change('si5 in a room, in babble, by Opus, ±12 dB: ΔUAR, the worst', '−4.6 points', [-0.05, -0.03], all),
    most('labels changed by a shift of one frame, the worst corpus', '8 to 31 %', [0.04, 0.02], shiftOf(results)),
    share(
      `one labelled clip of each emotion of the speaker${by}: UAR`,
      '70.8 %',
      [0.715, 0.75],
      enrolled('labelled-1'),
    ),
    share(`two${by}: UAR`, '72.6 %', [0.74, 0.78], enrolled('labelled-2')),
    share(`three${by}: UAR`, '73.2 %', [0.755, 0.8], enrolled('labelled-3')),
    share(`clips of the speaker without labels${by}: UAR`, '67.8 %', [0.69, 0.72], enrolled('unlabelled')),
    change(
      `two neutral clips of the speaker only${by}: ΔUAR`,
      '−4.3 points',
      [-0.01, 0],
      difference(enrolled('neutral'), enrolled('none')),
    ),
    share(`men, two labelled clips of each emotion${by}: UAR`, '67.9 %', [0.7, 0.74], enrolled('labelled-2', 'uarMen')),
    most('silence, noise, hum, tones, beeps, instruments: taken for speech', 'most', [0.01, 0], sound.silent),
    most('music: taken for speech', 'most', [0.01, 0], sound.music),
    most('speech of all corpora, clean: taken for none', '–', [0.01, 0.003], sound.missed),
    error(
      'corpora left out: ECE, the worst',
      '.13 to .25',
      [0.1, 0.06],
      worst(corpora, (one) => one.calibrated),
    ),
    share(
      'corpora left out: right among the sure, mean',
      '–',
      [undefined, 0.7],
      mean(corpora, (one) => one.sure?.accuracy),
    ),
    share(
      'corpora left out: share that is sure, mean',
      '–',
      [undefined, 0.3],
      mean(corpora, (one) => one.sure?.coverage),
    ),
  ];
}

/** `aim reached`, `floor reached`, `not reached`; by the unrounded figure. */
export function verdictOf({ bound, least, aim, got }: VoicesAim): string {
  if (got === undefined) return 'not measured yet';
  const meets = (value: number) => (bound === '≥' ? got >= value : got <= value);
  if (meets(aim)) return 'aim reached';
  if (least === undefined) return 'aim not reached';
  return meets(least) ? 'floor reached' : 'not reached';
}

/** The table. */
export function voicesAimsTable(results: VoicesResults): string {
  const rows = voicesAims(results).map((one) => {
    const { what, before, bound, least, aim, got, write } = one;
    const bounds = [least, aim].map((value) => (value === undefined ? 'reported' : `${bound} ${write(value)}`));
    return [what, before, ...bounds, got === undefined ? '–' : write(got), verdictOf(one)];
  });
  return table([['figure', 'before', 'at least', 'aim', 'now', ''], ...rows]);
}

/** The changes that were made to the clips of si5; none without results. */
export function conditionsOf({ si5, robustness }: VoicesResults): ConditionFigures[] {
  return si5 && robustness ? conditionFigures(robustness, si5) : [];
}

function si5Uar({ si5 }: VoicesResults): number | undefined {
  const seeds = si5 ? completeSeeds(si5.runs, si5).seeds : [];
  return seeds.length > 0 ? meanOverSeeds(seeds, si5!.labels.length, unweightedAverageRecall).mean : undefined;
}

/** UAR after a way to enrol, by models that correct their last layer where there are some. */
function enrolledOf({ personalise, alonePersonalise }: VoicesResults) {
  const { parts } = personalise ?? alonePersonalise ?? { parts: [] };
  const part = parts.find(({ reads }) => reads === 'last layer') ?? parts[0];
  return (way: string, of: 'uar' | 'uarMen' = 'uar') => part?.rows.find(({ name }) => name === way)?.[of].mean;
}

/** Among all labels, by the worse of the ways to shift. */
function shiftOf({ shifts }: VoicesResults): number | undefined {
  const changed = shifts.flatMap(({ corpora }) =>
    corpora.map(({ shifts: { cut, frame } }) => Math.max(cut.changed, frame.changed)),
  );
  return changed.length > 0 ? Math.max(...changed) : undefined;
}

/** What the library's own detector has wrong. */
function soundsOf({ speech }: VoicesResults): Partial<Record<'silent' | 'music' | 'missed', number>> {
  if (!speech) return {};
  const wrong = (all: readonly { readonly errors: Errors }[]) => {
    const own = all.flatMap(({ errors }) => errors.own ?? []);
    const total = (of: 'clips' | 'wrong') => own.reduce((sum, one) => sum + one[of], 0);
    return total('wrong') / total('clips');
  };
  return {
    silent: wrong(speech.silent),
    music: wrong(speech.music.filter(({ kind }) => kind === 'music')),
    missed: wrong(speech.speech.filter(({ change }) => change === 'clean')),
  };
}

function difference(some: number | undefined, others: number | undefined): number | undefined {
  return some === undefined || others === undefined ? undefined : some - others;
}

/** Undefined where there are none, or one has none. */
function mean(corpora: readonly CorpusFigures[], of: (one: CorpusFigures) => number | undefined): number | undefined {
  const values = corpora.map(of);
  if (values.length === 0 || values.includes(undefined)) return undefined;
  return values.reduce<number>((sum, value) => sum + value! / values.length, 0);
}

function worst(corpora: readonly CorpusFigures[], of: (one: CorpusFigures) => number): number | undefined {
  return corpora.length > 0 ? Math.max(...corpora.map(of)) : undefined;
}
