import { join } from 'node:path';
import { build } from 'vite';
import { beforeAll, expect, it } from 'vitest';
import { root } from '../support/program.ts';

/*
 * The web interface as it is deployed: what its page loads, workers left out, which are bundles of their own. Oracle: the bundler's
 * own list of the modules of each chunk.
 */

type Built = Exclude<Awaited<ReturnType<typeof build>>, { close(): unknown } | readonly unknown[]>['output'];

let output: Built;
beforeAll(async () => {
  const { NODE_ENV } = process.env; // the test runner's
  process.env.NODE_ENV = 'production';
  const configFile = join(root, 'examples/web/vite.config.ts');
  const built = await build({ configFile, logLevel: 'error', build: { write: false } });
  process.env.NODE_ENV = NODE_ENV;
  ({ output } = built as { output: Built });
});

/** The modules of the page's chunk and of those that it imports, at once or later. */
function modulesOfPage(): string[] {
  const chunks = output.filter((file) => file.type === 'chunk');
  const wanted = chunks.filter(({ isEntry }) => isEntry);
  for (const { imports, dynamicImports } of wanted) {
    const others = chunks.filter(({ fileName }) => imports.includes(fileName) || dynamicImports.includes(fileName));
    wanted.push(...others.filter((chunk) => !wanted.includes(chunk)));
  }
  return wanted.flatMap(({ modules }) => Object.keys(modules).filter((id) => modules[id]!.renderedLength > 0));
}

it('the page loads no TensorFlow.js: classifying and training are left to workers', () => {
  const modules = modulesOfPage();
  expect(modules.some((id) => id.endsWith('examples/web/views/recordings/oneRecording.tsx'))).toBe(true);
  expect(modules.filter((id) => id.includes('@tensorflow/'))).toEqual([]);
});
