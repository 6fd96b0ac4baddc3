// presets, docs/results/systems.json → docs/systems.md with its regions filled, and a picture of each network

import type { ComparedSystem, SystemsFile } from '../../experiments/results/resultFile.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import { type Presets, presets } from '../../src/model/presets.ts';
import { fillRegion, grouped, paragraph, percent, table } from './markdown.ts';
import { systemPicture } from './systemPicture.ts';
import { capitalised, points } from './words.ts';

/** The page and its pictures, by path from the root. */
export function systemsPage(page: string, compared: SystemsFile | undefined): Record<string, string> {
  const names = Object.keys(presets) as (keyof Presets)[];
  const pictures = names.map((name) => {
    const network = buildCnnLstm({ ...presets[name], seed: 1 });
    const svg = systemPicture(`Data flow of ${name}`, network);
    network.dispose();
    return [`docs/systems/${name}.svg`, svg] as const;
  });
  return {
    'docs/systems.md': fillRegion(page, 'systems', compared ? comparison(compared) : NOT_YET),
    ...Object.fromEntries(pictures),
  };
}

const NOT_YET = 'Not compared yet: `npm run compare -- --data ZIP_OR_FOLDER --out docs/results`.';

function comparison({ description, seeds, training, speeds, commit, systems }: SystemsFile): string {
  const rows = [...systems]
    .sort((a, b) => b.uar - a.uar)
    .map(({ name, parameters, trainSeconds, uar, war, interval: [low, high] }) => [
      `\`${name}\``,
      ...[parameters === undefined ? '–' : grouped(parameters), grouped(trainSeconds)],
      ...[percent(uar), `${percent(low)} to ${percent(high)}`, percent(war)],
    ]);
  return `\
${table([['system', 'parameters', 'seconds of training', 'UAR', '95 % interval', 'WAR'], ...rows])}

${paragraph(`
${capitalised(description)}; seed ${seeds.join(', ')}; ${training.epochs} epochs in batches of ${training.batchSize}, speed copies ${speeds.join(', ')}, weights of the last epoch. Intervals by
bootstrap over actors. Seconds are the sum over all folds, two of which ran in parallel on two cores. Trained at ${commit}.`)}

${[verdict(systems), missing(systems)].filter(Boolean).map(paragraph).join('\n\n')}`;
}

/** Presets that are not compared yet. */
export function missing(systems: readonly Pick<ComparedSystem, 'name'>[]): string {
  const names = Object.keys(presets).filter((preset) => !systems.some(({ name }) => name === preset));
  return names.length === 0 ? '' : `Not compared yet: ${names.map((name) => `\`${name}\``).join(', ')}.`;
}

/** Whether convolutions and an LSTM together do better than each alone and than conventional classifiers. */
export function verdict(systems: readonly Pick<ComparedSystem, 'name' | 'uar'>[]): string {
  const own = systems.find(({ name }) => name === 'cnnLstm')?.uar;
  if (own === undefined) return '';
  const alone: Readonly<Record<string, string>> = { cnn: 'convolutions alone', lstm: 'an LSTM alone' };
  const sentences = systems.flatMap(({ name, uar }) => {
    const words = name in presets ? alone[name] : `\`${name}\``;
    if (words === undefined) return [];
    if (own === uar) return [`as good as ${words}`];
    return [`${points(Math.abs(own - uar))} of UAR ${own > uar ? 'better' : 'worse'} than ${words}`];
  });
  return sentences.length === 0 ? '' : `Convolutions and LSTM (\`cnnLstm\`) are ${sentences.join(', ')}.`;
}
