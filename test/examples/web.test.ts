import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright-core';
import { EmotionClassifier } from 'speech-emotion';
import { pretrained } from 'speech-emotion/pretrained';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavOf } from '../../examples/web/engine/wav.ts';
import shipped from '../../examples/web/stored/shipped.json' with { type: 'json' };
import { withChromium } from '../support/chromium.ts';
import { root } from '../support/program.ts';
import { type ServedPage, servePage, untilReady } from './webPage.ts';

/*
 * The page's frame and its Recordings as they are deployed: built, served, driven in Chromium. Oracle: the same package classifying the
 * same files in Node, on the cpu backend; what is stored; and what a user would see.
 */

const clip = (name: string) => join(root, `examples/clips/${name}.wav`);
const [first] = shipped.examples;

/** Sound of so many seconds in which nobody speaks. */
const silence = async (seconds: number) => {
  const wav = wavOf({ samples: new Float32Array(16_000 * seconds), sampleRate: 16_000 });
  return { name: 'silence.wav', mimeType: 'audio/wav', buffer: Buffer.from(await wav.arrayBuffer()) };
};
const letter = {
  name: 'notes.wav',
  mimeType: 'audio/wav',
  buffer: Buffer.from('Dear Anna, thank you for the letter.\nYours'),
};

withChromium('the web interface: recordings', () => {
  let served: ServedPage;
  let page: Page;
  let expected: Record<string, number>;

  beforeAll(async () => {
    tf.env().set('PROD', true); // no advertisement in the log
    await tf.setBackend('cpu');
    const classifier = await EmotionClassifier.load(pretrained);
    const { scores = [] } = await classifier.classify(await readFile(clip('lively')));
    expected = Object.fromEntries(scores.map(({ label, score }) => [label, score]));
    classifier.dispose();
    served = await servePage(['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream']);
    page = await served.open();
  }, 240_000);

  afterAll(() => served?.close());

  const answer = (of = page) => of.locator('h1');
  const choose = (files: Parameters<Page['setInputFiles']>[1], of = page) =>
    of.locator('input[type=file]').first().setInputFiles(files);
  const saysOf = (name: string, words: RegExp, of = page) =>
    expect
      .poll(() => answer(of).textContent(), { timeout: 90_000 })
      .toMatch(new RegExp(`${name}.*${words.source}`, 's'));
  /** Of what was heard: there is a menu to take it along. */
  const hears = async (name: string, of = page) => {
    await answer(of).filter({ hasText: name }).waitFor({ timeout: 90_000 });
    await of.locator('.transport').getByRole('button', { name: 'Export' }).waitFor({ timeout: 90_000 });
  };
  const scoresOnPage = async (of = page) =>
    Object.fromEntries(
      await of
        .locator('.bars li')
        .evaluateAll((rows) => rows.map(({ dataset }) => [dataset.label!, Number(dataset.score)] as const)),
    );
  const expectScores = async (wanted: Record<string, number>, of = page) => {
    const scores = await scoresOnPage(of);
    expect(Object.keys(scores).sort()).toEqual(Object.keys(wanted).sort());
    for (const [label, score] of Object.entries(scores)) expect(Math.abs(wanted[label]! - score)).toBeLessThan(1e-3);
  };
  const slider = (of = page) => of.getByRole('slider', { name: /^Place in/ });
  const valueNow = async (of = page) => Number(await slider(of).getAttribute('aria-valuenow'));

  describe('the first example', () => {
    it('is there before any model is, with the stored result and picture', async () => {
      const without = await served.open({ serviceWorkers: 'block' }, async (context) => {
        await context.route(/worker|pretrained/, (route) => route.abort());
      });
      await saysOf(first!.name, new RegExp(first!.result.label), without);
      await expectScores(Object.fromEntries(first!.result.scores.map(({ label, score }) => [label, score])), without);
      const colours = () =>
        without.locator('.stage canvas').evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        });
      await expect.poll(colours).toBeGreaterThan(100);
      expect(await without.locator('.stage .ribbon path').count()).toBeGreaterThan(0);
      await without.context().close();
      served.complaints.length = 0; // of the blocked files
    }, 60_000);

    it('fits, with word, picture, ribbon and transport, 1440 × 900 without scrolling', async () => {
      const wide = await served.open({ viewport: { width: 1440, height: 900 } });
      const { y, height } = (await wide.locator('.transport').boundingBox())!;
      expect(y + height).toBeLessThanOrEqual(900);
      await wide.context().close();
    });

    it('is one of several, by a menu that is worked by keys', async () => {
      await page.getByRole('button', { name: 'Try an example' }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await saysOf(shipped.examples.at(-1)!.name, /./);
      expect(page.url()).toMatch(new RegExp(`#recordings/${shipped.examples.at(-1)!.id}$`));
      await page.goBack();
      await saysOf(first!.name, /./);
    });
  });

  describe('a file', () => {
    it.each([
      ['webgl', 'WebGL'],
      ['wasm', 'WebAssembly'],
    ])(
      'computed with %s is heard as in Node',
      async (backend, title) => {
        await page.getByRole('button', { name: 'Settings' }).click();
        await page.getByLabel('Compute with').selectOption(backend);
        await page.getByText(`Ready, computing with ${title}`).waitFor({ timeout: 90_000 });
        await page.getByRole('button', { name: 'Done' }).click();
        await choose({ name: `${backend}.wav`, mimeType: 'audio/wav', buffer: await readFile(clip('lively')) });
        await hears(`${backend}.wav`);
        await expectScores(expected);
      },
      200_000,
    );

    it('is played, and its stage worked by keys: arrows, space, W', async () => {
      await slider().focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => valueNow()).toBe(0.5);
      expect(await slider().getAttribute('aria-valuetext')).toMatch(/^0\.50 s: /);
      await page.keyboard.press(' ');
      await expect.poll(() => valueNow(), { timeout: 20_000 }).toBeGreaterThan(0.6);
      expect(await answer().textContent()).toMatch(/at \d\.\d s/);
      await page.keyboard.press(' ');
      await page.getByRole('button', { name: /^Play/ }).waitFor();
      await page.keyboard.press('w');
      await page.getByText(/is what spoke most for/).waitFor({ timeout: 90_000 });
      await page.keyboard.press('w');
    }, 120_000);

    it('shows what was heard where the pointer is, and as a table', async () => {
      const { x, y, width } = (await slider().boundingBox())!;
      await page.mouse.move(x + width / 2, y + 120);
      await expect.poll(() => page.locator('.tooltip').textContent()).toMatch(/at \d\.\d\ss.*heard.*\s%.*\s%.*\s%/);
      await page.getByText('The ribbon as a table').click();
      await expect.poll(() => page.locator('.scores tbody tr').count()).toBeGreaterThan(2);
    });

    it.each([
      ['Picture', 'png', (bytes: Buffer) => expect(bytes.subarray(1, 4).toString()).toBe('PNG')],
      ['Picture to scale', 'svg', (bytes: Buffer) => expect(bytes.toString()).toMatch(/^<svg[\s\S]*<\/svg>\s*$/)],
      ['Table', 'csv', (bytes: Buffer) => expect(parse(bytes, { columns: true })[0]).toHaveProperty('angry')],
      ['Captions', 'vtt', (bytes: Buffer) => expect(bytes.toString()).toMatch(/^WEBVTT/)],
      ['Labels', 'txt', (bytes: Buffer) => expect(bytes.toString()).toMatch(/^0\.0+\t/)],
      ['TextGrid', 'TextGrid', (bytes: Buffer) => expect(bytes.toString()).toMatch(/^File type = "ooTextFile"/)],
      ['Annotations', 'eaf', (bytes: Buffer) => expect(bytes.toString()).toMatch(/^<\?xml/)],
      [
        'Everything',
        'json',
        (bytes: Buffer) => expect(JSON.parse(bytes.toString())).toMatchObject({ windowSeconds: 1.5 }),
      ],
    ])('is taken along: %s', async (title, ending, check) => {
      await page.locator('.transport').getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: new RegExp(`^${title}(?! to)`) }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`wasm.${ending}`);
      check(await readFile(await download.path()));
    });

    it('in which nobody speaks gets no emotion', async () => {
      await choose(await silence(3));
      await saysOf('silence.wav', /no speech/);
      expect(await page.locator('.bars li').count()).toBe(0);
      await page.getByText('Nobody speaks in these 3 seconds').waitFor();
    }, 60_000);

    it('that holds no sound says what it holds, and a way on', async () => {
      await choose(letter);
      await saysOf('notes.wav', /can’t read it/);
      await page.getByText('Dear Anna, thank you for the letter.', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Remove', exact: true }).click();
      expect(await page.locator('.recordings').textContent()).not.toMatch('notes.wav');
    }, 60_000);
  });

  describe('many files', () => {
    let many: Page;
    beforeAll(async () => {
      many = await served.open();
      await untilReady(many);
    });
    afterAll(() => many?.context().close());

    it('become a table, wherever they are dropped; what fails stays, with its reason', async () => {
      const bytes = [...(await readFile(clip('lively')))];
      await many.evaluate((bytes) => {
        const transfer = new DataTransfer();
        for (let i = 1; i <= 8; i++) transfer.items.add(new File([new Uint8Array(bytes)], `take-${i}.wav`));
        transfer.items.add(new File(['Dear Anna'], 'notes.wav'));
        document
          .querySelector('footer')!
          .dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
      }, bytes);
      expect(await many.locator('h1').textContent()).toMatch(/^\d of 9$/);
      await many.locator('h1').filter({ hasText: '8 of 9 heard' }).waitFor({ timeout: 120_000 });
      expect(await many.locator('tbody tr').count()).toBe(9);
      expect(await many.locator('tr[data-is=failed]').textContent()).toMatch(/notes\.wav.*not read.*found text/is);
    }, 150_000);

    it('are filtered and sorted', async () => {
      await many.getByRole('button', { name: /^not read 1$/ }).click();
      expect(await many.locator('tbody tr').count()).toBe(1);
      await many.getByRole('button', { name: /^All 9$/ }).click();
      const names = () => many.locator('tbody .column-name').allTextContents();
      await many.getByRole('button', { name: 'Recording', exact: true }).click();
      expect((await names())[0]).toBe('notes.wav');
      await many.getByRole('button', { name: /^Recording/ }).click();
      expect((await names())[0]).toBe('take-8.wav');
      expect(await many.locator('th.column-name[aria-sort]').first().getAttribute('aria-sort')).toBe('descending');
    });

    it('are taken along as one table', async () => {
      await many.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        many.waitForEvent('download'),
        many.getByRole('menuitem', { name: /^Table/ }).click(),
      ]);
      const rows: Record<string, string>[] = parse(await readFile(await download.path()), { columns: true });
      expect(rows.map(({ file }) => file)).toEqual([
        ...Array.from({ length: 8 }, (_, i) => `take-${i + 1}.wav`),
        'notes.wav',
      ]);
      expect(rows.at(-1)).toMatchObject({ status: 'failed', reason: expect.stringMatching(/text/) });
    });

    it('that are finished take neither screen nor player from another', async () => {
      await many.getByRole('link', { name: 'take-1.wav' }).click();
      await many.getByRole('button', { name: 'Play take-1.wav' }).click();
      await expect.poll(() => valueNow(many), { timeout: 20_000 }).toBeGreaterThan(0);
      await many.getByRole('link', { name: 'All 9' }).click();
      await choose([clip('flat'), clip('slow')], many);
      await many.goBack();
      await many.locator('h1').filter({ hasText: 'take-1.wav' }).waitFor();
      await many.getByRole('link', { name: 'All 11' }).waitFor();
      await expect
        .poll(() => many.locator('[role=status]').last().textContent(), { timeout: 90_000 })
        .toMatch(/slow\.wav/);
      expect(await many.locator('h1').textContent()).toMatch('take-1.wav');
      await many.getByRole('link', { name: 'All 11' }).click();
    }, 120_000);

    it('are left out on cancel, which keeps what is done, and heard when asked again', async () => {
      const buffer = await readFile(clip('lively'));
      await choose(
        [1, 2, 3].map((i) => ({ name: `more-${i}.wav`, mimeType: 'audio/wav', buffer })),
        many,
      );
      await many.getByRole('button', { name: 'Cancel' }).click();
      await many
        .locator('h1')
        .filter({ hasText: /\d of 14 heard/ })
        .waitFor();
      expect(await many.locator('tr[data-is=cancelled]').count()).toBeGreaterThan(0);
      const name = await many.locator('tr[data-is=cancelled] .column-name').first().textContent();
      await many.getByRole('button', { name: `Try ${name} again` }).click();
      await many.getByRole('button', { name: `Play ${name}` }).waitFor({ timeout: 60_000 });
    }, 120_000);
  });

  describe('a long file', () => {
    it('is zoomed and looped', async () => {
      const long = await served.open();
      await untilReady(long);
      const bytes = await readFile(clip('in-turns'));
      const samples = new Float32Array(16_000 * 40);
      const pcm = new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) >> 1);
      for (let i = 0; i < samples.length; i++) samples[i] = pcm[i % pcm.length]! / 32_768;
      const buffer = Buffer.from(await wavOf({ samples, sampleRate: 16_000 }).arrayBuffer());
      await choose({ name: 'long.wav', mimeType: 'audio/wav', buffer }, long);
      await hears('long.wav', long);
      const scroller = long.locator('.stage-scroller');
      const widths = () => scroller.evaluate(({ scrollWidth, clientWidth }) => scrollWidth / clientWidth);
      expect(await widths()).toBeCloseTo(1, 1);
      await long.getByRole('button', { name: 'Zoom in' }).click();
      await long.getByRole('button', { name: 'Zoom in' }).click();
      await expect.poll(widths).toBeCloseTo(4, 1);
      await long.getByRole('button', { name: 'Loop what is seen' }).click();
      await long.getByRole('button', { name: 'Loop what is seen', pressed: true }).waitFor();
      await long.context().close();
    }, 150_000);
  });

  describe('a take', () => {
    it('is recorded, heard, and played back', async () => {
      const taking = await served.open({ permissions: ['microphone'] });
      await untilReady(taking);
      await taking.getByRole('button', { name: 'Record', exact: true }).click();
      await taking.getByText(/Recording · 0:01/).waitFor({ timeout: 30_000 });
      await taking.getByRole('button', { name: 'Done' }).click();
      await hears('Take 1.wav', taking);
      await taking.getByRole('button', { name: 'Play Take 1.wav' }).click();
      await expect.poll(() => valueNow(taking), { timeout: 20_000 }).toBeGreaterThan(0.1);
      await taking.context().close();
    }, 120_000);

    it('is not to be had without a microphone, which is said, with a way on', async () => {
      const without = await served.open({}, async (context) => {
        await context.addInitScript(() => {
          navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
        });
      });
      await without.getByRole('button', { name: 'Record', exact: true }).click();
      await without.getByText('can’t hear you').waitFor();
      await without
        .getByText(/Allow it in the address bar/)
        .first()
        .waitFor();
      await without.getByRole('button', { name: 'Use a recording' }).click();
      await saysOf(first!.name, /./, without);
      await without.context().close();
    });
  });
});
