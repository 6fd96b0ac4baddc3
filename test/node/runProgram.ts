// a program → what it says on its error output, once it has ended

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a module in a process of its own, which may import the sources; rejects where it fails. */
export async function runProgram(program: string): Promise<string> {
  const args = ['--import', 'tsx', '--input-type=module', '-e', program];
  return (await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 })).stderr;
}
