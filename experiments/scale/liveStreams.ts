// the server, live streams at once → how far behind it is, and what it needs for them

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ServePart } from './scaleFile.ts';

const STREAMS = ['--connections', '200', '--seconds', '150', '--workers', '2'];

/** What cli/bench/serve.ts measures. */
export async function measureServe(): Promise<Omit<ServePart, 'commit' | 'date' | 'machine'>> {
  const bench = fileURLToPath(new URL('../../cli/bench/serve.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, bench, ...STREAMS]);
  return JSON.parse(stdout) as ServePart;
}
