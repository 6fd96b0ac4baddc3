// docs/results/personalise.json → the tables of docs/personalising.md, and of docs/voices.md

import type { OverSeeds, PersonaliseFile, PersonalisePart } from '../../experiments/personalise/personaliseFile.ts';
import { fillRegion, paragraph, table } from './markdown.ts';
import { capitalised, counted } from './words.ts';

/** The page with its figures. */
export function personalisingPage(page: string, results: PersonaliseFile): string {
  return fillRegion(page, 'personalise', personaliseParts(results));
}

/** All tables, each with what it is of. */
export function personaliseParts(results: PersonaliseFile): string {
  return results.parts.map((part) => section(results, part)).join('\n\n');
}

function section({ protocol, description }: PersonaliseFile, part: PersonalisePart): string {
  const { reads, rows, seeds, draws, commit, command } = part;
  const head = ['enrolled', 'UAR', 'men', 'women', 'NLL', 'ECE'];
  const body = rows.map((row) => [
    capitalised(row.description),
    ...[row.uar, row.uarMen, row.uarWomen].map((score) => share(score, seeds.length)),
    ...[row.nll, row.ece].map(({ mean }) => mean.toFixed(3)),
  ]);
  const how =
    reads === 'last layer'
      ? 'The last layer is corrected, as `personalise` does.'
      : 'Only log-probabilities are corrected, as `personalise` does where a network classifies frames.';
  const words =
    `**${capitalised(reads)}.** ${how} One model for each fold and seed (${protocol}, ${description}; ` +
    `${counted(seeds.length, 'seed')}${seeds.length > 1 ? ', ± standard deviation over them' : ''}; clips to enrol drawn ${draws} times, at ${commit}):`;
  return [paragraph(words), table([head, ...body]), `\`\`\`sh\n${command}\n\`\`\``].join('\n\n');
}

function share({ mean, std }: OverSeeds, seeds: number): string {
  return (100 * mean).toFixed(1) + (seeds > 1 ? ` ± ${(100 * std).toFixed(1)}` : '');
}
