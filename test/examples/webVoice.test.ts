import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import type { Page } from 'playwright-core';
import { EmotionClassifier } from 'speech-emotion';
import { openRavdess } from 'speech-emotion/node';
import { pretrained } from 'speech-emotion/pretrained';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wilson } from '../../examples/web/state/myVoice/interval.ts';
import { withChromium } from '../support/chromium.ts';
import { root } from '../support/program.ts';
import { ravdessZip, withRavdess } from '../support/ravdess.ts';
import { encodeWav } from '../support/wav.ts';
import { faultsInLooks } from './webLooks.ts';
import { type ServedPage, servePage, untilReady } from './webPage.ts';

/*
 * My voice, with a microphone that plays a file, and with takes from files. The takes are an actor's, a third faster and so higher, which
 * makes them another voice's. Oracle: the library in Node, which learns from the same takes without those of one sentence and is asked
 * about these.
 */

const screenshots = join(root, 'runs/screenshots');
const EMOTIONS = ['angry', 'happy', 'sad', 'neutral'] as const;
const WAYS = { angry: 'angrily', happy: 'happily', sad: 'sadly', neutral: 'plainly' } as const;
const ROUNDS = 3;
const RATE = 22_000;

interface Take {
  readonly label: (typeof EMOTIONS)[number];
  readonly round: number;
  readonly sound: Uint8Array;
}

it('the interval of a share: its ends are those shares from which the counted one is as unlikely as allowed', () => {
  for (const [recognised, of] of [
    [0, 4],
    [3, 4],
    [16, 19],
    [24, 24],
    [412, 600],
  ] as const) {
    const { low, high } = wilson(recognised, of);
    // Wilson 1927: (share − p)² = z² p (1 − p) / n.
    for (const p of [low, high]) {
      expect((recognised / of - p) ** 2).toBeCloseTo((1.959964 ** 2 * p * (1 - p)) / of, 9);
    }
    expect(low - 1e-9).toBeLessThanOrEqual(recognised / of);
    expect(high + 1e-9).toBeGreaterThanOrEqual(recognised / of);
  }
});

