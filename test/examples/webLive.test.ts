import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { resample, trimSilence } from 'speech-emotion/features';
import { openRavdess } from 'speech-emotion/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withChromium } from '../support/chromium.ts';
import { root } from '../support/program.ts';
import { ravdessZip, withRavdess } from '../support/ravdess.ts';
import { encodeWav } from '../support/wav.ts';
import { type ServedPage, servePage, untilReady } from './webPage.ts';

/*
 * The live view with a microphone that plays a file: an actor's recordings, first sad, then surprised. Oracle: how they are
 * labelled, and when the second begins. What is asked of the model is to tell two emotions of an actor it was trained on apart.
 */

const screenshots = join(root, 'runs/screenshots');
const RATE = 48_000;

withChromium('the live view', () => {
  withRavdess('with a microphone that plays recordings', () => {
    let served: ServedPage;
    let folder: string;
    /** When the second emotion begins, in seconds. */
    let turn: number;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'microphone-'));
      const dataset = await openRavdess([ravdessZip!]);
      const clips = async (emotion: 'sad' | 'surprised') => {
        const chosen = [...dataset.filter({ actors: [2], emotions: [emotion] })].slice(-3);
        const waveforms = await Promise.all(chosen.map((recording) => recording.waveform()));
        return Promise.all(waveforms.map(async (waveform) => trimSilence(await resample(waveform, RATE)).samples));
      };
      const [first, second] = [await clips('sad'), await clips('surprised')];
      turn = first.reduce((sum, { length }) => sum + length, 0) / RATE;
      const all = [...first, ...second];
      const samples = new Float32Array(all.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const piece of all) {
        samples.set(piece, at);
        at += piece.length;
      }
      const path = join(folder, 'microphone.wav');
      await writeFile(path, encodeWav(samples, RATE));
      await mkdir(screenshots, { recursive: true });
      served = await servePage([
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${path}%noloop`,
        '--autoplay-policy=no-user-gesture-required',
      ]);
    }, 240_000);

    afterAll(async () => {
      await served?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** The view, in a window of its own; the tracks that the page opens are kept for the test to look at. */
    async function openLive(options: Parameters<ServedPage['open']>[0] = { permissions: ['microphone'] }) {
      const page = await served.open(options, async (context) => {
        await context.addInitScript(() => {
          const devices = navigator.mediaDevices;
          if (!devices) return; // not yet the page
          const open = devices.getUserMedia.bind(devices);
          const tracks: MediaStreamTrack[] = [];
          Object.assign(window, { tracks });
          devices.getUserMedia = async (constraints) => {
            const stream = await open(constraints);
            tracks.push(...stream.getTracks());
            return stream;
          };
        });
      });
      await untilReady(page);
      await page.getByRole('link', { name: 'Live' }).click();
      return page;
    }

    const trackStates = (page: Page) =>
      page.evaluate(() =>
        (window as unknown as { tracks: MediaStreamTrack[] }).tracks.map((track) => track.readyState),
      );
    const status = (page: Page) => page.locator('#live-status');

    it('shows the change of emotion within 1.5 seconds of sound, and lets go of the microphone when stopped', async () => {
      const page = await openLive();
      await page.getByRole('button', { name: 'Listen' }).click();
      await expect.poll(() => status(page).textContent(), { timeout: 30_000 }).toBe('Listening.');
      const heard = async () =>
        page.locator('#live-timeline rect').evaluateAll((rects) => {
          const labels = new Map<number, string>(); // by when the segment ended
          for (const rect of rects) {
            const end = Number(rect.getAttribute('x')) + Number(rect.getAttribute('width'));
            labels.set(end, (rect as SVGElement).dataset.label!);
          }
          return [...labels].sort(([a], [b]) => a - b);
        });
      await expect.poll(async () => (await heard()).at(-1)?.[0] ?? 0, { timeout: 60_000 }).toBeGreaterThan(turn + 3);
      const segments = await heard();
      const before = segments.filter(([end]) => end <= turn).map(([, label]) => label);
      expect(before.filter((label) => label === 'sad').length).toBeGreaterThan(before.length / 2);
      const change = segments.find(([end, label]) => end > turn && label === 'surprised');
      expect(change![0] - turn).toBeLessThanOrEqual(1.5);
      expect(await page.locator('#changes li strong').allTextContents()).toContain('surprised');
      expect(await page.locator('#live-summary').textContent()).toMatch(/surprised \d+ %/);
      expect(await page.locator('.moment').getAttribute('aria-live')).toBe('polite');

      expect(await trackStates(page)).toEqual(['live']);
      for (const [name, viewport] of [
        ['desktop', { width: 1000, height: 900 }],
        ['phone', { width: 375, height: 812 }],
      ] as const) {
        await page.setViewportSize(viewport);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: join(screenshots, `listening-${name}-${colorScheme}.png`), fullPage: true });
        }
      }
      await page.getByRole('button', { name: 'Stop' }).click();
      await expect.poll(() => status(page).textContent()).toBe('Stopped; the microphone is free again.');
      expect(await trackStates(page)).toEqual(['ended']);
      await page.context().close();
    }, 180_000);

    it('lets go of the microphone when another view is shown', async () => {
      const page = await openLive();
      await page.getByRole('button', { name: 'Listen' }).click();
      await expect.poll(() => status(page).textContent(), { timeout: 30_000 }).toBe('Listening.');
      await page.getByRole('link', { name: 'Recordings' }).click();
      await expect.poll(() => trackStates(page)).toEqual(['ended']);
      await page.context().close();
    }, 60_000);

    it('says so where permission is denied, and what can be done', async () => {
      const page = await openLive({});
      await page.getByRole('button', { name: 'Listen' }).click();
      await expect
        .poll(() => status(page).textContent(), { timeout: 30_000 })
        .toMatch(/^The page may not use the microphone\. Allow it/);
      expect(await page.getByRole('button', { name: 'Listen' }).isEnabled()).toBe(true);
      await page.context().close();
    }, 60_000);

    it('logged no error and asked for nothing outside', () => {
      expect(served.complaints).toEqual([]);
      expect(served.outside).toEqual([]);
    });
  });

  describe('without a microphone', () => {
    it('says so, and what can be done', async () => {
      const served = await servePage();
      try {
        const page = await served.open({ permissions: ['microphone'] });
        await untilReady(page);
        await page.getByRole('link', { name: 'Live' }).click();
        await page.getByRole('button', { name: 'Listen' }).click();
        await page.getByText(/^There is no microphone\. Connect one/).waitFor({ timeout: 30_000 });
      } finally {
        await served.close();
      }
    }, 240_000);
  });
});
