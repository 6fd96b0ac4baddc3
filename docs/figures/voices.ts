// docs/results → docs/voices.md with its regions filled, and its pictures

import { fillRegion, grouped, paragraph, percent, table } from './markdown.ts';
import { personaliseParts } from './personalise.ts';
import { protocolFigures } from './protocolFigures.ts';
import { calibration, circumstances, recognition } from './protocolSection.ts';
import { conditionFigures } from './robustness.ts';
import { adaptTable } from './voices/adapting.ts';
import { voicesCorporaTable } from './voices/corporaTable.ts';
import { leftOutFigures } from './voices/leftOut.ts';
import { CONDITIONS_PICTURE, conditionsPicture, LEFT_OUT_PICTURE, leftOutPicture } from './voices/pictures.ts';
import type { VoicesResults } from './voices/readVoices.ts';
import { shiftsTable } from './voices/shifts.ts';
import { trialsTable } from './voices/trials.ts';
import { conditionsOf, voicesAimsTable } from './voices/voicesAims.ts';
import { points, spread } from './words.ts';

/**
 * The page and its pictures, by path from the root. A region without results says so.
 *
 * @param page with the text between the regions
 */
export async function voicesPage(page: string, results: VoicesResults): Promise<Record<string, string>> {
  const { si5, loco, personalise, adapt, shifts, trials } = results;
  const regions = {
    aims: voicesAimsTable(results),
    corpora: voicesCorporaTable(),
    leftOut: leftOutSection(results) || NOT_YET,
    si5: (si5 && si5Section(si5)) || NOT_YET,
    conditions: conditionsSection(results) || NOT_YET,
    shifts: shifts.length > 0 ? shiftsTable(shifts) : NOT_YET,
    personalise: personalise ? personaliseParts(personalise) : NOT_YET,
    adapt: adapt ? adaptTable(adapt) : NOT_YET,
    trials: trials.length > 0 ? trialsTable(trials) : NOT_YET,
  };
  const corpora = loco ? leftOutFigures(loco, si5) : [];
  const conditions = conditionsOf(results);
  return {
    'docs/voices.md': Object.entries(regions).reduce((text, [name, content]) => fillRegion(text, name, content), page),
    ...(corpora.length > 0 && { [`docs/${LEFT_OUT_PICTURE}`]: await leftOutPicture(corpora) }),
    ...(conditions.length > 0 && { [`docs/${CONDITIONS_PICTURE}`]: await conditionsPicture(conditions) }),
  };
}

const NOT_YET = 'Not measured yet.';

function leftOutSection({ loco, si5 }: VoicesResults): string {
  const corpora = loco ? leftOutFigures(loco, si5) : [];
  const figures = loco && protocolFigures(loco);
  if (!figures) return '';
  const rows = corpora.map(({ corpus, clips, speakers, labels, open, restricted }) => [
    ...[corpus, grouped(clips), String(speakers), String(labels.length), percent(1 / labels.length)],
    ...[spread(restricted), spread(open)],
  ]);
  const relied = corpora.map(({ corpus, ece, calibrated, sure }) => [
    ...[corpus, ece.toFixed(3), calibrated.toFixed(3)],
    ...[sure?.coverage, sure?.accuracy, sure?.restricted].map((share) => percent(Number.isNaN(share) ? null : share)),
  ]);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
  const alt =
    `Restricted UAR of each corpus left out, beside guessing and a model trained on RAVDESS alone: ` +
    corpora.map(({ corpus, restricted }) => `${corpus} ${percent(restricted.mean)}`).join(', ');
  return [
    circumstances(loco, figures),
    `![${alt}](${LEFT_OUT_PICTURE})`,
    table([
      ['corpus left out', 'clips', 'speakers', 'labels', 'guessing', 'UAR, restricted', 'UAR, open'],
      ...rows,
      [
        '**mean**',
        '',
        '',
        '',
        '',
        `**${percent(mean(corpora.map((one) => one.restricted.mean)))}**`,
        percent(mean(corpora.map((one) => one.open.mean))),
      ],
    ]),
    paragraph(`
How far to rely on it. The expected calibration error (ECE, 15 bins, all labels) is lower where probabilities match frequencies. The temperature of a
corpus was fitted to the other corpora that were left out; a clip is *sure* above the confidence from which on 80 % of RAVDESS' clips are right at that
temperature.`),
    table([
      [
        'corpus left out',
        'ECE, as given',
        'ECE, calibrated',
        'sure',
        'right among the sure',
        'the same among its labels',
      ],
      ...relied,
    ]),
  ].join('\n\n');
}

function si5Section(file: NonNullable<VoicesResults['si5']>): string {
  const figures = protocolFigures(file);
  if (!figures) return '';
  return [circumstances(file, figures), recognition(figures), calibration(figures)].join('\n\n');
}

function conditionsSection(results: VoicesResults): string {
  const conditions = conditionsOf(results);
  if (conditions.length === 0) return '';
  const { alone, aloneRobustness } = results;
  const before = alone && aloneRobustness ? conditionFigures(aloneRobustness, alone) : [];
  const rows = conditions.map(({ name, description, seeds, uar, change, unchanged }) => [
    ...[name, description, String(seeds.length), percent(uar), points(change), percent(unchanged)],
    percent(before.find((one) => one.name === name)?.uar),
  ]);
  const alt =
    `UAR and labels unchanged under each change of the clips: ` +
    conditions.map(({ name, uar }) => `${name} ${percent(uar)}`).join(', ');
  return [
    `![${alt}](${CONDITIONS_PICTURE})`,
    table([['change', 'in words', 'seeds', 'UAR', 'ΔUAR', 'labels unchanged', 'UAR of RAVDESS alone'], ...rows]),
  ].join('\n\n');
}
