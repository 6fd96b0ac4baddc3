// a program, and when to kill it → what it printed and how it ended

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { throughTsx } from '../tsx.ts';

/** How a process lived. */
export interface Life {
  /** The lines that it printed. */
  readonly lines: number;
  /** It was killed; otherwise it ended by itself. */
  readonly killed: boolean;
  /** How it ended where it was not killed: 0 is well. */
  readonly code: number | null;
  /** What it had to say on the error channel. */
  readonly complaint: string;
}

/**
 * Starts a program, and kills it (SIGKILL, as a machine that runs out of memory does) so many milliseconds after it printed so
 * many lines: the moment falls within a step, a validation or a write. A program that ends before is not killed.
 */
export async function live(
  program: URL,
  parameters: readonly string[],
  kill?: { readonly lines: number; readonly milliseconds: number },
): Promise<Life> {
  const { execArgv, env } = throughTsx();
  const child = spawn(process.execPath, [...execArgv, program.pathname, ...parameters], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint = (complaint + text).slice(-2000);
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let lines = 0;
  for await (const _line of createInterface(child.stdout)) {
    lines++;
    if (lines === kill?.lines) void sleep(kill.milliseconds).then(() => child.kill('SIGKILL'));
  }
  const [code, signal] = await closed;
  return { lines, killed: signal === 'SIGKILL', code, complaint };
}
