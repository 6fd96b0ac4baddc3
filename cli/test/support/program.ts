// a command line → its run, as a process of its own

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built program. */
export const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The clips that come with the examples. */
export const clips = fileURLToPath(new URL('../../../examples/clips', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: Uint8Array;
  /** Whether standard input stays open. */
  readonly isOpen?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Is given the process as soon as it runs. */
  readonly watch?: (child: ChildProcess) => void;
}

/** Runs the program as its users do. */
export function run(parameters: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return runAny(process.execPath, [main, ...parameters], options);
}

/** Runs any program. */
export function runAny(file: string, parameters: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { cwd, input, isOpen, env, watch } = options;
  const child = spawn(file, parameters, { ...(cwd && { cwd }), env: { ...process.env, ...env }, stdio: 'pipe' });
  const printed = { stdout: '', stderr: '' };
  child.stdin.on('error', () => {}); // it may have left
  if (!isOpen) child.stdin.end(input);
  child.stdout.on('data', (data) => {
    printed.stdout += data;
  });
  child.stderr.on('data', (data) => {
    printed.stderr += data;
  });
  watch?.(child);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, ...printed }));
  });
}
