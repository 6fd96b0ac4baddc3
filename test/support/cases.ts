// where the small inputs that failed are → their bytes for tests, or a reason to skip

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const folder = process.env.CASES ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const isThere = existsSync(`${folder}/reference.wav`);

/** The bytes of one of them. */
export const readCase = (name: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${name}`));

/** `describe` where the files are, skipped with the reason otherwise. */
export function withCases(title: string, body: () => void): void {
  if (isThere) describe(title, body);
  else describe.skip(`${title} (skipped: they are not in ${folder}; set CASES to their folder)`, body);
}
