// figures of a protocol → its section of docs/results.md

import type { ResultFile } from '../../experiments/results/resultFile.ts';
import type { ProbabilityScores } from '../../src/evaluation/evaluation.ts';
import {
  argMax,
  confusionMatrix,
  macroF1,
  unweightedAverageRecall,
  weightedAverageRecall,
} from '../../src/evaluation/metrics.ts';
import { LISTENERS } from './anchors.ts';
import { breakdown } from './breakdown.ts';
import { paragraph, percent, table } from './markdown.ts';
import { clipsOf } from './modelFigures.ts';
import { modelsOf, type ProtocolFigures } from './protocolFigures.ts';
import { protocolImages } from './protocolPictures.ts';
import type { TrialLine } from './results.ts';
import { capitalised, counted, npmRun, ranges, spread } from './words.ts';

/** All of a protocol under its heading; a sentence if no seed has all folds. */
export function protocolSection(
  file: ResultFile,
  figures: ProtocolFigures | undefined,
  trials: readonly TrialLine[],
): string {
  const { protocol, description } = file;
  const heading = `## ${protocol}\n\n${capitalised(description)}.`;
  if (!figures) return `${heading}\n\nNo seed has all folds yet.`;
  const images = protocolImages(figures);
  return [
    heading,
    circumstances(file, figures),
    npmRun('evaluate', file.config, `--protocol ${protocol} --seed ${ranges(figures.seeds)}`),
    '### Recognition',
    recognition(figures),
    eachSeed(figures),
    ...agreement(figures),
    images.confusion,
    breakdown(figures, trials),
    '### Calibration',
    paragraph(`
How well probabilities match frequencies; lower is better. The temperature of a fold was fitted to the predictions for the other folds' clips. For the
single model, means over the seeds.`),
    calibration(figures),
    images.reliability,
  ].join('\n\n');
}

/** Numbers of clips, folds and seeds; the configuration; the checks. */
export function circumstances(
  { config, checks }: ResultFile,
  { seeds, incomplete, folds, clips, trainedAt, seconds }: ProtocolFigures,
): string {
  const left = incomplete.length > 0 ? `; left out because they lack folds: ${ranges(incomplete)}` : '';
  const lines = Object.entries(config).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return [
    paragraph(`
${clips} clips, each tested once per seed, in ${counted(folds.length, 'fold')}; ${counted(seeds.length, 'seed')} complete (${ranges(seeds)})${left}. Trained
at ${trainedAt}; the median training took ${Math.round(seconds)} s. The configuration, where it differs from the library's defaults:`),
    `\`\`\`json\n{\n${lines.join(',\n')}\n}\n\`\`\``,
    ...(checks.length > 0 ? [`Checks against leaks:\n\n${checks.map((check) => `- ${check}`).join('\n')}`] : []),
  ].join('\n\n');
}

/** UAR, WAR and macro-F1, with all labels and with neutral and calm as one. */
export function recognition(figures: ProtocolFigures): string {
  const { protocol, labels } = figures.file;
  const rows = modelsOf(figures).map(({ name, model: { uar, war, macroF1 } }) => [
    name,
    ...[uar, war, macroF1].map(spread),
  ]);
  const merged = modelsOf(figures).map(({ name, model }) => [name, spread(model.merged.uar), spread(model.merged.war)]);
  return [
    table([[protocol, 'UAR', 'WAR', 'macro-F1'], ...rows]),
    paragraph(`
Mean ± standard deviation over the seeds; in brackets the 95 % interval, a bootstrap over the actors, each with their clips of all seeds. Chance is
${percent(1 / labels.length)}. The ensemble averages the seeds' probabilities. With neutral and calm merged into one label, their probabilities added up,
for comparison with the ${percent(LISTENERS)} of clips that listeners recognise (Livingstone & Russo 2018):`),
    table([[`${protocol}, neutral and calm as one`, 'UAR', 'WAR'], ...merged]),
  ].join('\n\n');
}

function eachSeed({ file: { protocol, labels }, single: { seeds } }: ProtocolFigures): string {
  const rows = seeds.map((one) => {
    const confusion = confusionMatrix(clipsOf(one), labels.length);
    return [
      String(one.seed),
      ...[unweightedAverageRecall, weightedAverageRecall, macroF1].map((figure) => percent(figure(confusion))),
    ];
  });
  return table([[`${protocol}, single model of seed`, 'UAR', 'WAR', 'macro-F1'], ...rows]);
}

/** How far seeds make the same mistakes: an average of them hardly recognises what none of them does. */
function agreement({ single: { seeds } }: ProtocolFigures): string[] {
  if (seeds.length < 2) return [];
  const clips = seeds.map(clipsOf);
  const predicted = clips[0]!.map(({ label }, clip) => ({
    label,
    labels: clips.map((one) => argMax(one[clip]!.probabilities)),
  }));
  const share = (holds: (clip: (typeof predicted)[number]) => boolean) =>
    percent(predicted.filter(holds).length / predicted.length);
  return [
    paragraph(`
${share(({ label, labels }) => labels.every((one) => one === label))} of the clips are recognised by all seeds,
${share(({ label, labels }) => !labels.includes(label))} by none.
${share(({ label, labels }) => !labels.includes(label) && new Set(labels).size === 1)} get the same wrong label from all of them.`),
  ];
}

/** NLL, Brier score and ECE before and after calibration. */
export function calibration(figures: ProtocolFigures): string {
  const row = (name: string, { nll, brier, ece }: ProbabilityScores) => [
    name,
    ...[nll, brier, ece].map((score) => score.toFixed(3)),
  ];
  return table([
    [figures.file.protocol, 'NLL (nats)', 'Brier', 'ECE (15 bins)'],
    ...modelsOf(figures).flatMap(({ name, model }) => [
      row(`${name}, as given`, model.uncalibrated),
      row(`${name}, calibrated`, model.calibrated),
    ]),
  ]);
}
