import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { openRavdess } from 'speech-emotion/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withChromium } from '../support/chromium.ts';
import { tinyWav, zipOf } from '../support/fakeRavdess.ts';
import { root } from '../support/program.ts';
import { ravdessZip, withRavdess } from '../support/ravdess.ts';
import { type ServedPage, servePage, untilReady } from './webPage.ts';

/*
 * The training view as it is deployed: built, served, driven in Chromium, with real recordings. How well a model does after so
 * little is no matter here; that what is shown is what was computed, is.
 */

const screenshots = join(root, 'runs/screenshots');
const ACTORS = [1, 2, 3];
const CLIPS_AN_ACTOR = 16; // two of each emotion

/** A file as a user would choose it. */
interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

withRavdess('the training view', () => {
  withChromium('in Chromium', () => {
    let folder: string;
    let served: ServedPage;
    let page: Page;
    let archive: Upload;
    let clip: Upload;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'web-training-'));
      const speech = (await openRavdess(ravdessZip!)).filter({ actors: ACTORS, statements: [1] });
      const some = speech.filter(({ metadata }) => metadata.intensity === 'normal');
      const files = await Promise.all(
        [...some].map(async (recording) => {
          const bytes = await recording.bytes();
          return { name: recording.name.split('/').slice(-2).join('/'), bytes: async () => bytes };
        }),
      );
      expect(files).toHaveLength(ACTORS.length * CLIPS_AN_ACTOR);
      const zip = await zipOf(files, { level: 0 });
      archive = { name: 'some.zip', mimeType: 'application/zip', buffer: Buffer.from(await zip.arrayBuffer()) };
      clip = { name: 'clip.wav', mimeType: 'audio/wav', buffer: Buffer.from(await files[0]!.bytes()) };

      served = await servePage();
      page = await served.open();
      await showView();
      await mkdir(screenshots, { recursive: true });
    }, 240_000);

    afterAll(async () => {
      await served?.close();
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    const showView = async () => {
      await untilReady(page);
      await page.getByRole('link', { name: 'Training' }).click();
    };
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const says = (id: string, words: RegExp) =>
      expect.poll(() => page.locator(`#training-${id}`).textContent(), { timeout: 60_000 }).toMatch(words);
    const choose = async () => {
      await page.setInputFiles('#training-files', archive);
      await says('data', /^48 recordings of RAVDESS, 3 actors: angry 6, calm 6,/);
    };
    const epochsListed = () => page.locator('#training-epochs-table tbody tr').count();
    const confusionSum = () =>
      page
        .locator('#training-confusion tbody td')
        .evaluateAll((cells) => cells.reduce((sum, cell) => sum + Number(cell.textContent), 0));

    it('trains, shows how it goes in pictures and words, and leaves the page free', async () => {
      await choose();
      await page.locator('#training-epochs').fill('3');
      await page.getByLabel('Clips a batch').fill('8');
      await page.getByLabel('Name of the model').fill('three actors');
      await page.getByLabel('Only speakers').fill('1-2, 3');
      expect(await page.locator('#training-held-out input:checked').count()).toBe(1);
      await page.getByLabel('03', { exact: true }).setChecked(true);
      await page.getByLabel('01', { exact: true }).setChecked(false);
      await page.getByLabel('02', { exact: true }).setChecked(false);
      await says('clips', /^32 of 48 recordings are trained on, 16 are held out\.$/);

      await watchFrames(page);
      await press('Start');
      await says('now', /^Epoch \d of 3, batch \d of 4: loss \d\.\d\d, learning rate \S+\. /);
      await says('status', /^Epoch 1 of 3 is over: UAR \d+ % on what was held out, the best so far\.$/);
      expect(await confusionSum()).toBe(16);
      await says('status', /^Trained: UAR \d+ % on what was held out\.$/);
      const smoothness = await framesOf(page);
      await mkdir(join(root, 'runs'), { recursive: true });
      await writeFile(
        join(root, 'runs/web-training.json'),
        `${JSON.stringify({ ...smoothness, loadAverage: loadavg()[0] })}\n`,
      );
      expect(Math.min(...smoothness.framesASecond)).toBeGreaterThan(0);

      expect(await epochsListed()).toBe(3);
      expect(await confusionSum()).toBe(16);
      const caption = await page.locator('#training-confusion caption').textContent();
      expect(caption).toMatch(/^Held-out clips after training \(epoch [123]\): 16 clips, \d+ % of them right$/);
      const named = (id: string) => page.locator(`#training-${id}`).getAttribute('aria-label');
      const loss = /^Loss over 3 of 3 epochs: in training from \S+ to \S+, on held-out clips from \S+ to \S+$/;
      expect(await named('loss')).toMatch(loss);
      expect(await named('uar')).toMatch(
        /^UAR over 3 of 3 epochs: from \d+ % to \d+ %, highest after epoch \d; 13 % would be chance$/,
      );
      for (const id of ['loss', 'uar']) expect(await coloursOf(page, `#training-${id} canvas`)).toBeGreaterThan(10);
    }, 90_000);

    it('compares with the shipped model, and says that it has heard the clips', async () => {
      await press('Compare with the shipped one');
      await says('kept', /^Compared\.$/);
      const rows = await page.locator('#training-comparison tbody tr').allTextContents();
      expect(rows).toHaveLength(2 + 8);
      expect(rows[0]).toMatch(/^UAR: mean over the labels\d+ %\d+ %$/);
      expect(await page.locator('#training-comparison p').textContent()).toMatch(
        /^16 clips\. .*was trained on all 24 actors.*heard these very clips/,
      );
    }, 60_000);

    it.each(['light', 'dark'] as const)(
      'can be read, in %s',
      async (colorScheme) => {
        await page.emulateMedia({ colorScheme });
        for (const [size, width] of Object.entries({ desktop: 1000, phone: 360 })) {
          await page.setViewportSize({ width, height: 900 });
          await page.waitForTimeout(100); // the charts take their new width
          await page.screenshot({ path: join(screenshots, `training-${colorScheme}-${size}.png`), fullPage: true });
          expect(await sticksOut(page)).toEqual([]);
        }
        await page.setViewportSize({ width: 1000, height: 900 });
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => window.axe.run());
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      },
      60_000,
    );

    it('keeps the model: it can be chosen, and classifies; and gives it out and takes it in again', async () => {
      await page.emulateMedia({ colorScheme: 'light' });
      await press('Save to this browser');
      await says('kept', /^Saved as “three actors”\./);
      const downloading = page.waitForEvent('download');
      await press('Download');
      const path = join(folder, 'three actors.zip');
      await (await downloading).saveAs(path);
      const again = { name: 'loaded.zip', mimeType: 'application/zip', buffer: await readFile(path) };
      await page.setInputFiles('#training-load', again);
      await says('kept', /^Saved as “loaded”\./);
      await page.setInputFiles('#training-load', { ...clip, name: 'model.json' });
      await says('kept', /^model\.json is no model: it must be JSON\.$/);

      const scores: string[][] = [];
      for (const name of ['three actors', 'loaded']) {
        await page.locator('#model').selectOption(name);
        await page.getByText(/Ready, computing with/).waitFor({ timeout: 60_000 });
        await page.getByRole('link', { name: 'Recordings' }).click();
        await page.setInputFiles('#file', clip);
        const heard = page.locator('#files-status');
        await expect.poll(() => heard.textContent(), { timeout: 60_000 }).toMatch(/^clip\.wav(:| sounds) /);
        const bars = page.locator('#bars li');
        scores.push(await bars.evaluateAll((all) => all.map(({ dataset }) => `${dataset.label} ${dataset.score}`)));
      }
      expect(scores[0]).toHaveLength(8);
      expect(scores[1]).toEqual(scores[0]);
      await page.getByRole('link', { name: 'Training' }).click();
    }, 90_000);

    it('stops, and goes on where it was: at once, and after the page was closed', async () => {
      await page.locator('#training-epochs').fill('1000');
      await page.getByLabel('Name of the model').fill('stopped');
      await press('Start');
      await says('status', /^Epoch 1 of 1000 is over/);
      await press('Stop');
      await says('status', /^Stopped after epoch \d+ of 1000\. It can be resumed, also another day\.$/);
      const first = await epochsListed();

      await press('Resume');
      await expect.poll(epochsListed, { timeout: 30_000 }).toBeGreaterThan(first);
      await page.getByText(/^Epoch \d+ of 1000 is over/).waitFor();
      const context = page.context();
      await page.close(); // in the middle of it
      page = await context.newPage();
      await page.goto(served.address);
      await showView();
      await says('status', /^The training “stopped” stopped after epoch \d+ of 1000\. Choose its recordings/);
      const kept = Number(/epoch (\d+)/.exec((await page.locator('#training-status').textContent())!)![1]);
      expect(kept).toBeGreaterThanOrEqual(first);
      await choose();
      await press('Resume');
      await expect.poll(epochsListed, { timeout: 30_000 }).toBeGreaterThan(kept);
      const listed = await page.locator('#training-epochs-table tbody th').allTextContents();
      expect(listed).toEqual(listed.map((_, i) => String(i + 1))); // each epoch once, those before the stop too
      await press('Stop');
      await says('status', /^Stopped after epoch/);

      // Begun anew, it begins at the beginning.
      await page.locator('#training-epochs').fill('2');
      await press('Begin anew');
      await says('status', /^Trained/);
      expect(await epochsListed()).toBe(2);
    }, 90_000);

    describe('says clearly', () => {
      const folderOf = async (name: string, files: readonly string[]) => {
        for (const file of files) {
          const path = join(folder, name, file);
          await mkdir(resolve(path, '..'), { recursive: true });
          await writeFile(path, file.endsWith('.wav') ? tinyWav({ samples: 16_000 }) : 'no sound');
        }
        await page.setInputFiles('#training-folder', join(folder, name));
      };

      it('that there are no labelled recordings', async () => {
        await folderOf('none', ['notes.txt']);
        await says('data', /^There are no labelled recordings in what was chosen \(1 files\)/);
        expect(await page.getByRole('button', { name: /^(Start|Resume)$/ }).isDisabled()).toBe(true);
      });

      it('that there is one speaker only, and what can be done', async () => {
        const files = ['happy', 'sad'].flatMap((label) => [1, 2, 3, 4, 5].map((i) => `${label}/anna_${i}.wav`));
        await folderOf('one', files);
        await says('data', /^10 recordings by 1 speaker: happy 5, sad 5/);
        await says('clips', /^All recordings are of one speaker, anna\. .*not told apart/);
        await page.getByLabel('Who speaks is known by').selectOption('none');
        await says('clips', /^A fifth of the recordings is held out/);
      });

      it('that two labels are needed', async () => {
        await folderOf('bored', ['bored/anna_1.wav', 'bored/ben_1.wav']);
        await says('clips', /^All recordings are bored: there must be two labels/);
      });
    });

    it('asked for nothing outside, and logged no error', () => {
      expect(served.outside).toEqual([]);
      expect(served.complaints).toEqual([]);
    });
  });
});

