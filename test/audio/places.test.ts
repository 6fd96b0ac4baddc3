// Every format in every place where sound is decoded: Node, a window of Chromium, a worker of it, a service worker of it. Oracle: how long
// each file is. What came of it is compared with docs/results/formats.json, which the table of docs/formats.md shows; with FORMATS=write
// it is written there.

import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FormatInPlaces, Place } from '../../docs/figures/formats.ts';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { chromiumPath, chromiumSwitches, withChromium } from '../support/chromium.ts';
import type { Decoded } from '../support/decodeHere.ts';
import { EVERY_FORMAT, fixture } from '../support/everyFormat.ts';

const RECORD = new URL('../../docs/results/formats.json', import.meta.url);

/** Seconds of the files that are not the speech. */
const SECONDS: Readonly<Record<string, number>> = {
  'WAV of µ-law': 256 / 8000,
  'WAV of IMA ADPCM': 0.2,
  'WAV of Microsoft ADPCM': 0.2,
};

/** By name: a file, and its seconds. */
const FILES: Readonly<Record<string, readonly [Uint8Array, number]>> = {
  ...Object.fromEntries(
    Object.entries(EVERY_FORMAT).map(([name, { file }]) => [name, [file, SECONDS[name] ?? 0.9] as const]),
  ),
  'WAV of A-law': [fixture('a-law.wav'), 256 / 8000],
  'AAC in MP4 (M4A)': [fixture('speech.m4a'), 0.9],
  'AAC in ADTS': [fixture('adts.aac'), 0.1],
};

/** The bundle that runs in all places of a browser: one file, as service workers cannot import(). */
async function bundled(): Promise<string> {
  const entry = new URL('../support/decodeHere.ts', import.meta.url).pathname;
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'decoding', fileName: 'decoding' } },
  });
  const [bundle] = built as { output: { code: string }[] }[];
  expect(bundle!.output).toHaveLength(1);
  return bundle!.output[0]!.code;
}

withChromium('each format in each place', () => {
  const names = Object.keys(FILES);
  let browser: Browser;
  let address: string;
  let close: () => void;

  beforeAll(async () => {
    const script = await bundled();
    const server = createServer((request, response) => {
      const path = request.url ?? '/';
      const file = /^\/file\/(\d+)$/.exec(path)?.[1];
      if (file !== undefined) response.end(FILES[names[Number(file)]!]![0]);
      else if (path === '/decoding.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
      else if (path === '/')
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<!doctype html><meta charset="utf-8"><script src="/decoding.js"></script>');
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    close = () => server.close();
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumSwitches });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    close?.();
  });

  /** What comes of the files in a place of the browser, which a script opens and asks. */
  async function inBrowser(script: string): Promise<Decoded[]> {
    const page = await browser.newPage();
    await page.goto(address);
    const addresses = JSON.stringify(names.map((_, i) => `/file/${i}`));
    const all = await page.evaluate<Decoded[]>(`(async () => {
      const asked = (target) => new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => resolve(data);
        target.postMessage(${addresses}, [port2]);
      });
      ${script.replace('ADDRESSES', addresses)}
    })()`);
    await page.close();
    return all;
  }

  async function inNode(): Promise<Decoded[]> {
    return Promise.all(
      names.map(async (name) => {
        try {
          const { samples, sampleRate } = await toWaveform(FILES[name]![0]);
          return { seconds: samples.length / sampleRate, peak: Math.max(...samples.map(Math.abs)) };
        } catch (error) {
          return { error: `${(error as Error).name}: ${(error as Error).message}` };
        }
      }),
    );
  }

  it('is decoded, or refused by a word on what decodes it', async () => {
    const found: Record<Place, Decoded[]> = {
      node: await inNode(),
      window: await inBrowser('return decodeHere(ADDRESSES);'),
      worker: await inBrowser(`return asked(new Worker('/decoding.js'));`),
      serviceWorker: await inBrowser(`
        await navigator.serviceWorker.register('/decoding.js');
        return asked((await navigator.serviceWorker.ready).active);`),
    };
    const record = names.map((name, i): FormatInPlaces => {
      const places = Object.entries(found).map(([place, all]) => [place, outcome(all[i]!, FILES[name]![1])]);
      return { format: name, ...Object.fromEntries(places) };
    });
    const text = `${JSON.stringify(record, null, 2)}\n`;
    if (process.env.FORMATS === 'write') await writeFile(RECORD, text);
    expect(record).toEqual(JSON.parse(await readFile(RECORD, 'utf8')));
  });
});

/** Holds that sound is the file's, and an error one of the library's own. */
function outcome(decoded: Decoded, seconds: number): FormatInPlaces[Place] {
  if ('error' in decoded) {
    expect(decoded.error).toMatch(/^AudioFormatError: Cannot decode audio: found /);
    return decoded.error.includes('the packages mediabunny and @mediabunny/server') ? 'packages' : 'no';
  }
  expect(Math.abs(decoded.seconds - seconds)).toBeLessThan(0.1 + 0.1 * seconds); // codecs pad
  expect(decoded.peak).toBeGreaterThan(0.01);
  return 'yes';
}