withChromium('my voice', () => {
  withRavdess('with takes of an actor', () => {
    let served: ServedPage;
    let folder: string;
    let everyones: EmotionClassifier;
    let takes: Take[];

    beforeAll(async () => {
      await setBackend('wasm');
      everyones = await EmotionClassifier.load(pretrained);
      const dataset = await openRavdess([ravdessZip!]);
      takes = [];
      for (const label of EMOTIONS) {
        const clips = [...dataset.filter({ actors: [13], emotions: [label] })].slice(0, ROUNDS);
        for (const [round, clip] of clips.entries()) {
          takes.push({ label, round, sound: encodeWav((await clip.waveform()).samples, RATE) });
        }
      }
      folder = await mkdtemp(join(tmpdir(), 'voice-'));
      const spoken = join(folder, 'microphone.wav');
      await writeFile(spoken, takes[0]!.sound);
      await mkdir(screenshots, { recursive: true });
      served = await servePage([
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${spoken}`,
        '--autoplay-policy=no-user-gesture-required',
      ]);
    }, 240_000);

    afterAll(async () => {
      everyones?.dispose();
      await served?.close();
      await rm(folder, { recursive: true, force: true });
    });

    const file = ({ label, round, sound }: Take) => ({
      ...{ name: `${label}-${round}.wav`, mimeType: 'audio/wav', buffer: Buffer.from(sound) },
    });
    const card = (page: Page, label: string) => page.locator(`.take-card[data-label=${label}]`);
    const openVoice = async (options: Parameters<ServedPage['open']>[0] = { permissions: ['microphone'] }) => {
      const page = await served.open({ viewport: { width: 1440, height: 900 }, ...options });
      await page.getByRole('link', { name: 'My voice' }).click();
      await page.getByText('Does it help?').waitFor();
      return page;
    };
    const addTakes = async (page: Page, some: readonly Take[] = takes) => {
      const before = await page.locator('.take-stripe').count();
      for (const label of EMOTIONS) {
        const own = some.filter((take) => take.label === label);
        if (own.length === 0) continue;
        await card(page, label).locator('.take-name').click();
        await page.locator('.say-controls input[type=file]').setInputFiles(own.map(file));
      }
      await expect.poll(() => page.locator('.take-stripe').count(), { timeout: 90_000 }).toBe(before + some.length);
    };
    const squares = (page: Page, name: 'before' | 'after') =>
      page.locator(`.${name} .take-squares i`).evaluateAll((all) => all.map((one) => one.className === 'filled'));
    const tried = (page: Page, count: number) =>
      page
        .getByText(`All ${count} takes, each judged by a model that did not learn from it.`)
        .waitFor({ timeout: 90_000 });
    const clipsOf = (some: readonly Take[]) => some.map(({ sound, label }) => ({ sound, label }));
    const inUse = (page: Page) =>
      page.locator('.in-use').filter({ hasText: 'Your voice is in use' }).waitFor({ timeout: 60_000 });
    const shareOf = async (page: Page, label: string) =>
      Number(await page.locator(`.bars li[data-label=${label}]`).getAttribute('data-score'));

    it('a take is said and kept, by keyboard alone: the button stays where it was', async () => {
      const page = await openVoice();
      await untilReady(page);
      await page.getByRole('button', { name: 'Record', exact: true }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('good level').or(page.getByText('too quiet')).waitFor({ timeout: 30_000 });
      await expect.poll(() => page.locator('.take-ribbon .strip').count(), { timeout: 30_000 }).toBeGreaterThan(0);
      await page.screenshot({ path: join(screenshots, 'voice-recording-wide-light.png'), fullPage: true });
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Done');
      await page.keyboard.press('Enter');
      await card(page, 'angry').locator('.take-stripe').waitFor({ timeout: 60_000 });
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Record');
      await page.getByText('Take 2 of 3 · 1 of 24 takes recorded').waitFor();
      const { label } = await everyones.classify(takes[0]!.sound);
      const tile = card(page, 'angry').getByRole('button', { name: /^angrily, take 1: heard as / });
      expect(await tile.getAttribute('aria-label')).toContain(`heard as ${label}, `);
      await page.reload();
      await card(page, 'angry').locator('.take-stripe').waitFor({ timeout: 60_000 });

      await tile.click();
      await page.getByRole('button', { name: 'Play angrily, take 1' }).waitFor();
      await expect.poll(() => page.locator('.take-ribbon .strip').count()).toBeGreaterThan(0);
      const focused = () => page.evaluate(() => document.activeElement?.textContent);
      await page.getByRole('button', { name: 'Go on' }).click();
      await expect.poll(focused).toBe('Record');
      await tile.click();
      await page.getByRole('button', { name: 'Remove' }).click();
      await page.getByText('0 of 24 takes recorded').waitFor();
      await expect.poll(focused).toBe('Record');
      await page.context().close();
    }, 180_000);

    it('each take is judged by a model that learnt from the other sentences, before and after', async () => {
      const before = await Promise.all(
        takes.map(async ({ sound, label }) => (await everyones.classify(sound)).label === label),
      );
      const after: boolean[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        using learnt = await everyones.personalise(clipsOf(takes.filter((take) => take.round !== round)));
        for (const [i, take] of takes.entries()) {
          if (take.round === round) after[i] = (await learnt.classify(take.sound)).label === take.label;
        }
      }
      expect(after).not.toEqual(before); // or there is nothing to see
      const page = await openVoice();
      await addTakes(page);
      await tried(page, takes.length);
      expect(await squares(page, 'before')).toEqual(before);
      expect(await squares(page, 'after')).toEqual(after);
      const right = after.filter(Boolean).length;
      const share = (value: number) => `${Math.round(100 * value)}\u00a0%`;
      expect(await page.locator('.after .share-value').textContent()).toBe(share(right / takes.length));
      const { low, high } = wilson(right, takes.length);
      await page.getByText(`likely between ${share(low)} and ${share(high)}`).waitFor();
      for (const { label, round, sound } of takes) {
        const heard = (await everyones.classify(sound)).label;
        const name = new RegExp(`^${WAYS[label]}, take ${round + 1}: heard as ${heard}, `);
        await page.getByRole('button', { name }).waitFor();
      }
      await page.context().close();
    }, 180_000);

    it('what was learnt is used everywhere, told, kept, taken along, forgotten and put back', async () => {
      using learnt = await everyones.personalise(clipsOf(takes));
      const [other] = takes.filter(({ label }) => label === 'sad');
      const sound = other!.sound.slice();
      const scoreOf = async (classifier: EmotionClassifier) =>
        (await classifier.classify(sound)).scores?.find(({ label }) => label === 'sad')?.score ?? Number.NaN;
      const [own, everybodys] = [await scoreOf(learnt), await scoreOf(everyones)];
      expect(Math.abs(own - everybodys)).toBeGreaterThan(0.01);

      const page = await openVoice();
      await addTakes(page);
      await page.getByRole('button', { name: 'Use my voice' }).click();
      await inUse(page);
      await page.locator('.top').getByRole('link', { name: 'Your voice' }).waitFor();
      await page.locator('.foot').getByText(`And ${takes.length} takes of your voice.`).waitFor();

      await page.getByRole('link', { name: 'Recordings' }).click();
      await page.locator('input[type=file]').first().setInputFiles(file(other!));
      await page.locator('h1').filter({ hasText: 'sad-0.wav' }).waitFor();
      await expect.poll(() => shareOf(page, 'sad').catch(() => 0), { timeout: 60_000 }).toBeCloseTo(own, 2);

      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByLabel('Voice', { exact: true }).selectOption('everybody’s');
      await page.getByRole('button', { name: 'Done' }).click();
      await expect.poll(() => shareOf(page, 'sad').catch(() => 0), { timeout: 60_000 }).toBeCloseTo(everybodys, 2);
      expect(await page.locator('.own-voice').count()).toBe(0);

      await page.getByRole('link', { name: 'My voice' }).click();
      await page.getByRole('button', { name: 'Use my voice' }).click();
      await inUse(page);
      await page.reload();
      await inUse(page);
      await page.getByRole('link', { name: 'About' }).click();
      await page.getByText(`It has learnt your voice, from ${takes.length} takes.`).waitFor({ timeout: 60_000 });
      await page.getByRole('link', { name: 'My voice' }).first().click();

      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as a file' }).click(),
      ]);
      const path = join(folder, saved.suggestedFilename());
      await saved.saveAs(path);
      using again = await everyones.personalise(new Uint8Array(await readFile(path)));
      expect(await scoreOf(again)).toBeCloseTo(own, 3);

      await page.getByRole('button', { name: 'Forget it' }).click();
      await page.getByText('are removed from this device').first().waitFor();
      expect(await page.locator('.own-voice').count()).toBe(0);
      const kept = () =>
        page.evaluate(
          () =>
            new Promise<number>((resolve) => {
              const opening = indexedDB.open('speech-emotion.my-voice');
              opening.onsuccess = () => {
                const counting = opening.result.transaction('kept').objectStore('kept').count();
                counting.onsuccess = () => resolve(counting.result);
              };
            }),
        );
      await expect.poll(kept).toBe(0);
      const focused = () => page.evaluate(() => document.activeElement?.textContent);
      await expect.poll(focused).toBe('Put them back');
      await page.keyboard.press('Enter');
      await inUse(page);
      await expect.poll(() => page.locator('.take-stripe').count()).toBe(takes.length);
      await page.getByRole('button', { name: 'Forget it' }).click();
      await expect.poll(kept).toBe(0);

      const load = page.locator('.files input[type=file]');
      await load.setInputFiles({ name: 'letter.adaptation', mimeType: '', buffer: Buffer.from('Dear Anna') });
      await page.getByText(/letter\.adaptation cannot be used\. /).waitFor();
      await load.setInputFiles(path);
      await inUse(page);
      await page.getByText('It comes from a file.').waitFor();
      await page.evaluate(
        () =>
          new Promise<void>((resolve) => {
            const opening = indexedDB.open('speech-emotion.my-voice');
            opening.onsuccess = () => {
              const store = opening.result.transaction('kept', 'readwrite').objectStore('kept');
              const getting = store.get('voice');
              getting.onsuccess = () => {
                getting.result.adaptation[100] ^= 1;
                store.put(getting.result, 'voice').onsuccess = () => resolve();
              };
            };
          }),
      );
      await page.reload();
      await page
        .locator('.panel')
        .getByText('What was learnt of your voice is not used any more.')
        .waitFor({ timeout: 60_000 });
      await expect.poll(kept).toBe(0);
      await untilReady(page); // for everybody's
      await page.context().close();
    }, 240_000);

    it('a take in which nobody speaks is left out, and why; so is the microphone that may not be used', async () => {
      const page = await openVoice({ permissions: [] });
      await page.locator('.say-controls input[type=file]').setInputFiles({
        ...{ name: 'nothing.wav', mimeType: 'audio/wav' },
        buffer: Buffer.from(encodeWav(new Float32Array(32_000), 16_000)),
      });
      await page.locator('.error-words').getByText('nobody was heard speaking').waitFor({ timeout: 90_000 });
      expect(await page.locator('.take-tile.said').count()).toBe(0);
      await page.getByRole('button', { name: 'Record', exact: true }).click();
      await page.getByRole('heading', { name: 'can’t hear you' }).waitFor({ timeout: 30_000 });
      await page.locator('.unheard').getByText('Allow it in the address bar').waitFor();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      await page.screenshot({ path: join(screenshots, 'voice-no-microphone-wide-light.png'), fullPage: true });
      await page.context().close();
    }, 120_000);

    it('has no fault that axe or the accessibility tree show, and nothing wider than the window', async () => {
      const page = await openVoice({ viewport: { width: 1440, height: 900 }, permissions: ['microphone'] });
      await untilReady(page);
      const states: Record<string, () => Promise<void>> = {
        async empty() {},
        async tried() {
          await addTakes(page);
          await tried(page, takes.length);
        },
        async recording() {
          await page.getByRole('button', { name: 'Record', exact: true }).click();
          await expect.poll(() => page.locator('.take-ribbon .strip').count(), { timeout: 30_000 }).toBeGreaterThan(0);
        },
        async 'looked-at'() {
          await card(page, 'happy').locator('.take-tile.said').first().click();
          await page.getByRole('button', { name: 'Say it again' }).waitFor();
        },
        async 'in-use'() {
          await page.getByRole('button', { name: 'Go on' }).click();
          await page.getByRole('button', { name: 'Use my voice' }).click();
          await inUse(page);
        },
        async forgotten() {
          await page.getByRole('button', { name: 'Forget it' }).click();
          await page.getByText('are removed from this device').first().waitFor();
        },
        async about() {
          await page.evaluate(() => location.assign('#about'));
          await page.getByRole('heading', { name: 'How accurate' }).waitFor();
        },
      };
      for (const [state, reach] of Object.entries(states)) {
        await reach();
        expect.soft(await faultsInLooks(page, `voice-${state}`)).toEqual([]);
      }
      await page.context().close();
    }, 600_000);

    it('logged no error and asked for nothing outside', () => {
      expect(served.complaints).toEqual([]);
      expect(served.outside).toEqual([]);
    });
  });
});
