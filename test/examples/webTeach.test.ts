import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavOf } from '../../examples/web/engine/wav.ts';
import { RandomStream } from '../../src/core/random.ts';
import { withChromium } from '../support/chromium.ts';
import { faultsInLooks } from './webLooks.ts';
import { type ServedPage, servePage, untilReady } from './webPage.ts';

/*
 * Teaching a sound of one's own, as a user does it. Three sounds that nobody would mix up: a whistle, a low hum, clicks. Oracle: the
 * microphone plays one of them, so the word must be that one's.
 */

const RATE = 16_000;
const SOUNDS = {
  whistle: (t: number) => 0.4 * Math.sin(2 * Math.PI * 2200 * t),
  hum: (t: number) => 0.3 * Math.sin(2 * Math.PI * 130 * t) + 0.2 * Math.sin(2 * Math.PI * 260 * t),
  clicks: (t: number) => (t % 0.1 < 0.004 ? 0.8 * Math.sin(2 * Math.PI * 3000 * t) : 0),
} as const;
type Sound = keyof typeof SOUNDS;

/** A second and a bit of a sound, never twice the same. */
function take(sound: Sound, number: number): Float32Array {
  const random = new RandomStream(number, sound);
  const [gain, shift] = [0.7 + 0.3 * random.next(), 1 + 0.05 * random.next()];
  const samples = new Float32Array(Math.round(RATE * (1.1 + 0.4 * random.next())));
  return samples.map((_, i) => gain * SOUNDS[sound]((shift * i) / RATE) + 0.002 * (random.next() - 0.5));
}

const bytesOf = async (samples: Float32Array) => Buffer.from(await wavOf({ samples, sampleRate: RATE }).arrayBuffer());

const filesOf = (sound: Sound, count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, i) => {
      return { name: `${sound} ${i}.wav`, mimeType: 'audio/wav', buffer: await bytesOf(take(sound, i)) };
    }),
  );

