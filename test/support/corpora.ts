// where the corpora beside RAVDESS are → paths for tests, or a reason to skip

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

/** The folder of the archives and of their index. */
export const corporaFolder = process.env.CORPORA ?? fileURLToPath(new URL('../../../shared/corpora', import.meta.url));

const missing = existsSync(`${corporaFolder}/index.csv`)
  ? undefined
  : `the corpora are not in ${corporaFolder}; set CORPORA to their folder`;

/** A line of the index, which was written by hand and ear, not by the code under test. */
export interface IndexRow {
  readonly corpus: string;
  readonly file: string;
  readonly speaker: string;
  readonly sex: string;
  readonly language: string;
  readonly emotion: string;
  readonly label: string;
  readonly note: string;
}

/** The index: a row a clip. No field of it holds a comma. */
export function corporaIndex(): IndexRow[] {
  const [header, ...lines] = readFileSync(`${corporaFolder}/index.csv`, 'utf8').trim().split(/\r?\n/);
  const names = header!.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ''])) as unknown as IndexRow;
  });
}

/** `describe` where the corpora are, skipped with the reason otherwise; continuous integration demands them. */
export function withCorpora(title: string, body: () => void): void {
  if (missing) describe.skip(`${title} (skipped: ${missing})`, body);
  else describe(title, body);
}

if (process.env.CORPORA_REQUIRED && missing) throw new Error(`The corpora are required: ${missing}`);
