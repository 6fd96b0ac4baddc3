// a process of its own → the time from import to the first result

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { always, compare } from './measure.ts';
import type { Outcome } from './result.ts';

/** Each round is a new process of plain Node, over the built package and a clip that ships with the examples. */
export async function start(): Promise<Outcome> {
  const [child, clip] = ['children/start.mjs', '../examples/clips/slow.wav'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  ) as [string, string];
  const ours = () => JSON.parse(execFileSync(process.execPath, [child, clip], { encoding: 'utf8' })).ms as number;
  return {
    cases: [
      await compare({
        ...{ case: 'import to first result, in Node', backend: 'wasm', against: 'one second', aim: 1 },
        ...{ ours, theirs: always(1000) },
      }),
    ],
  };
}
