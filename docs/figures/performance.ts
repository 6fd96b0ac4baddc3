// bench/results/*.json → tables of measurements, and of how far they are from the limits of the machine

import { readdir, readFile } from 'node:fs/promises';
import type { Limit } from '../../bench/limits.ts';
import type { Case } from '../../bench/measure.ts';
import type { BenchResult } from '../../bench/result.ts';
import { inWords, threeDigits } from '../../bench/words.ts';
import { fillRegion, paragraph, percent, table } from './markdown.ts';

/** The results of `npm run bench` in a folder, by the name of the bench. */
export async function readBenches(folder: string): Promise<Map<string, BenchResult>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const results = names.map(
    async (name): Promise<BenchResult> => JSON.parse(await readFile(`${folder}/${name}`, 'utf8')),
  );
  return new Map((await Promise.all(results)).map((result) => [result.name, result]));
}

/**
 * The page with its regions filled, one per bench.
 *
 * @throws {Error} when there is a result that the page has no region for
 */
export function performance(page: string, results: ReadonlyMap<string, BenchResult>): string {
  const named = [...page.matchAll(/<!-- figures:(\w+) -->/g)].map(([, name]) => name!);
  return [...new Set([...named, ...results.keys()])].reduce((filled, name) => {
    const result = results.get(name);
    return fillRegion(filled, name, result ? benchFigures(result) : `Not measured yet: \`npm run bench -- ${name}\`.`);
  }, page);
}

function benchFigures({ commit, machine, versions, cases, limits = [], missing = [] }: BenchResult): string {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const notes = cases.flatMap(({ against, note }) => (note ? `Against ${against}: ${note}.` : []));
  const remarks = [...new Set(notes), ...missing.map((what) => `Left out: ${what}.`)];
  const parts = [
    cases.length > 0 ? comparisons(cases) : '',
    limits.length > 0 ? leastTimes(limits) : '',
    remarks.map(bullet).join('\n'),
    paragraph(`Measured at ${commit} on ${machine}, with ${used.join(', ')}.`),
  ];
  return parts.filter((part) => part.length > 0).join('\n\n');
}

function comparisons(cases: readonly Case[]): string {
  const rows = cases.map(({ case: what, backend, against, ours, theirs, ratio, floor, aim }) => [
    ...[what, backend, against, inWords(ours), inWords(theirs), threeDigits(ratio)],
    ...[threeDigits(floor ?? aim), threeDigits(aim), reached(ratio, floor ?? aim, aim)],
  ]);
  return table([
    ['what', 'backend', 'against', 'this library', 'the other', 'ratio', 'floor', 'aim', 'reached'],
    ...rows,
  ]);
}

function reached(ratio: number, floor: number, aim: number): string {
  if (ratio >= aim) return aim > floor ? 'aim' : 'yes';
  return ratio >= floor ? 'floor' : 'no';
}

const KINDS = {
  matMul: { of: 'operations', unit: 'GFLOP' },
  copy: { of: 'bytes moved', unit: 'GB' },
} as const;

function leastTimes(limits: readonly Limit[]): string {
  const rows = limits.map(({ case: what, backend, by, amount, rate, least, ours, share }) => {
    const { of, unit } = KINDS[by];
    const figure = (value: number) => `${threeDigits(value / 1e9)} ${unit}`;
    return [what, backend, of, figure(amount), `${figure(rate)}/s`, inWords(least), inWords(ours), percent(share)];
  });
  return table([
    ['limit of', 'backend', 'by', 'how many', 'rate', 'least time', 'this library', 'limit ÷ time'],
    ...rows,
  ]);
}

function bullet(text: string): string {
  return `- ${paragraph(text).replaceAll('\n', '\n  ')}`;
}
