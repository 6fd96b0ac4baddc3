// a process or a page of its own → the time until the first result

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServedPage } from '../test/examples/webPage.ts';
import { chromiumPath } from '../test/support/chromium.ts';
import { always, compare } from './measure.ts';
import type { Outcome } from './result.ts';

const [child, clip] = ['children/start.mjs', '../examples/clips/slow.wav'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
) as [string, string];

export async function start(): Promise<Outcome> {
  const cases = [
    await compare({
      ...{ case: 'import to first result, in Node', backend: 'wasm', against: 'one second', aim: 1 },
      ...{ ours: inNode, theirs: always(1000) },
    }),
  ];
  if (!existsSync(chromiumPath)) return { cases, missing: [`the web interface: no Chromium at ${chromiumPath}`] };
  const { servePage } = await import('../test/examples/webPage.ts');
  const served = await servePage();
  try {
    cases.push(
      await compare({
        ...{ case: 'web interface opened to first result', backend: 'wasm', against: 'three seconds', aim: 1 },
        note: 'in Chromium without anything cached: page, model, backend, and resampler for a file of the device',
        ...{ ours: () => inChromium(served), theirs: always(3000) },
      }),
    );
  } finally {
    await served.close();
  }
  return { cases };
}

/** A new process of plain Node, over the built package and a clip that ships with the examples. */
function inNode(): number {
  return JSON.parse(execFileSync(process.execPath, [child, clip], { encoding: 'utf8' })).ms;
}

/** A new profile, given the file as soon as there is a place for it. */
async function inChromium(served: ServedPage): Promise<number> {
  const started = performance.now();
  const page = await served.open();
  try {
    await page.locator('input[type=file]').first().setInputFiles(clip);
    await page.locator('.one', { hasText: 'slow.wav' }).getByRole('button', { name: 'Export' }).waitFor();
    return performance.now() - started;
  } finally {
    await page.context().close();
  }
}
