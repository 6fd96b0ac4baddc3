// path of a program → its run, as a process of its own

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ravdessNames, tinyWav } from './fakeRavdess.ts';

export const root = resolve(import.meta.dirname, '../..');
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of the repository.
 *
 * @param path from the root, e.g. `examples/node/classify.ts`
 * @param cwd where it runs
 * @param watch sees the process and all that it has printed so far
 * @param input what comes on its standard input
 */
export function runProgram(
  path: string,
  parameters: readonly string[],
  cwd: string,
  watch?: (child: ChildProcess, stdout: string) => void,
  input?: Uint8Array,
): Promise<Outcome> {
  const file = join(root, path);
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') };
  const child = spawn(process.execPath, ['--import', loader, file, ...parameters], { cwd, env, stdio: 'pipe' });
  child.stdin.end(input);
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    printed.stdout += data;
    watch?.(child, printed.stdout);
  });
  child.stderr.on('data', (data) => {
    printed.stderr += data;
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...printed }));
  });
}

/** One clip for each emotion and actor, named as in RAVDESS; each emotion is a tone of its own, 0.4 s long, a bit higher by actor. */
export async function writeFakeCorpus(folder: string, actors: readonly number[]): Promise<void> {
  for (const name of ravdessNames('speech', actors).filter((name) => /-01-01-01-\d\d\.wav$/.test(name))) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    const [emotion, actor] = [Number(name.slice(15, 17)), Number(name.slice(6, 8))];
    await writeFile(join(folder, name), tinyWav({ samples: 6400, hz: 150 * 1.4 ** emotion + actor }));
  }
}
