import { join } from 'node:path';
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import shipped from '../../examples/web/stored/shipped.json' with { type: 'json' };
import { firefoxPath, withFirefox } from '../support/firefox.ts';
import { root } from '../support/program.ts';
import { serveBuilt } from './webPage.ts';

/*
 * The page in Firefox, over WebDriver BiDi. Oracle: what is stored of the example clips, which the shipped model hears in Node; Firefox'
 * own console.
 */

withFirefox('the web interface in Firefox', () => {
  let served: Awaited<ReturnType<typeof serveBuilt>>;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    served = await serveBuilt();
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: firefoxPath,
      headless: true,
      timeout: 120_000,
    });
    page = await browser.newPage();
    page.setDefaultTimeout(150_000);
    page.on('pageerror', (error) => void complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto(served.address);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const scores = () =>
    page.$$eval('.bars li', (rows) =>
      Object.fromEntries(rows.map(({ dataset }) => [dataset.label!, Number(dataset.score)] as const)),
    );

  it('shows the first example, as it is stored', async () => {
    const [first] = shipped.examples;
    const answer = await page.waitForSelector('h1 .word');
    expect(await answer!.evaluate((word) => word.textContent)).toContain(first!.result.label);
    expect(await page.title()).toBe('Recordings · speech-emotion');
  }, 180_000);

  it('classifies a file as in Node, plays it, and moves by keys', async () => {
    const { result } = shipped.examples.find(({ id }) => id === 'lively')!;
    const field = (await page.waitForSelector('main input[type=file]')) as ElementHandle<HTMLInputElement>;
    await field.uploadFile(join(root, 'examples/clips/lively.wav'));
    await page.waitForFunction(() => document.querySelector('h1')?.textContent?.includes('lively.wav'));
    await page.waitForSelector('.transport [aria-haspopup=menu]'); // what was heard can be taken along
    const heard = await scores();
    for (const { label, score } of result.scores) expect(Math.abs(heard[label]! - score)).toBeLessThan(1e-3);
    await page.focus('[role=slider]');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('[role=slider]')?.getAttribute('aria-valuenow') === '0.25');
  }, 240_000);

  it('opens every view, and logs no error', async () => {
    for (const [view, title] of [
      ['live', 'Live'],
      ['my-voice', 'My voice'],
      ['teach', 'Teach it'],
      ['about', 'About'],
    ] as const) {
      await page.evaluate((view) => location.assign(`#${view}`), view);
      await page.waitForFunction((title) => document.title === `${title} · speech-emotion`, {}, title);
      await page.waitForSelector('main h1');
    }
    expect(complaints).toEqual([]);
  }, 180_000);
});
