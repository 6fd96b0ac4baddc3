// command, arguments → what it prints, run in the project that has the tarball installed

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, inject } from 'vitest';
import { env } from './project.ts';

export const root = resolve(import.meta.dirname, '../..');
export const project = inject('project');

const run = promisify(execFile);

/** What a command prints on standard output. */
export async function inProject([command, ...first]: readonly string[], ...rest: string[]): Promise<string> {
  return (await run(command!, [...first, ...rest], { cwd: project, env, maxBuffer: 2 ** 26 })).stdout;
}

/** The fenced block of a page whose first line is a comment that holds no more than `name`. */
export async function snippet(name: string, page = 'README.md'): Promise<string> {
  const text = await readFile(join(root, page), 'utf8');
  const block = text.split('```').find((block) => [`// ${name}`, `<!-- ${name} -->`].includes(block.split('\n')[1]!));
  if (!block) throw new Error(`${page} has no snippet named ${name}`);
  return block.slice(block.indexOf('\n') + 1);
}

/** `describe` for each runtime, with its command line; where others than this one are missing, a title says why. */
export function eachRuntime(body: (runtime: string, command: readonly string[]) => void): void {
  for (const [name, command] of Object.entries(inject('runtimes'))) describe(name, () => body(name, command));
  const missing = inject('missing');
  if (missing) describe.skip(`Node 22, Node 24, Deno and Bun ${missing}`, () => body('others', []));
}
