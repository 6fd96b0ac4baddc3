// one training in two Web Workers of a page beside the same training in the page alone

import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { ISOLATED, serve } from '../test/package/serve.ts';
import { chromiumPath, chromiumSwitches } from '../test/support/chromium.ts';
import { BATCH } from './defaultStep.ts';
import { compare } from './measure.ts';
import type { Outcome } from './result.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function pageThreads(): Promise<Outcome> {
  const cores = availableParallelism();
  if (cores < 2) return { cases: [], missing: [`all cases: they take two cores, here is ${cores}`] };
  if (!existsSync(chromiumPath)) return { cases: [], missing: [`all of it: no Chromium at ${chromiumPath}`] };
  const folder = await mkdtemp(join(tmpdir(), 'page-threads-'));
  await build({
    ...{ root: join(root, 'bench/children'), configFile: false, logLevel: 'error', base: './' },
    build: {
      ...{ outDir: folder, target: 'es2022', rollupOptions: { input: join(root, 'bench/children/training.html') } },
      minify: false, // tfjs' build with threads sends its own source to them, which does not work once names are shortened
    },
    worker: { format: 'es' },
  });
  await cp(join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out'), join(folder, 'wasm'), {
    recursive: true,
  });
  const server = await serve(folder, {}, ISOLATED);
  const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumSwitches });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(`${server.address}training.html`);
    await page.waitForFunction('globalThis.step !== undefined', undefined, { timeout: 60_000 });
    const step = (threads: string) => () => page.evaluate<number>(`step('${threads}')`);
    const about = { backend: 'wasm', against: 'in the page alone', floor: 1.5, aim: 1.9, rounds: 7, warmUps: 1 };
    const what = `training step of the default network, batch ${BATCH}, in two Web Workers`;
    return {
      cases: [
        await compare({ ...about, case: what, ours: step('two'), theirs: step('none') }),
        await compare({
          ...{ ...about, case: `${what}, tfjs without threads of its own there` },
          ours: step('two, tfjs in one'),
          theirs: step('none'),
        }),
      ],
    };
  } finally {
    await browser.close();
    server.close();
    await rm(folder, { recursive: true });
  }
}
