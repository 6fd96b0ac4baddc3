import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { openRavdess } from 'speech-emotion/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withChromium } from '../support/chromium.ts';
import { tinyWav, zipOf } from '../support/fakeRavdess.ts';
import { root } from '../support/program.ts';
import { ravdessZip, withRavdess } from '../support/ravdess.ts';
import { faultsInLooks } from './webLooks.ts';
import { type ServedPage, servePage } from './webPage.ts';

/*
 * Training on whole collections as it is deployed: built, served, driven in Chromium, with real recordings. How well a model does after so
 * little is no matter here; that what is shown is what was computed, is.
 */

const ACTORS = [1, 2, 3];
const CLIPS_AN_ACTOR = 16; // two of each emotion

/** A file as a user would choose it. */
interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

withRavdess('training on a whole collection', () => {
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
      page = await served.open({}, async (context) => {
        await context.addInitScript(noteWords);
      });
      await showView();
    }, 240_000);

    afterAll(async () => {
      await served?.close();
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    const showView = async () => {
      await page.goto(`${served.address}#teach/collection`);
      await page.getByRole('heading', { name: 'Train on a whole collection' }).waitFor();
    };
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    /** Said since what was asked for before, however shortly it stood there. */
    const says = async (words: RegExp) => {
      const line = new RegExp(words, 'm');
      await expect.poll(() => page.evaluate(() => window.said.join('\n')), { timeout: 60_000 }).toMatch(line);
      await page.evaluate((line) => {
        window.said.splice(0, 1 + window.said.findIndex((words) => line.test(words)));
      }, line);
    };
    const finds = (words: RegExp) =>
      expect.poll(() => page.locator('.chooser').textContent(), { timeout: 60_000 }).toMatch(words);
    const choose = async () => {
      await page.locator('.chooser input').first().setInputFiles(archive);
      await finds(/some\.zip: 48 recordings of RAVDESS, 3 actors: angry 6, calm 6,/);
    };
    const epochsListed = async () => {
      const table = page.locator('.epochs');
      if ((await table.count()) === 0) return 0;
      return table.locator('tbody tr').count();
    };
    const confusionSum = () =>
      page
        .locator('.confusion tbody td')
        .evaluateAll((cells) => cells.reduce((sum, cell) => sum + Number(cell.textContent), 0));
    const focused = () => page.evaluate(() => document.activeElement?.textContent);

    it('can be read before anything is chosen', async () => {
      expect(await faultsInLooks(page, 'collection-empty')).toEqual([]);
      expect(await page.getByRole('button', { name: 'Train', exact: true }).isDisabled()).toBe(true);
    }, 90_000);

    it('says at each field what is wrong with it', async () => {
      await choose();
      const wrong = async (label: string, value: string, words: RegExp) => {
        const field = page.getByLabel(label, { exact: true });
        const before = await field.inputValue();
        await field.fill(value);
        expect(await field.getAttribute('aria-invalid')).toBe('true');
        const id = (await field.getAttribute('aria-describedby'))!;
        expect(await page.locator(`[id="${id}"]`).textContent()).toMatch(words);
        expect(await page.getByRole('button', { name: 'Train', exact: true }).isDisabled()).toBe(true);
        await field.fill(before);
        expect(await field.getAttribute('aria-invalid')).toBe('false');
      };
      await wrong('Epochs', '1.5', /^A whole number from 1 to 1000, please\.$/);
      await wrong('Clips a batch', '0', /^A whole number from 1 to 256, please\.$/);
      await wrong('Name of the model', ' ', /^The model needs a name\.$/);
      await wrong('Only speakers', '4-6', /^There is no speaker 4-6 in these recordings\.$/);
      await wrong('Only speakers', '2', /^There must be two speakers at least/);
      await page.getByLabel('03', { exact: true }).uncheck();
      await page.getByText('Nobody is held out: tick a speaker at least.').waitFor();
      await page.getByLabel('Epochs', { exact: true }).fill('0');
      expect(await faultsInLooks(page, 'collection-faults')).toEqual([]);
      await page.getByLabel('03', { exact: true }).check();
      await page.getByLabel('Epochs', { exact: true }).fill('30');
    }, 120_000);

    it('trains, shows how it goes in pictures and words, and leaves the page free', async () => {
      await page.getByLabel('Epochs', { exact: true }).fill('3');
      await page.getByLabel('Clips a batch').fill('8');
      await page.getByLabel('Name of the model').fill('three actors');
      await page.getByLabel('Only speakers').fill('1-2, 3');
      await page.getByText(/^32 of 48 recordings are trained on, 16 are held out\.$/).waitFor();

      await watchFrames(page);
      await press('Train');
      expect(await focused()).toBe('Stop');
      const now = page.locator('.now');
      await expect
        .poll(() => now.textContent(), { timeout: 60_000 })
        .toMatch(/^Epoch \d of 3, batch \d of 4: loss \d\.\d\d, learning rate \S+\. /);
      await says(/^Epoch \d of 3 is over: UAR \d+\s% on what was held out/);
      expect(await confusionSum()).toBe(16);
      await says(/^Trained: UAR \d+\s% on what was held out\.$/);
      expect(await focused()).toBe('Train anew'); // the focus is where it was
      const smoothness = await framesOf(page);
      await mkdir(join(root, 'runs'), { recursive: true });
      await writeFile(
        join(root, 'runs/web-training.json'),
        `${JSON.stringify({ ...smoothness, loadAverage: loadavg()[0] })}\n`,
      );
      expect(Math.min(...smoothness.framesASecond)).toBeGreaterThan(0);

      expect(await epochsListed()).toBe(3);
      expect(await confusionSum()).toBe(16);
      const caption = await page.locator('.confusion caption').textContent();
      expect(caption).toMatch(/^Held-out clips after training \(epoch [123]\): 16 clips, \d+\s% of them right$/);
      const named = (kind: string) =>
        page.getByRole('img', { name: new RegExp(`^${kind}`) }).getAttribute('aria-label');
      const loss = /^Loss over 3 of 3 epochs: in training from \S+ to \S+, on held-out clips from \S+ to \S+$/;
      expect(await named('Loss')).toMatch(loss);
      expect(await named('UAR')).toMatch(
        /^UAR over 3 of 3 epochs: from \d+\s% to \d+\s%, highest after epoch \d; 13\s% would be chance$/,
      );
      // A point for each epoch, on both lines of the loss and that of the UAR.
      expect(await page.locator('.chart').first().locator('circle').count()).toBe(6);
      expect(await page.locator('.chart').last().locator('circle').count()).toBe(3);
    }, 90_000);

    it('compares with the shipped model, and says that it has heard the clips', async () => {
      await press('Compare with the shipped one');
      await page.locator('.comparison').waitFor({ timeout: 60_000 });
      const rows = await page.locator('.comparison tbody tr').allTextContents();
      expect(rows).toHaveLength(2 + 8);
      expect(rows[0]).toMatch(/^UAR: mean over the labels\d+\s%\d+\s%$/);
      expect(await page.locator('.comparison thead').textContent()).toMatch(/has heard these clips/);
      expect(await page.locator('.compared').textContent()).toMatch(
        /^16 clips\. .*has learnt from RAVDESS speech, 24 actors/,
      );
      expect(await faultsInLooks(page, 'collection-compared')).toEqual([]);
    }, 120_000);

    it('keeps the model: it can be chosen, and classifies; and gives it out and takes it in again', async () => {
      await press('Save to this browser');
      await says(/^Saved as “three actors”\./);
      const downloading = page.waitForEvent('download');
      await press('Download the model');
      const path = join(folder, 'three actors.zip');
      await (await downloading).saveAs(path);
      await page.getByRole('link', { name: /Teach it a sound/ }).click();
      const again = { name: 'loaded.zip', mimeType: 'application/zip', buffer: await readFile(path) };
      await page.locator('.try-it input[type=file]').setInputFiles(again);
      await page.getByText('Loaded, and kept as “loaded”').first().waitFor({ timeout: 60_000 });

      const scores: string[][] = [];
      for (const name of ['three actors', 'loaded']) {
        await page.getByRole('button', { name: 'Settings' }).click();
        await page.getByLabel('Model', { exact: true }).selectOption(name);
        await page.getByText(/Ready, computing with/).waitFor({ timeout: 60_000 });
        await page.getByRole('button', { name: 'Done' }).click();
        await page.getByRole('link', { name: 'Recordings' }).click();
        await page
          .locator('main input[type=file]')
          .first()
          .setInputFiles({ ...clip, name: `${name}.wav` });
        await page
          .getByRole('link', { name: `${name}.wav` })
          .or(page.locator('h1', { hasText: `${name}.wav` }))
          .first()
          .waitFor();
        await page.evaluate((id) => location.assign(`#recordings/${id}`), scores.length + 1);
        await page.locator('.transport').getByRole('button', { name: 'Export' }).waitFor({ timeout: 60_000 });
        const bars = page.locator('.bars li');
        scores.push(await bars.evaluateAll((all) => all.map(({ dataset }) => `${dataset.label} ${dataset.score}`)));
      }
      expect(scores[0]).toHaveLength(8);
      expect(scores[1]).toEqual(scores[0]);
    }, 90_000);

    it('stops, and goes on where it was: at once, and after the page was closed', async () => {
      await showView();
      await choose();
      await page.getByLabel('Clips a batch').fill('8');
      await page.getByLabel('Epochs', { exact: true }).fill('1000');
      await page.getByLabel('Name of the model').fill('stopped');
      await press('Train');
      await says(/^Epoch 1 of 1000 is over/);
      await press('Stop');
      await says(/^Stopped after epoch \d+ of 1000\. It can be resumed, also another day\.$/);
      expect(await focused()).toBe('Resume');
      const first = await epochsListed();

      await press('Resume');
      await expect.poll(epochsListed, { timeout: 30_000 }).toBeGreaterThan(first);
      await says(/^Epoch \d+ of 1000 is over/);
      const context = page.context();
      await page.close(); // in the middle of it
      page = await context.newPage();
      await showView();
      const told = page.locator('.runs');
      await told.filter({ hasText: /The training “stopped” stopped after epoch \d+ of 1000\./ }).waitFor();
      const kept = Number(/epoch (\d+)/.exec((await told.textContent())!)![1]);
      expect(kept).toBeGreaterThanOrEqual(first);
      await choose();
      await page.getByLabel('Name of the model').fill('stopped');
      await press('Resume');
      await expect.poll(epochsListed, { timeout: 30_000 }).toBeGreaterThan(kept);
      const listed = await page.locator('.epochs tbody th').allTextContents();
      expect(listed).toEqual(listed.map((_, i) => String(i + 1))); // each epoch once, those before the stop too
      expect(await page.getByLabel('Epochs', { exact: true }).inputValue()).toBe('1000'); // the fields say what is trained
      await press('Stop');
      await says(/^Stopped after epoch/);

      // Begun anew, it begins at the beginning.
      await page.getByLabel('Epochs', { exact: true }).fill('2');
      await press('Begin anew');
      await says(/^Trained/);
      expect(await epochsListed()).toBe(2);
    }, 120_000);

    describe('says clearly', () => {
      const folderOf = async (name: string, files: readonly string[]) => {
        for (const file of files) {
          const path = join(folder, name, file);
          await mkdir(resolve(path, '..'), { recursive: true });
          await writeFile(path, file.endsWith('.wav') ? tinyWav({ samples: 16_000 }) : 'no sound');
        }
        await page.locator('.chooser input').last().setInputFiles(join(folder, name));
      };

      it('that there are no labelled recordings', async () => {
        await folderOf('none', ['notes.txt']);
        await finds(/There are no labelled recordings in what was chosen \(1 files\)/);
        expect(await page.locator('.start .button.filled').isDisabled()).toBe(true);
      });

      it('that there is one speaker only, and what can be done; what was chosen stays chosen', async () => {
        const files = ['happy', 'sad'].flatMap((label) => [1, 2, 3, 4, 5].map((i) => `${label}/anna_${i}.wav`));
        await folderOf('one', files);
        await finds(/one: 10 recordings by 1 speaker: happy 5, sad 5/);
        await page.getByText(/^All recordings are of one speaker, anna\. .*not told apart/).waitFor();
        const rule = page.getByLabel('Who speaks is known by');
        expect(await rule.getAttribute('aria-invalid')).toBe('true');
        await rule.selectOption('none');
        await page.getByText(/^A fifth of the recordings is held out/).waitFor();
        // There are runs by now, which were begun otherwise.
        await page.getByLabel('Name of the model').fill('stopped');
        await page.getByLabel('Name of the model').fill('mine');
        await page.waitForTimeout(300);
        expect(await rule.inputValue()).toBe('none');
      });

      it('that two labels are needed', async () => {
        await folderOf('bored', ['bored/anna_1.wav', 'bored/ben_1.wav']);
        await page.getByText(/^All recordings are bored: there must be two labels/).waitFor();
      });

      it('that a model has the name already', async () => {
        await choose();
        await page.getByLabel('Name of the model').fill('three actors');
        await page.getByText('There is a model “three actors” in this browser: saving this one replaces it.').waitFor();
      });
    });

    it('is offered what is dropped anywhere, and opens it', async () => {
      await page.getByRole('link', { name: 'Recordings' }).click();
      const data = await page.evaluateHandle((bytes) => {
        const transfer = new DataTransfer();
        transfer.items.add(
          new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], 'some.zip', { type: 'application/zip' }),
        );
        return transfer;
      }, archive.buffer.toString('base64'));
      await page.locator('main').dispatchEvent('drop', { dataTransfer: data });
      await press('Teach with it');
      await finds(/some\.zip: 48 recordings of RAVDESS/);
    }, 60_000);

    it('asked for nothing outside, and logged no error', () => {
      expect(served.outside).toEqual([]);
      expect(served.complaints).toEqual([]);
    });
  });
});

declare global {
  interface Window {
    smoothness: { frames: number[]; longTasks: number[] };
    said: string[];
  }
}

/** Notes when the page draws, and what keeps it from answering for 50 ms and more. */
/** Notes each text of the course, in the page itself. */
function noteWords(): void {
  window.said = [];
  let last: string | null | undefined;
  new MutationObserver(() => {
    const words = document.querySelector('.course > :first-child')?.textContent;
    if (words && words !== last) window.said.push(words);
    last = words;
  }).observe(document, { childList: true, characterData: true, subtree: true });
}

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
