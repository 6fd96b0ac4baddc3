// figures → text

import type { ResultFile, ResultRun } from '../../experiments/results/resultFile.ts';
import { TRAINING_CONFIGS, type TrainingConfig } from '../../experiments/training/trainingConfig.ts';
import type { MeanAndStd } from '../../src/crossValidation/crossValidation.ts';
import type { Interval } from '../../src/evaluation/speakerBootstrap.ts';
import { percent } from './markdown.ts';

/** `70.0 % ± 1.2 % (59.7 % to 81.6 %)`: mean, standard deviation over seeds if there are several, interval if there is one. */
export function spread({ mean, std, interval }: MeanAndStd & { readonly interval?: Interval }): string {
  const seeds = std === null ? '' : ` ± ${percent(std)}`;
  return `${percent(mean)}${seeds}${interval ? ` (${percent(interval.low)} to ${percent(interval.high)})` : ''}`;
}

/** A difference of two shares: `-0.034` → `−3.4 points`. */
export function points(difference: number): string {
  const size = Math.abs(100 * difference).toFixed(1);
  return `${difference < 0 && Number(size) > 0 ? '−' : ''}${size} points`;
}

/** `[1, 2, 3, 5]` → `1-3,5`, as `--seed` takes it. */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** The revision that trained, with exceptions by seed: `abc1234, seed 3 at def5678 on webgpu`. */
export function trainedAt({ commit }: Pick<ResultFile, 'commit'>, runs: readonly ResultRun[]): string {
  const origin = (run: ResultRun) => `${run.commit ?? commit}${run.backend ? ` on ${run.backend}` : ''}`;
  const others = [...new Set(runs.map(origin))].filter((other) => other !== commit);
  const theirs = others.map((other) => {
    const seeds = [...new Set(runs.filter((run) => origin(run) === other).map(({ seed }) => seed))];
    return `seed${seeds.length === 1 ? '' : 's'} ${ranges(seeds)} at ${other}`;
  });
  return [commit, ...theirs].join(', ');
}

/** The command in a block, with songs if the configuration has them, and with its name if it is that of the small model. */
export function npmRun(script: string, config: TrainingConfig, flags: string): string {
  const { songs } = config;
  const data = ['Speech', ...(songs ? ['Song'] : [])].map((kind) => `--data Audio_${kind}_Actors_01-24.zip`).join(' ');
  return `\`\`\`sh\nnpm run ${script} -- ${data} ${isSmall(config) ? '--config small ' : ''}${flags}\n\`\`\``;
}

/** Whether it is the configuration of the small model. */
export function isSmall(config: TrainingConfig): boolean {
  return JSON.stringify(config) === JSON.stringify(TRAINING_CONFIGS.small);
}

/** A count with its noun: `1 seed`, `3 seeds`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A name of code in words: `lowRate` → `low rate`. */
export function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** With a capital, for the start of a sentence. */
export function capitalised(words: string): string {
  return words.replace(/^./, (first) => first.toUpperCase());
}
