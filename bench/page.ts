// the built web interface in Chromium → how far it is from its budgets

import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { type Material, makeMaterial } from '../test/examples/tasks/material.ts';
import { type ServedPage, servePage, untilReady } from '../test/examples/webPage.ts';
import { chromiumPath } from '../test/support/chromium.ts';
import { type Case, caseOf, spreadOf, type Unit } from './measure.ts';
import type { Outcome } from './result.ts';

/** The longest that a task of the page may be, in ms. */
const TASK = 50;
const TASK_NOTE = `browsers tell of no tasks under ${TASK} ms: where there was none, it stands for all`;
const ROUNDS = 5;
const LONG = { timeout: 400_000 };

/** Paints, tasks and memory. */
export async function page(): Promise<Outcome> {
  if (!existsSync(chromiumPath)) return { cases: [], missing: [`all of it: no Chromium at ${chromiumPath}`] };
  const spoken = fileURLToPath(new URL('../examples/clips/in-turns.wav', import.meta.url));
  const served = await servePage([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${spoken}`,
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  try {
    const material = await makeMaterial();
    // Chosen from a folder, as users do: what is handed over as bytes, the driver decodes in the page, in one long task.
    const onDisk = async ({ name, buffer }: Material['tenMinutes']) => {
      await writeFile(join(folder, name), buffer);
      return join(folder, name);
    };
    const [tenMinutesFile, archiveFile] = [await onDisk(material.tenMinutes), await onDisk(material.archive)];
    return {
      cases: [
        await inRounds('first contentful paint', 'ms', 600, () => opened(served).then(({ paint }) => paint)),
        await inRounds('the first example’s result', 'ms', 2000, () => opened(served).then(({ result }) => result)),
        await inRounds('the same, processor slowed four times', 'ms', 5000, () =>
          opened(served, 4).then(({ result }) => result),
        ),
        await longestTask('longest task, classifying ten minutes', served, (page) => tenMinutes(page, tenMinutesFile)),
        await longestTask('longest task, live, 20 s', served, live),
        await longestTask('longest task, training three epochs', served, (page) => training(page, archiveFile)),
        await heapGrowth(served, material),
      ],
    };
  } finally {
    await served.close();
    await rm(folder, { recursive: true });
  }
}

function toBudget(what: string, unit: Unit, budget: number, figures: readonly number[], note?: string): Case {
  const about = { case: what, backend: 'wasm', against: 'its budget', aim: 1, ...(note && { note }) };
  return caseOf(about, spreadOf(figures, unit), spreadOf([budget], unit));
}

async function inRounds(what: string, unit: Unit, budget: number, measure: () => Promise<number>): Promise<Case> {
  const figures: number[] = [];
  for (let round = 0; round < ROUNDS; round++) figures.push(await measure());
  return toBudget(what, unit, budget, figures);
}

interface Watched {
  paint: number;
  result: number;
  tasks: number[];
}

/** Notes what there is to note, in the page itself. */
function watch(): void {
  const watched: Watched = { paint: 0, result: 0, tasks: [] };
  Object.assign(globalThis, { watched });
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries())
      if (name === 'first-contentful-paint') watched.paint = startTime;
  }).observe({ type: 'paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.tasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  new MutationObserver(() => {
    const isThere = document.querySelector('h1 .word') && document.querySelector('.stage .ribbon path');
    if (isThere) watched.result ||= performance.now();
  }).observe(document, { childList: true, subtree: true });
}

const seen = (page: Page) => page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched);

/** A first visit: nothing is cached. */
async function opened(served: ServedPage, slowness = 1): Promise<Watched> {
  const page = await served.open({ viewport: { width: 1440, height: 900 } }, async (context) => {
    await context.addInitScript(watch);
    if (slowness === 1) return;
    context.on('page', async (page) => {
      await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slowness });
    });
  });
  await page.waitForFunction(() => {
    const { watched } = globalThis as unknown as { watched: Watched };
    return watched.result > 0 && watched.paint > 0;
  }, LONG);
  const found = await seen(page);
  await page.context().close();
  return found;
}

/** Of what happens once the page is there and has its model. */
async function longestTask(what: string, served: ServedPage, work: (page: Page) => Promise<void>): Promise<Case> {
  const options = { viewport: { width: 1440, height: 900 }, permissions: ['microphone'] };
  const page = await served.open(options, async (context) => {
    await context.addInitScript(watch);
  });
  await untilReady(page);
  await page.evaluate(() => {
    (globalThis as unknown as { watched: Watched }).watched.tasks.length = 0;
  });
  await work(page);
  const { tasks } = await seen(page);
  await page.context().close();
  return toBudget(what, 'ms', TASK, [Math.max(TASK, ...tasks)], TASK_NOTE);
}

async function tenMinutes(page: Page, path: string): Promise<void> {
  await page.locator('main input[type=file]').first().setInputFiles(path);
  await page
    .locator('h1')
    .filter({ hasText: basename(path) })
    .waitFor(LONG);
  await page.locator('.transport').getByRole('button', { name: 'Export' }).waitFor(LONG);
}

async function live(page: Page): Promise<void> {
  await page.locator('.views').getByRole('link', { name: 'Live' }).click();
  await page.getByRole('button', { name: 'Listen', exact: true }).click();
  await page
    .locator('.live-time')
    .filter({ hasText: /0:[2-5]/ })
    .waitFor({ ...LONG, state: 'attached' }); // seen on phones
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
}

async function training(page: Page, path: string): Promise<void> {
  await page.evaluate(() => location.assign('#teach/collection'));
  await page.locator('.chooser input').first().setInputFiles(path);
  await page
    .locator('.chooser')
    .getByText(/\d+ recordings of RAVDESS/)
    .waitFor(LONG);
  await page.getByLabel('Epochs', { exact: true }).fill('3');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await page
    .getByText(/^Trained: UAR/)
    .first()
    .waitFor(LONG);
}

const FILES = 90;

/** Of the page itself; workers have memory of their own. */
async function heapGrowth(served: ServedPage, { clip }: Material): Promise<Case> {
  const page = await served.open({ viewport: { width: 1440, height: 900 } });
  await untilReady(page);
  const session = await page.context().newCDPSession(page);
  const before = await heapOf(session);
  const files = Array.from({ length: FILES }, (_, i) => clip(`call-${i + 1}.wav`));
  await page.locator('main input[type=file]').first().setInputFiles(files);
  await page
    .locator('h1')
    .filter({ hasText: `${FILES} heard` })
    .waitFor(LONG);
  const after = await heapOf(session);
  await page.context().close();
  const growth = Math.max(0.1, (after - before) / 1e6);
  return toBudget(`growth of the page’s heap by ${FILES} files`, 'MB', 10, [growth]);
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}
