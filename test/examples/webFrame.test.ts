import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavOf } from '../../examples/web/engine/wav.ts';
import { withChromium } from '../support/chromium.ts';
import { root } from '../support/program.ts';
import { faultsInLooks, spoken } from './webLooks.ts';
import { type ServedPage, servePage, untilReady } from './webPage.ts';

/*
 * What holds of the page whatever it shows: settings, offline, keyboard, accessibility, weight, policy. Oracles: axe-core's rules, the
 * browser's own order of focus, the built files. Pictures of each state are left in runs/screenshots, to be looked at.
 */

const clip = (name: string) => join(root, `examples/clips/${name}.wav`);

withChromium('the web interface: its frame', () => {
  let served: ServedPage;

  beforeAll(async () => {
    served = await servePage();
  }, 240_000);

  afterAll(() => served?.close());

  const choose = (page: Page, files: Parameters<Page['setInputFiles']>[1]) =>
    page.locator('input[type=file]').first().setInputFiles(files);
  const settings = (page: Page) => page.getByRole('button', { name: 'Settings' }).click();

  describe('settings', () => {
    it('say why a backend cannot be used, and another is taken', async () => {
      const plain = await served.open({}, async (context) => {
        await context.addInitScript(() => {
          Object.defineProperty(navigator, 'gpu', { value: undefined });
          const get = OffscreenCanvas.prototype.getContext as (kind: string) => unknown;
          OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, kind: string) {
            return kind === '2d' ? get.call(this, kind) : null;
          } as never;
        });
      });
      await settings(plain);
      const backend = plain.getByLabel('Compute with');
      await expect
        .poll(() => backend.locator('option').allTextContents())
        .toEqual([
          'WebAssembly (processor)',
          'WebGPU (graphics card): this browser has no WebGPU',
          'WebGL (graphics card): WebGL 2 does not start',
        ]);
      await backend.evaluate((select: HTMLSelectElement) => {
        select.options[2]!.disabled = false; // as where a card is lost after the page has looked
        select.value = 'webgl';
        select.dispatchEvent(new Event('change', { bubbles: true }));
      });
      await plain
        .getByText('WebGL cannot be used: WebGL 2 does not start. Ready, computing with WebAssembly (processor).')
        .waitFor({ timeout: 90_000 });
      await plain.context().close();
    }, 120_000);

    it('say that the model is missing, and offer a way on', async () => {
      const broken = await served.open({ serviceWorkers: 'block' }, async (context) => {
        await context.route(/pretrained/, (route) => route.abort());
      });
      await settings(broken);
      await broken.getByText(/The model cannot be loaded: /).waitFor({ timeout: 90_000 });
      await broken.context().unroute(/pretrained/);
      await broken.getByRole('button', { name: 'Try again' }).click();
      await broken.getByText(/Ready, computing with/).waitFor({ timeout: 90_000 });
      await broken.context().close();
      served.complaints.length = 0; // of the blocked file
    }, 120_000);

    it('are remembered: threshold and theme; the answer follows the threshold', async () => {
      const page = await served.open();
      await untilReady(page);
      await settings(page);
      await page.getByLabel(/^Not sure below/).fill('95');
      await page.getByLabel('Theme', { exact: true }).selectOption('dark');
      await page.getByRole('button', { name: 'Done' }).click();
      expect(await page.locator('h1').textContent()).toMatch(/not sure/);
      await page.reload();
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
      expect(await page.locator('h1').textContent()).toMatch(/not sure/);
      await page.context().close();
    }, 120_000);
  });

  it('works without a network after the first visit', async () => {
    const offline = await served.open();
    await untilReady(offline);
    await offline.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await offline.context().setOffline(true);
    await offline.reload();
    await untilReady(offline);
    await choose(offline, clip('flat'));
    await offline.locator('.transport').getByRole('button', { name: 'Export' }).waitFor({ timeout: 90_000 });
    await offline.context().close();
  }, 180_000);

  it('is worked by keyboard: what is reached in which order, and the skip link leaves the address', async () => {
    const page = await served.open();
    const stops: string[] = [];
    for (let i = 0; i < 11; i++) {
      await page.keyboard.press('Tab');
      stops.push(
        await page.evaluate(() => {
          const { activeElement } = document;
          return (
            activeElement?.getAttribute('aria-label') ?? activeElement?.closest('label, a, button')?.textContent ?? ''
          );
        }),
      );
    }
    const views = await page.locator('nav a').allTextContents();
    expect(stops).toEqual(
      [
        ...['Skip to the content', 'speech-emotion', ...views, 'Dark theme', 'Settings'],
        ...[
          'Try an exampleExample',
          'Choose files',
          'Record',
          expect.stringMatching(/^Place in/),
          expect.stringMatching(/^Play/),
        ],
        ...[expect.stringMatching(/^Why/), 'Export'],
      ].slice(0, 11),
    );
    const { hash } = new URL(page.url());
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    expect(new URL(page.url()).hash).toBe(hash);
    await page.context().close();
  });

  describe('states', () => {
    const silence = async () => {
      const wav = wavOf({ samples: new Float32Array(48_000), sampleRate: 16_000 });
      return { name: 'voicemail-empty.wav', mimeType: 'audio/wav', buffer: Buffer.from(await wav.arrayBuffer()) };
    };
    /** The example in turns, over and over. */
    const turns = async (seconds: number) => {
      const bytes = await readFile(clip('in-turns'));
      const pcm = new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) >> 1);
      const samples = Float32Array.from({ length: 16_000 * seconds }, (_, i) => pcm[i % pcm.length]! / 32_768);
      const wav = wavOf({ samples, sampleRate: 16_000 });
      return { name: 'long.wav', mimeType: 'audio/wav', buffer: Buffer.from(await wav.arrayBuffer()) };
    };
    /** Calls of a day, one of which is a letter. */
    const thirty = async () => {
      const buffers = await Promise.all(
        ['flat', 'loud', 'slow', 'in-turns', 'lively'].map((name) => readFile(clip(name))),
      );
      const calls = Array.from({ length: 29 }, (_, i) => ({
        ...{ name: `2026-11-03 call ${i + 1}.wav`, mimeType: 'audio/wav', buffer: buffers[i % buffers.length]! },
      }));
      return [...calls.slice(0, 12), { ...letter, name: 'minutes of the meeting.wav' }, ...calls.slice(12)];
    };
    const letter = {
      name: 'notes.wav',
      mimeType: 'audio/wav',
      buffer: Buffer.from('Dear Anna, thank you for the letter.'),
    };
    const heard = (page: Page) =>
      page.locator('.transport').getByRole('button', { name: 'Export' }).waitFor({ timeout: 240_000 });

    it('have no fault that axe or the accessibility tree show, and nothing wider than the window', async () => {
      const page = await served.open();
      await untilReady(page);
      const states: Record<string, () => Promise<void>> = {
        async example() {},
        async 'not-sure'() {
          await page.evaluate(() => location.assign('#recordings/in-turns'));
          await page.locator('h1').filter({ hasText: 'At the bus stop' }).waitFor();
        },
        async settings() {
          await settings(page);
        },
        async why() {
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: /^Why/ }).click();
          await page.locator('button[aria-pressed=true]').filter({ hasText: 'Why' }).waitFor({ timeout: 90_000 });
        },
        async export() {
          await page.locator('.transport').getByRole('button', { name: 'Export' }).click();
        },
        async 'one-file'() {
          await page.keyboard.press('Escape');
          await choose(page, clip('lively'));
          await page.locator('h1').filter({ hasText: 'lively.wav' }).waitFor();
          await heard(page);
        },
        async 'no-speech'() {
          await choose(page, await silence());
          await page.locator('h1').filter({ hasText: 'no speech' }).waitFor({ timeout: 60_000 });
        },
        async unreadable() {
          await choose(page, letter);
          await page.locator('h1').filter({ hasText: 'can’t read it' }).waitFor({ timeout: 60_000 });
        },
        async long() {
          await choose(page, await turns(600));
          await page.locator('h1').filter({ hasText: 'long.wav' }).waitFor();
          await heard(page);
        },
        async minutes() {
          await page.getByRole('button', { name: 'Minute' }).click();
        },
        async many() {
          await page.keyboard.press('Escape');
          await choose(page, await thirty());
          await page.locator('h1').filter({ hasText: '32 of 34 heard' }).waitFor({ timeout: 120_000 });
        },
      };
      for (const [state, reach] of Object.entries(states)) {
        await reach();
        expect.soft(await faultsInLooks(page, `recordings-${state}`)).toEqual([]);
      }
      await page.context().close();
    }, 900_000);

    it('are told in live regions: what is heard, what cannot be read, what is saved', async () => {
      const page = await served.open();
      const told = (words: RegExp) =>
        expect.poll(async () => (await spoken(page)).join('\n'), { timeout: 90_000 }).toMatch(words);
      await choose(page, clip('lively'));
      await told(/lively\.wav, 2\.0\ss: (not sure, )?\w+/);
      await page.locator('.transport').getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: /^Table/ }).click();
      await told(/lively\.csv is saved\./);
      await choose(page, letter);
      await told(/notes\.wav cannot be read\. /);
      await page.context().close();
    }, 180_000);
  });

  it('is small: its main script at most 120 kB, compressed; what the first picture needs is no more', async () => {
    const assets = join(served.folder, 'assets');
    const loaded: string[] = [];
    const visit = await served.open({ serviceWorkers: 'block' }, async (context) => {
      await context.route(/worker/, (route) => route.abort());
      context.on('request', (request) => void loaded.push(request.url().replace(/.*\//, '')));
    });
    await visit.locator('.stage canvas').first().waitFor();
    await visit.context().close();
    served.complaints.length = 0; // of the blocked worker
    const scripts = (await readdir(assets)).filter(
      (name) => name.endsWith('.js') && !name.includes('worker') && loaded.includes(name),
    );
    let bytes = 0;
    for (const name of scripts) bytes += gzipSync(await readFile(join(assets, name))).length;
    expect(scripts.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(120_000);
  }, 60_000);

  it('asked for nothing outside and logged no error, with a strict content security policy', async () => {
    const page = await served.open();
    expect(served.outside).toEqual([]);
    expect(served.complaints).toEqual([]);
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(policy).not.toMatch(/unsafe-(eval|inline)'(?<!'wasm-unsafe-eval')/);
    expect(policy).toContain("default-src 'none'");
  });
});
