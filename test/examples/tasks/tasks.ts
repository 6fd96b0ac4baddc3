// what people come to the page for → how they do it, from the first visit on

import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Files, Hands } from './hands.ts';
import type { Material } from './material.ts';

/** A task, done from where the page is when it was opened. It ends when what was wanted is there. */
export type Task = (hands: Hands, material: Material) => Promise<void>;

const LONG = { timeout: 280_000 };
/** So long is spoken, in seconds. */
const [TAKE, SAMPLE] = [3, 1];

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const field = (page: Page, of = 'main') => page.locator(`${of} input[type=file]`).first();
const view = (page: Page, name: string) => page.locator('.views').getByRole('link', { name });
const exporting = (page: Page) => page.locator('.transport').getByRole('button', { name: 'Export' });

async function hears(page: Page, name: string): Promise<void> {
  await page.locator('h1').filter({ hasText: name }).waitFor(LONG);
  await exporting(page).waitFor(LONG);
}

async function saves(hands: Hands, menu: Locator, entry: RegExp): Promise<Buffer> {
  const downloading = hands.page.waitForEvent('download', LONG);
  await hands.take(menu, entry);
  return readFile(await (await downloading).path());
}

/** By the names that the note on the page gives them. */
export const TASKS: Readonly<Record<string, Task>> = {
  async 'try an example'(hands) {
    const { page } = hands;
    await hands.take(button(page, /^Try an example/), /^The bus has left/);
    await hears(page, 'The bus has left');
  },

  async 'hear a file of mine'(hands, { clip }) {
    await hands.choose(field(hands.page), clip('mine.wav'));
    await hears(hands.page, 'mine.wav');
  },

  async 'hear thirty files, two of them broken, and save a table'(hands, { clip, broken }) {
    const { page } = hands;
    const files: Exclude<Files, string | readonly string[]> = [
      ...Array.from({ length: 28 }, (_, i) => clip(`call-${i + 1}.wav`)),
      ...['notes.wav', 'letter.wav'].map(broken),
    ];
    await hands.choose(field(page), files);
    await page.locator('h1').filter({ hasText: '28 of 30 heard' }).waitFor(LONG);
    const table = (await saves(hands, button(page, 'Export'), /^Table/)).toString();
    expect(table.trim().split(/\r?\n/)).toHaveLength(1 + 30);
  },

  async 'find the angriest of ten minutes'(hands, { tenMinutes, angriest }) {
    const { page } = hands;
    await hands.choose(field(page), tenMinutes);
    await hears(page, tenMinutes.name);
    await hands.take(button(page, 'Minute'), /^angry/);
    const [from, to] = angriest;
    const place = page.getByRole('slider', { name: /^Place in/ });
    await expect.poll(async () => Number(await place.getAttribute('aria-valuenow'))).toBeGreaterThan(from - 5);
    expect(Number(await place.getAttribute('aria-valuenow'))).toBeLessThan(to - 55);
  },

  async 'record a sentence, and save its picture'(hands) {
    const { page } = hands;
    await hands.press(button(page, 'Record'));
    await page.waitForTimeout(1000 * TAKE);
    await page.getByText(/Recording · 0:[0-5][1-9]/).waitFor(LONG);
    await hands.press(button(page, 'Done'));
    await hears(page, 'Take 1.wav');
    const picture = await saves(hands, exporting(page), /^Picture(?! to)/);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
  },

  async 'be listened to for a minute'(hands) {
    const { page } = hands;
    await hands.press(view(page, 'Live'));
    await hands.press(button(page, 'Listen'));
    await page
      .locator('.live-time')
      .filter({ hasText: /^1:/ })
      .waitFor({ ...LONG, state: 'attached' }); // seen on phones
    await hands.press(button(page, 'Stop'));
    await page.locator('h1').filter({ hasText: 'Your session' }).waitFor();
    expect(await page.locator('.session tbody tr').count()).toBeGreaterThan(0);
  },

  async 'teach it my voice'(hands) {
    const { page } = hands;
    await hands.press(view(page, 'My voice'));
    for (let take = 1; take <= 4; take++) {
      if (take === 3) await hands.press(button(page, 'Skip this one')); // to another emotion
      await hands.press(button(page, 'Record'));
      await page.waitForTimeout(1000 * TAKE);
      await hands.press(button(page, 'Done'));
      await expect.poll(() => page.locator('.take-stripe').count(), LONG).toBe(take);
    }
    await page.locator('.before').waitFor(LONG);
    await hands.press(button(page, 'Use my voice'));
    await page.getByText('Your voice is in use').first().waitFor(LONG);
  },

  async 'teach it two words'(hands) {
    const { page } = hands;
    await hands.press(view(page, 'Teach it'));
    for (const [i, name] of ['open', 'close'].entries()) {
      await hands.write(page.getByLabel(`Name of class ${i + 1}`), name);
      for (let sample = 1; sample <= 3; sample++) {
        await hands.press(page.getByRole('button', { name: `Record a sample of ${name}` }));
        await page.waitForTimeout(1000 * SAMPLE);
        await hands.press(page.getByRole('button', { name: `End a sample of ${name}` }));
        await expect.poll(() => page.locator('.class-card').nth(i).textContent()).toContain(`${sample} sample`);
      }
    }
    await hands.press(button(page, 'Train'));
    await page.locator('.train-count').waitFor(LONG);
    await page.locator('.try-it[data-is=listening]').waitFor(LONG);
  },

  async 'train on an archive, close the tab, and go on'(hands, { archive }) {
    const open = async () => {
      const { page } = hands;
      await hands.press(view(page, 'Teach it'));
      await hands.press(page.getByRole('link', { name: 'Train on a whole collection' }));
      await hands.choose(field(page, '.chooser'), archive);
      await page
        .locator('.chooser')
        .getByText(/\d+ recordings of RAVDESS/)
        .waitFor(LONG);
    };
    const epochs = () => hands.page.locator('.epochs tbody tr').count();
    await open();
    await hands.press(button(hands.page, 'Train'));
    await expect.poll(epochs, LONG).toBeGreaterThan(0);
    const context = hands.page.context();
    const address = new URL('.', hands.page.url()).href;
    await hands.page.close();
    hands.page = await context.newPage();
    await hands.page.goto(address);
    await open();
    const kept = Number(/epoch (\d+)/.exec((await hands.page.locator('.runs').textContent()) ?? '')![1]);
    await hands.press(button(hands.page, 'Resume'));
    await expect.poll(epochs, LONG).toBeGreaterThan(kept);
  },

  async 'use it without a network'(hands, { clip }) {
    const { page } = hands;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await page.context().setOffline(true);
    await page.reload();
    await hands.choose(field(page), clip('on a train.wav'));
    await hears(page, 'on a train.wav');
  },
};
