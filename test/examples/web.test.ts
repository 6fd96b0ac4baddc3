import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { EmotionClassifier } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withChromium } from '../support/chromium.ts';
import { root } from '../support/program.ts';
import { type ServedPage, servePage, untilReady } from './webPage.ts';

/*
 * The page as it is deployed: built, served, driven in Chromium. Oracle: the same package classifying the same files in Node,
 * on the cpu backend.
 */

const clip = join(root, 'examples/clips/in-turns.wav');
const screenshots = join(root, 'runs/screenshots');

withChromium('the web interface', () => {
  let served: ServedPage;
  let page: Page;
  let expected: Record<string, number>;

  beforeAll(async () => {
    tf.env().set('PROD', true); // no advertisement in the log
    await tf.setBackend('cpu');
    const classifier = await EmotionClassifier.load(pretrained);
    const { scores = [] } = await classifier.classify(await readFile(clip));
    expected = Object.fromEntries(scores.map(({ label, score }) => [label, score]));
    classifier.dispose();
    await mkdir(screenshots, { recursive: true });
    served = await servePage();
    page = await served.open();
    await untilReady(page);
  }, 240_000);

  afterAll(() => served?.close());

  const status = (of = page) => of.locator('#files-status');
  const hears = (name: string, of = page) =>
    expect.poll(() => status(of).textContent(), { timeout: 90_000 }).toMatch(new RegExp(`^${name}(:| sounds) `));

  const expectSameScores = async (of = page) => {
    const scores = await of
      .locator('#bars li')
      .evaluateAll((rows) => rows.map(({ dataset }) => [dataset.label!, Number(dataset.score)] as const));
    expect(scores.map(([label]) => label).sort()).toEqual(Object.keys(expected).sort());
    for (const [label, score] of scores) expect(Math.abs(expected[label]! - score)).toBeLessThan(1e-3);
  };

  describe('recordings', () => {
    it.each([
      ['wasm', 'WebAssembly'],
      ['webgl', 'WebGL'],
    ])(
      'computed with %s are what they are in Node',
      async (backend, title) => {
        await page.getByLabel('Compute with').selectOption(backend);
        await page.getByText(`Ready, computing with ${title}`).waitFor({ timeout: 90_000 });
        await page.setInputFiles('#file', clip);
        await hears('in-turns.wav');
        await expectSameScores();
      },
      200_000,
    );

    it('show wave, spectrogram, timeline, a table, and what drove the result', async () => {
      await page.getByLabel('Compute with').selectOption('wasm');
      await page.getByText('Ready, computing with WebAssembly').waitFor({ timeout: 90_000 });
      await hears('in-turns.wav');
      const colours = (id: string) =>
        page.locator(id).evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        });
      expect(await colours('#sound')).toBeGreaterThan(100);
      expect(await colours('#wave')).toBeGreaterThan(1);
      expect(await page.locator('#timeline rect').count()).toBeGreaterThan(8);
      expect(await page.locator('#timeline').getAttribute('aria-label')).toMatch(/from 0\.0 s/);
      expect(await page.locator('#segments tbody tr').count()).toBeGreaterThan(5);
      await page.getByRole('button', { name: 'Show it in the picture' }).click();
      await page.getByText(/^Green speaks for/).waitFor({ timeout: 90_000 });
      expect(await colours('#why')).toBeGreaterThan(50);
      expect(await page.locator('#attention').isVisible()).toBe(true);
    }, 200_000);

    it('are played, with a line through the pictures where the player is', async () => {
      const left = () => page.locator('#playhead').evaluate((line) => Number.parseFloat(line.style.left));
      await page.locator('#course .pictures').click({ position: { x: 400, y: 30 } });
      await expect.poll(left).toBeGreaterThan(30);
      const place = await left();
      await page.locator('#player').evaluate((player: HTMLAudioElement) => player.play());
      await expect.poll(left, { timeout: 20_000 }).toBeGreaterThan(place);
      await page.locator('#player').evaluate((player: HTMLAudioElement) => player.pause());
    });

    it('can be dropped, several at once, and chosen again from the list', async () => {
      const bytes = [...(await readFile(clip))];
      await page.evaluate((bytes) => {
        const transfer = new DataTransfer();
        for (const name of ['one.wav', 'two.wav']) transfer.items.add(new File([new Uint8Array(bytes)], name));
        document
          .getElementById('drop')!
          .dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
      }, bytes);
      await hears('two.wav');
      await expectSameScores();
      await page.getByRole('button', { name: /one\.wav/ }).click();
      await hears('one.wav');
    }, 120_000);

    it('that are none are said to be none, and the next is taken', async () => {
      await page.setInputFiles('#file', join(root, 'package.json'));
      await expect.poll(() => status().textContent()).toMatch(/Cannot decode audio: found text/);
      expect(await page.locator('#result').isVisible()).toBe(false);
      await page.setInputFiles('#file', clip);
      await hears('in-turns.wav');
    }, 120_000);
  });

  describe('the page', () => {
    it('says why a backend cannot be used, and takes another', async () => {
      const plain = await served.open({}, async (context) => {
        await context.addInitScript(() => {
          Object.defineProperty(navigator, 'gpu', { value: undefined });
          OffscreenCanvas.prototype.getContext = (() => null) as never;
        });
      });
      await untilReady(plain);
      const choices = await plain.locator('#backend option').allTextContents();
      expect(choices).toEqual([
        'WebAssembly (processor)',
        'WebGPU (graphics card): this browser has no WebGPU',
        'WebGL (graphics card): WebGL 2 does not start',
      ]);
      await plain.locator('#backend').evaluate((select: HTMLSelectElement) => {
        select.options[2]!.disabled = false; // as where a card is lost after the page has looked
        select.value = 'webgl';
        select.dispatchEvent(new Event('change'));
      });
      await plain
        .getByText('WebGL cannot be used: WebGL 2 does not start. Ready, computing with WebAssembly (processor).')
        .waitFor({ timeout: 90_000 });
      expect(await plain.locator('#backend').inputValue()).toBe('wasm');
      await plain.context().close();
    }, 120_000);

    it('says so where the model is missing, and offers a way on', async () => {
      const broken = await served.open({}, async (context) => {
        await context.route(/pretrained/, (route) => route.abort());
      });
      await broken.getByText(/The model cannot be loaded: /).waitFor({ timeout: 90_000 });
      expect(await broken.locator('#engine').getAttribute('class')).toBe('error');
      await broken.context().unroute(/pretrained/);
      await broken.getByRole('button', { name: 'Try again' }).click();
      await untilReady(broken);
      await broken.context().close();
      served.complaints.length = 0; // of the blocked file
    }, 120_000);

    it('lets the same sound files be chosen to train on, or a zip archive', async () => {
      const accept = (id: string) => page.locator(id).getAttribute('accept');
      expect(await accept('#training-files')).toBe(`.zip,${await accept('#file')}`);
    });

    it('works without a network after the first visit', async () => {
      const offline = await served.open();
      await untilReady(offline);
      await offline.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await offline.context().setOffline(true);
      await offline.reload();
      await untilReady(offline);
      await offline.setInputFiles('#file', clip);
      await hears('in-turns.wav', offline);
      await expectSameScores(offline);
      await offline.context().close();
    }, 180_000);

    it.each([
      ['desktop', { width: 1000, height: 900 }],
      ['phone', { width: 375, height: 812 }],
    ])(
      'has no serious fault that axe finds, light and dark: %s',
      async (name, viewport) => {
        const tool = await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
        const seen = await served.open({ viewport });
        await untilReady(seen);
        await seen.setInputFiles('#file', clip);
        await hears('in-turns.wav', seen);
        await seen.evaluate(`${tool}; undefined`); // as a tool of the browser, which the page's policy does not bind
        for (const view of ['files', 'live', 'training']) {
          await seen.locator(`nav a[href="#${view}"]`).click();
          for (const colorScheme of ['light', 'dark'] as const) {
            await seen.emulateMedia({ colorScheme });
            const faults = await seen.evaluate(async () => {
              const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
              return violations
                .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
            });
            expect(faults).toEqual([]);
            // Nothing is wider than the window.
            const { scrollWidth, clientWidth } = await seen.evaluate(() => {
              const { scrollWidth, clientWidth } = document.documentElement;
              return { scrollWidth, clientWidth };
            });
            expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
            await seen.screenshot({ path: join(screenshots, `${view}-${name}-${colorScheme}.png`), fullPage: true });
          }
        }
        await seen.context().close();
      },
      180_000,
    );

    it('is operable by keyboard: settings, views, files', async () => {
      await page.reload();
      await untilReady(page);
      const stops: string[] = [];
      for (let i = 0; i < 7; i++) {
        await page.keyboard.press('Tab');
        stops.push(await page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || ''));
      }
      expect(stops).toEqual(['Skip to the content', 'Recordings', 'Live', 'Training', 'model', 'backend', 'file']);
    }, 120_000);

    it('is small: scripts up to the first result without model and resampler at most 600 kB, compressed', async () => {
      const assets = join(served.folder, 'assets');
      const names = await readdir(assets);
      // What else there is is loaded where it is needed: other backends, decoders, the resampler (2 MB, of which most is a filter).
      const loaded: string[] = [];
      const visit = await served.open({ serviceWorkers: 'block' }, async (context) => {
        context.on('request', (request) => void loaded.push(request.url().replace(/.*\//, '')));
      });
      await untilReady(visit);
      await visit.setInputFiles('#file', clip);
      await hears('in-turns.wav', visit);
      await visit.context().close();
      const scripts = names.filter((name) => name.endsWith('.js') && loaded.includes(name) && !/pretrained/.test(name));
      let bytes = 0;
      for (const name of scripts) bytes += gzipSync(await readFile(join(assets, name))).length;
      expect(scripts.length).toBeGreaterThan(2);
      expect(bytes).toBeLessThanOrEqual(600_000);
    }, 120_000);

    it('asked for nothing outside and logged no error, with a strict content security policy', async () => {
      expect(served.outside).toEqual([]);
      expect(served.complaints).toEqual([]);
      const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
      expect(policy).not.toMatch(/unsafe-(eval|inline)'(?<!'wasm-unsafe-eval')/);
      expect(policy).toContain("default-src 'none'");
    });
  });
});