withChromium('teaching a sound', () => {
  let folder: string;
  let served: ServedPage;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'web-teach-'));
    // Whistling, with pauses: what is heard must be louder than what was before.
    const whistle = take('whistle', 99);
    const samples = new Float32Array(4 * RATE);
    samples.set(whistle, 0.5 * RATE);
    samples.set(whistle.subarray(0, RATE), 2.8 * RATE);
    const spoken = join(folder, 'microphone.wav');
    await writeFile(spoken, await bytesOf(samples));
    served = await servePage([
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${spoken}`,
      '--autoplay-policy=no-user-gesture-required',
    ]);
    page = await served.open({ viewport: { width: 1440, height: 900 }, permissions: ['microphone'] });
    await page.getByRole('link', { name: 'Teach it' }).click();
    await page.getByRole('heading', { name: 'Teach it a sound of your own' }).waitFor();
  }, 240_000);

  afterAll(async () => {
    await served?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const card = (i: number) => page.locator('.class-card').nth(i);
  const train = () => page.locator('.train-card .button');
  const add = async (i: number, sound: Sound, count: number) =>
    card(i)
      .locator('input[type=file]')
      .setInputFiles(await filesOf(sound, count));
  const counts = () => page.locator('.class-top > .secondary').allTextContents();
  const models = async () => {
    await page.getByRole('button', { name: 'Settings' }).click();
    const names = await page.getByLabel('Model', { exact: true }).locator('option').allTextContents();
    await page.getByRole('button', { name: 'Done' }).click();
    return names.slice(1); // the first is the one that ships
  };

  it('can be read before there is anything, and says what is missing', async () => {
    expect(await faultsInLooks(page, 'teach-empty')).toEqual([]);
    expect(await train().isDisabled()).toBe(true);
    expect(await page.locator('.train-card').textContent()).toMatch(/Each class needs 3 samples at least.*“yes” has 0/);
  }, 120_000);

  it('takes names and samples; classes are numbered', async () => {
    await page.getByLabel('Name of class 1').fill('whistle');
    await page.getByLabel('Name of class 2').fill('whistle');
    expect(await page.locator('.train-card').textContent()).toMatch(/Two classes are called “whistle”/);
    await page.getByLabel('Name of class 2').fill('hum');
    await page.getByRole('button', { name: 'Add a class' }).click();
    await page.keyboard.type('clicks'); // the new name has the focus
    expect(await page.getByLabel('Name of class 3').inputValue()).toBe('clicks');
    expect(await page.locator('.class-top .mark text').allTextContents()).toEqual(['1', '2', '3']);
    await add(0, 'whistle', 6);
    await add(1, 'hum', 6);
    await add(2, 'clicks', 7);
    await expect.poll(counts).toEqual(['6 samples', '6 samples', '7 samples']);
    await card(2)
      .locator('input[type=file]')
      .setInputFiles({
        ...{ name: 'notes.wav', mimeType: 'audio/wav' },
        buffer: Buffer.from('Dear Anna, thank you for the letter.'),
      });
    await card(2).getByRole('alert').filter({ hasText: 'notes.wav cannot be read' }).waitFor();
    await expect.poll(counts).toEqual(['6 samples', '6 samples', '7 samples']);
    // What is there can be listened to, and dropped.
    await card(2).getByRole('button', { name: '2 more samples of clicks' }).click();
    expect(await card(2).getByRole('button', { name: /^Play/ }).count()).toBe(7);
    await card(2).getByRole('button', { name: 'Drop clicks 0.wav' }).click();
    await expect.poll(counts).toEqual(['6 samples', '6 samples', '6 samples']);
    await card(2).getByRole('button', { name: 'Less samples of clicks' }).click();
  }, 60_000);

  it.each([
    [
      'held by the mouse',
      async () => {
        const { x, y } = (await card(0).locator('.hold').boundingBox())!;
        await page.mouse.move(x + 20, y + 20);
        await page.mouse.down();
        await card(0)
          .locator('.hold')
          .filter({ hasText: /^[1-9]\.\d s/ })
          .waitFor({ timeout: 20_000 });
        await page.mouse.up();
      },
    ],
    [
      'held by the space bar',
      async () => {
        await card(0).locator('.hold').focus();
        await page.keyboard.down('Space');
        await card(0)
          .locator('.hold')
          .filter({ hasText: /^[1-9]\.\d s/ })
          .waitFor({ timeout: 20_000 });
        await page.keyboard.up('Space');
      },
    ],
    [
      'begun and ended by a press each',
      async () => {
        await card(0).locator('.hold').press('Enter');
        await card(0)
          .locator('.hold')
          .filter({ hasText: /^[1-9]\.\d s/ })
          .waitFor({ timeout: 20_000 });
        await card(0).locator('.hold').press('Enter');
      },
    ],
  ])(
    'records a sample: %s',
    async (_, recordOne) => {
      const before = await card(0).locator('.class-top > .secondary').textContent();
      await recordOne();
      await expect
        .poll(() => card(0).locator('.class-top > .secondary').textContent())
        .toBe(`${1 + Number.parseInt(before!, 10)} samples`);
      await card(0)
        .getByRole('button', { name: /more samples of whistle$/ })
        .click();
      await card(0)
        .getByRole('button', { name: /^Drop Sample/ })
        .last()
        .click();
      await card(0).getByRole('button', { name: 'Less samples of whistle' }).click();
      await expect.poll(() => card(0).locator('.class-top > .secondary').textContent()).toBe(before);
    },
    60_000,
  );

  it('learns in seconds, says how well, and is tried at once: the word is what the microphone plays', async () => {
    await train().click();
    await page.locator('.train-count').waitFor({ timeout: 90_000 });
    expect(await page.locator('.train-count').textContent()).toBe('6 of 6'); // two of each six
    expect(await page.locator('.squares i').count()).toBe(6);
    expect(await page.locator('.squares .right').count()).toBe(6);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Train again'); // the focus stays
    await page.locator('.try-it[data-is=listening]').waitFor({ timeout: 60_000 });
    await expect.poll(() => page.locator('.try-it .word').textContent(), { timeout: 60_000 }).toBe('whistle');
    expect(await faultsInLooks(page, 'teach-trying')).toEqual([]);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.locator('.try-it[data-is=off]').waitFor();
  }, 180_000);

  it('learns in all layers, on request', async () => {
    await page.getByLabel(/^All layers/).check();
    await train().click();
    await page.locator('.train-card[aria-busy=true]').waitFor();
    await expect.poll(() => train().textContent(), { timeout: 240_000 }).toBe('Train again');
    expect(await page.locator('.train-count').textContent()).toBe('6 of 6');
    await page.getByLabel(/^All layers/).uncheck();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    expect(await models()).toEqual(['whistle, hum, clicks']); // in place of the one before, which was of the same lessons
  }, 300_000);

  it('is given out as a file, and taken in again beside the other of its name', async () => {
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the model' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('whistle, hum, clicks.zip');
    const path = join(folder, 'model.zip');
    await download.saveAs(path);
    const load = page.locator('.try-it input[type=file]');
    await load.setInputFiles({
      ...{ name: 'whistle, hum, clicks.zip', mimeType: 'application/zip' },
      buffer: await readFile(path),
    });
    await page.getByText('Loaded, and kept as “whistle, hum, clicks 2”').first().waitFor({ timeout: 60_000 });
    expect(await models()).toEqual(['whistle, hum, clicks', 'whistle, hum, clicks 2']);
    await load.setInputFiles({ name: 'model.json', mimeType: 'application/json', buffer: Buffer.from('no') });
    await page.getByRole('alert').filter({ hasText: 'model.json is no model: it must be JSON.' }).waitFor();
    await page.getByRole('button', { name: 'Forget it' }).click();
    await expect.poll(models).toEqual(['whistle, hum, clicks']);
  }, 120_000);

  it('is there after the page was closed: classes, samples, and the model, in settings and footer', async () => {
    await page.waitForTimeout(600); // it is kept a moment after the last change
    await page.reload();
    await expect.poll(counts, { timeout: 20_000 }).toEqual(['6 samples', '6 samples', '6 samples']);
    expect(await page.getByLabel('Name of class 1').inputValue()).toBe('whistle');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Model', { exact: true }).selectOption('whistle, hum, clicks');
    await page.getByRole('button', { name: 'Done' }).click();
    await untilReady(page);
    expect(await page.locator('footer').textContent()).toMatch(
      /The model “whistle, hum, clicks” has learnt from 12 recordings/,
    );
    await page.getByRole('link', { name: 'Recordings' }).click();
    await page.locator('.transport').getByRole('button', { name: 'Export' }).waitFor({ timeout: 60_000 });
    expect(await faultsInLooks(page, 'recordings-own-model')).toEqual([]);
    await page.getByRole('link', { name: 'Teach it' }).click();
  }, 120_000);

  describe('what is dropped', () => {
    it('on a class is a sample of it', async () => {
      const [file] = await filesOf('hum', 1);
      const data = await page.evaluateHandle(
        ([name, bytes]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes as number[])], name as string, { type: 'audio/wav' }));
          return transfer;
        },
        [file!.name, [...file!.buffer]] as const,
      );
      await card(1).dispatchEvent('dragover', { dataTransfer: data });
      await card(1).dispatchEvent('drop', { dataTransfer: data });
      await expect.poll(counts).toEqual(['6 samples', '7 samples', '6 samples']);
      expect(await page.locator('main.dropping').count()).toBe(0);
    });
  });

  it('asked for nothing outside, and logged no error', () => {
    expect(served.outside).toEqual([]);
    expect(served.complaints).toEqual([]);
  });
});
