// docs/results → results of cross-validations and of the search, by kind

import { readdir, readFile } from 'node:fs/promises';
import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import type {
  LearningCurveFile,
  ResultFile,
  RobustnessFile,
  SystemsFile,
} from '../../experiments/results/resultFile.ts';

/** A line of search.jsonl, as far as it is shown; `npm run search` writes more. */
export interface TrialLine {
  readonly trial: string;
  readonly why: string;
  readonly protocol: string;
  /** Of each clip alone, and averaged over it and its speed copies. */
  readonly single: { readonly uar: number; readonly war: number; readonly nll: number };
  readonly copies: { readonly uar: number };
  /** Named by the fold that was scored and the one that was left out, e.g. `actors5/1 without actors5/0`. */
  readonly splits: readonly { readonly name: string }[];
  readonly seconds: number;
  readonly commit: string;
}

/** All results that are kept; those that do not exist yet are undefined. */
export interface Results {
  /** In the order of `PROTOCOLS`. */
  readonly protocols: readonly ResultFile[];
  /** The configuration of the small model, under the same protocol as that of the main one. */
  readonly small?: ResultFile;
  /** The same of its models on clips made worse. */
  readonly smallRobustness?: RobustnessFile;
  /** Trained on permuted labels. */
  readonly permuted?: ResultFile;
  readonly learningCurve?: LearningCurveFile;
  readonly robustness?: RobustnessFile;
  /** The surveyed systems beside each other. */
  readonly systems?: SystemsFile;
  /** As recorded. */
  readonly trials: readonly TrialLine[];
}

/** Files of which there is one, by name: their key in `Results`, and the list that they must have. */
const SINGLE: Readonly<Record<string, readonly [keyof Results, string]>> = {
  'si5-small': ['small', 'runs'],
  'robustness-small': ['smallRobustness', 'conditions'],
  permuted: ['permuted', 'runs'],
  'learning-curve': ['learningCurve', 'points'],
  robustness: ['robustness', 'conditions'],
  systems: ['systems', 'systems'],
};

/** Results of other kinds, which are read elsewhere. */
const OTHERS = /^(adapt|audit-.*|faults|formats|leaks|personalise|scale|shift.*|speech|tasks|.*-voices)\.json$/;

/**
 * Reads the results of a folder; a missing folder has none.
 *
 * @throws {Error} when the content of a file does not fit its name
 */
export async function readResults(folder: string): Promise<Results> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const read = (name: string) => readFile(`${folder}/${name}`, 'utf8');
  const protocols: ResultFile[] = [];
  const single: Partial<Results> = {};
  for (const file of names.filter((name) => name.endsWith('.json') && !OTHERS.test(name))) {
    const name = file.slice(0, -'.json'.length);
    const content = JSON.parse(await read(file));
    const [key, list] = SINGLE[name] ?? [];
    if (key && list && content[list]) Object.assign(single, { [key]: content });
    else if (name in PROTOCOLS && name === content.protocol && content.runs) protocols.push(content);
    else
      throw new Error(
        `Cannot read docs/results/${file}: it must be what npm run evaluate, learning-curve or compare writes`,
      );
  }
  const order = Object.keys(PROTOCOLS);
  protocols.sort((a, b) => order.indexOf(a.protocol) - order.indexOf(b.protocol));
  const lines = names.includes('search.jsonl') ? (await read('search.jsonl')).split('\n') : [];
  return { protocols, ...single, trials: lines.filter(Boolean).map((line) => JSON.parse(line)) };
}