declare global {
  interface Window {
    axe: typeof axe;
    smoothness: { frames: number[]; longTasks: number[] };
  }
}

/** Notes when the page draws, and what keeps it from answering for 50 ms and more. */
async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { frames, longTasks } = { frames: [] as number[], longTasks: [] as number[] };
    window.smoothness = { frames, longTasks };
    const frame = (time: number) => {
      frames.push(time);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
}

/** Frames in each whole second since {@link watchFrames}, and the long tasks in ms. */
async function framesOf(page: Page) {
  const { frames, longTasks } = await page.evaluate(() => window.smoothness);
  const seconds = Math.floor((frames.at(-1)! - frames[0]!) / 1000);
  const framesASecond = Array.from(
    { length: seconds },
    (_, second) => frames.filter((time) => Math.floor((time - frames[0]!) / 1000) === second).length,
  );
  return { framesASecond, longTasks };
}

/** What makes the page wider than the screen. */
async function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const all = [...document.querySelectorAll('main *')];
    const wide = all.filter((element) => element.getBoundingClientRect().right > clientWidth);
    return ['the page', ...wide.map(({ outerHTML }) => outerHTML.slice(0, 100))];
  });
}

async function coloursOf(page: Page, canvas: string): Promise<number> {
  return page.locator(canvas).evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}
