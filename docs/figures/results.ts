// docs/results/*.json → results of training runs and of cross-validations

import { readdir, readFile } from 'node:fs/promises';
import type { CrossValidation } from '../../src/training/crossValidation.ts';
import type { Evaluation } from '../../src/training/evaluation.ts';
import type { EpochRecord } from '../../src/training/trainReport.ts';

/** What `npm run train` writes into evaluation.json. */
export interface TrainingResult {
  readonly protocol: string;
  readonly actors: Readonly<Record<'train' | 'validation' | 'test', readonly number[]>>;
  readonly seed: number;
  readonly epochs: number;
  readonly backend: string;
  readonly bestEpoch: number;
  readonly history: readonly EpochRecord[];
  readonly evaluation: Evaluation;
}

/** What `npm run evaluate` writes into result.json. */
export interface CrossValidationResult {
  /** The protocol in words. */
  readonly protocolName: string;
  readonly backend: string;
  readonly result: CrossValidation;
}

/** All results that are kept. */
export interface Results {
  readonly trainings: readonly TrainingResult[];
  readonly crossValidations: readonly CrossValidationResult[];
}

/**
 * Reads the results of a folder, in the order of the files' names; a folder that is missing has none.
 *
 * @throws {Error} when a file holds something else
 */
export async function readResults(folder: string): Promise<Results> {
  const names = await readdir(folder).catch(() => []);
  const trainings: TrainingResult[] = [];
  const crossValidations: CrossValidationResult[] = [];
  for (const name of names.filter((name) => name.endsWith('.json')).sort()) {
    const content = JSON.parse(await readFile(`${folder}/${name}`, 'utf8'));
    if (content.evaluation?.confusion && content.actors) trainings.push(content);
    else if (content.result?.runs && content.protocolName) crossValidations.push(content);
    else throw new Error(`Cannot read docs/results/${name}: it must be what npm run train or npm run evaluate writes`);
  }
  return { trainings, crossValidations };
}
