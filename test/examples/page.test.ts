import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { type Browser, chromium, type Page } from 'playwright-core';
import { EmotionClassifier } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromiumPath, chromiumSwitches, withChromium } from '../support/chromium.ts';

/*
 * The page as it is deployed: built, served, driven in Chromium. Oracle: the same package classifying the same files in Node,
 * on the cpu backend.
 */

const root = resolve(import.meta.dirname, '../..');
const configFile = join(root, 'examples/browser/vite.config.ts');
const clip = join(root, 'examples/clips/in-turns.wav');

withChromium('the page', () => {
  let server: PreviewServer;
  let browser: Browser;
  let page: Page;
  let address: string;
  let expected: Record<string, number>;
  const complaints: string[] = [];
  const outside: string[] = [];

  beforeAll(async () => {
    tf.env().set('PROD', true); // no advertisement in the log
    await tf.setBackend('cpu');
    const classifier = await EmotionClassifier.load(pretrained);
    const { scores } = await classifier.classify(await readFile(clip));
    expected = Object.fromEntries(scores.map(({ label, score }) => [label, score]));
    classifier.dispose();

    await build({ configFile, logLevel: 'error' });
    server = await preview({ configFile, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
    address = server.resolvedUrls!.local[0]!;
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumSwitches });
    page = await browser.newPage({ viewport: { width: 900, height: 1100 } });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(address)) outside.push(request.url());
    });
    await page.goto(address);
    await page.getByText(/^Ready/).waitFor({ timeout: 90_000 });
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const scoresOnPage = async () =>
    Object.fromEntries(
      await page
        .locator('#bars li')
        .evaluateAll((rows) => rows.map(({ dataset }) => [dataset.label, Number(dataset.score)])),
    ) as Record<string, number>;

  const expectSameScores = async () => {
    const scores = await scoresOnPage();
    expect(Object.keys(scores).sort()).toEqual(Object.keys(expected).sort());
    for (const [label, score] of Object.entries(expected)) expect(Math.abs(scores[label]! - score)).toBeLessThan(1e-3);
  };

  const status = () => page.locator('#status');

  it.each(['webgl', 'wasm'])(
    'computes with %s',
    async (backend) => {
      await page.getByLabel('Compute with').selectOption(backend);
      await expect.poll(() => status().textContent(), { timeout: 90_000 }).toMatch(/^(Ready|in-turns)/);
      await page.setInputFiles('#file', clip);
      await expect.poll(() => status().textContent(), { timeout: 90_000 }).toMatch(/^in-turns\.wav sounds/);
      expect(await page.getByLabel('Compute with').inputValue()).toBe(backend);
      await expectSameScores();
    },
    200_000,
  );

  it('takes a dropped file, and shows it in light and dark', async () => {
    const bytes = [...(await readFile(clip))];
    await page.evaluate((bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.wav'));
      document
        .getElementById('drop')!
        .dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, bytes);
    await expect.poll(() => status().textContent(), { timeout: 90_000 }).toMatch(/^dropped\.wav sounds/);
    await expectSameScores();
    // Not all black and not all one colour: something was drawn.
    const colours = await page.locator('#sound').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
    expect(colours).toBeGreaterThan(100);
    expect(await page.locator('#cells rect').count()).toBeGreaterThan(8);
    await mkdir(join(root, 'runs/screenshots'), { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(root, `runs/screenshots/page-${colorScheme}.png`), fullPage: true });
    }
  }, 120_000);

  it('says what is wrong with a file that is no sound, and takes the next', async () => {
    await page.setInputFiles('#file', join(root, 'package.json'));
    await expect.poll(() => status().textContent()).toMatch(/Cannot decode audio: found text/);
    expect(await page.locator('#result').isVisible()).toBe(false);
    await page.setInputFiles('#file', clip);
    await expect.poll(() => status().textContent(), { timeout: 90_000 }).toMatch(/^in-turns\.wav sounds/);
  }, 120_000);

  it('computes with WebAssembly where there is no WebGL', async () => {
    const plain = await browser.newPage();
    await plain.addInitScript(() => {
      for (const canvas of [HTMLCanvasElement, OffscreenCanvas]) {
        const original = canvas.prototype.getContext as (...parameters: unknown[]) => unknown;
        canvas.prototype.getContext = function (this: unknown, kind: string, ...rest: unknown[]) {
          return kind.includes('webgl') ? null : original.call(this, kind, ...rest);
        } as never;
      }
    });
    await plain.goto(address);
    await plain.getByText('Ready, computing with WebAssembly').waitFor({ timeout: 90_000 });
    expect(await plain.getByLabel('Compute with').inputValue()).toBe('wasm');
    await plain.close();
  }, 120_000);

  it('is operable by keyboard and read out', async () => {
    await page.locator('#file').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('backend');
    expect(await status().getAttribute('aria-live')).toBe('polite');
  });

  it('asked for nothing outside and logged no error, with a strict content security policy', async () => {
    expect(outside).toEqual([]);
    expect(complaints).toEqual([]);
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(policy).not.toMatch(/unsafe-(eval|inline)'(?<!'wasm-unsafe-eval')/);
  });
});
