// a TypeScript program → how Node is to be started for it

import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Options for `fork` and `spawn` of `node:child_process`, with options of Node's own. */
export function throughTsx(options: readonly string[] = []) {
  return {
    execArgv: [...options, '--import', loader],
    env: { ...process.env, TSX_TSCONFIG_PATH: resolve(import.meta.dirname, '../../tsconfig.json') },
  };
}
