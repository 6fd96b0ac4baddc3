// a recording at 48 kHz, nothing cached → the bytes that are loaded until its first result, beside an earlier build of this library

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { toWaveform } from 'speech-emotion';
import { build } from 'vite';
import { chromiumPath, chromiumSwitches } from '../test/support/chromium.ts';
import { encodeWav } from '../test/support/wav.ts';
import { caseOf, spreadOf } from './measure.ts';
import type { Outcome } from './result.ts';

/** The rate of most microphones, which no model has. */
const RATE = 48_000;
const MEGABYTE = 1e6;
/** Milliseconds that the page may take: nothing is timed here. */
const PATIENCE = 300_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const child = fileURLToPath(new URL('children/bytes.mjs', import.meta.url));
const speech = new URL('../examples/clips/slow.wav', import.meta.url);

/** Gzipped bytes: of the model, and of all else. */
interface Loaded {
  readonly model: number;
  readonly others: number;
}

export async function bytes(): Promise<Outcome> {
  const before = process.env.BEFORE;
  if (!before) return { cases: [], missing: ['BEFORE must be the folder of an earlier version with its dist/ built'] };
  const folder = await mkdtemp(join(tmpdir(), 'bytes-'));
  try {
    const { samples } = await toWaveform(await readFile(speech), { sampleRate: RATE });
    const clip = join(folder, 'clip.wav');
    await writeFile(clip, encodeWav(samples, RATE));
    const cases = [compared('first result in Node', inNode(root, clip), inNode(before, clip))];
    if (!existsSync(chromiumPath)) return { cases, missing: [`the web interface: no Chromium at ${chromiumPath}`] };
    const ours = await inPage(root, clip, join(folder, 'ours'));
    const theirs = await inPage(before, clip, join(folder, 'theirs'));
    return { cases: [...cases, compared('first result in the web interface', ours, theirs)] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function compared(what: string, ours: Loaded, theirs: Loaded) {
  const once = (bytes: number) => spreadOf([bytes / MEGABYTE], 'MB');
  const about = {
    ...{ case: `${what} of a recording at 48 kHz, nothing cached`, backend: 'wasm', aim: 2 },
    against: 'the version before the resampler of its own',
    note: 'bytes of all that is loaded but the model, each file gzipped',
  };
  return caseOf(about, once(ours.others), once(theirs.others));
}

/** The modules of a new process, and the backend's WebAssembly. */
function inNode(of: string, clip: string): Loaded {
  return JSON.parse(execFileSync(process.execPath, [child, of, clip], { encoding: 'utf8' }));
}

/** The files of the built page that a new profile asks for. The service worker, which fetches them all for later, is left out. */
async function inPage(of: string, clip: string, folder: string): Promise<Loaded> {
  const configFile = join(of, 'examples/web/vite.config.ts');
  await build({ configFile, logLevel: 'error', mode: 'production', build: { outDir: folder } });
  const sizes = new Map<string, number>();
  const server = await served(folder, (path, content) => sizes.set(path, gzipSync(content, { level: 9 }).length));
  const browser = await chromium.launch({ executablePath: chromiumPath, args: [...chromiumSwitches] });
  try {
    const page = await browser.newPage({ serviceWorkers: 'block' });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.locator('input[type=file]').first().setInputFiles(clip);
    const earlier = page.getByText(/^clip.wav sounds/); // as the page said it up to version 0.1
    const heard = page.locator('.one', { hasText: 'clip.wav' }).getByRole('button', { name: 'Export' });
    await earlier.or(heard).waitFor({ timeout: PATIENCE });
    const sum = (all: readonly [string, number][]) => all.reduce((bytes, [, size]) => bytes + size, 0);
    const files = [...sizes];
    const model = files.filter(([path]) => path.includes('pretrained'));
    if (model.length !== 1)
      throw new Error(`Cannot tell the model of the page: there are ${model.map(([path]) => path)}`);
    return { model: sum(model), others: sum(files) - sum(model) };
  } finally {
    await browser.close();
    server.close();
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** @param onFile is called with each file that is asked for */
async function served(folder: string, onFile: (path: string, content: Uint8Array) => void): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const path = pathname === '/' ? '/index.html' : pathname;
    const content = await readFile(join(folder, path)).catch(() => undefined);
    if (content) onFile(path, content);
    response.writeHead(content ? 200 : 404, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
    response.end(content);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}
