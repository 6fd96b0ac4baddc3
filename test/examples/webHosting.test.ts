import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { build, type Plugin } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, chromiumSwitches, withChromium } from '../support/chromium.ts';
import { root } from '../support/program.ts';
import { untilReady } from './webPage.ts';

/*
 * The page on a host that is nothing but files, at a path of its own, with the headers of docs/hosting.md. Oracle: a server written out
 * here; what the browser shows after a redeploy; the service worker's own list of files.
 */

const configFile = join(root, 'examples/web/vite.config.ts');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

async function buildInto(folder: string, plugins: Plugin[] = []): Promise<void> {
  const { NODE_ENV } = process.env; // the test runner's
  process.env.NODE_ENV = 'production';
  await build({ configFile, plugins, logLevel: 'error', build: { outDir: folder } });
  process.env.NODE_ENV = NODE_ENV;
}

/** The headers of `_headers` in docs/hosting.md: for each pattern its own, later ones above earlier ones. */
async function headersOf(): Promise<[pattern: string, headers: Record<string, string>][]> {
  const page = await readFile(join(root, 'docs/hosting.md'), 'utf8');
  const [, block] = /```text\n(\/\*\n.*?)```/s.exec(page)!;
  return block!
    .trim()
    .split(/\n(?=\/)/)
    .map((part) => {
      const [pattern, ...lines] = part.split('\n');
      const pairs = lines.map((line) => /^\s*([\w-]+): (.*)$/.exec(line)!.slice(1));
      return [pattern!.replace('*', ''), Object.fromEntries(pairs)];
    });
}

withChromium('the page on a host of files', () => {
  const PLACE = '/tools/voices/';
  let folder: string;
  let server: Server;
  let address: string;
  let context: BrowserContext;
  const [asked, complaints]: [Map<string, string>, string[]] = [new Map(), []];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'host-'));
    await buildInto(join(folder, 'now'));
    await buildInto(join(folder, 'next'), [
      { name: 'another page', transformIndexHtml: (html) => html.replace('<html lang="en">', '<html lang="en-GB">') },
    ]);
    await cp(join(folder, 'now'), join(folder, 'live'), { recursive: true });
    const rules = await headersOf();
    server = createServer(async ({ url = '' }, answer) => {
      const { pathname } = new URL(url, 'http://host');
      asked.set(pathname, '');
      try {
        if (!pathname.startsWith(PLACE)) throw new Error('not here');
        const path = pathname.slice(PLACE.length) || 'index.html';
        const content = await readFile(join(folder, 'live', path));
        for (const [pattern, headers] of rules) {
          if (!`/${path}`.startsWith(pattern)) continue;
          for (const [name, value] of Object.entries(headers)) answer.setHeader(name, value);
        }
        answer.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
        asked.set(pathname, String(answer.getHeader('cache-control')));
        answer.end(content);
      } catch {
        answer.writeHead(404).end();
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PLACE}`;
    const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumSwitches });
    context = await browser.newContext();
    context.on('weberror', (event) => void complaints.push(String(event.error())));
    context.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  }, 400_000);

  afterAll(async () => {
    await context?.browser()?.close();
    server?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const visit = async () => {
    const page = await context.newPage();
    await page.goto(address);
    return page;
  };
  const language = (page: Page) => page.locator('html').getAttribute('lang');

  it('classifies at any path, with the headers of the docs, and asks for nothing outside its folder', async () => {
    const page = await visit();
    await untilReady(page);
    await page.locator('input[type=file]').first().setInputFiles(join(root, 'examples/clips/flat.wav'));
    await page.locator('h1').filter({ hasText: 'flat.wav' }).waitFor();
    await page.locator('.transport').getByRole('button', { name: 'Export' }).waitFor({ timeout: 120_000 });
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    expect([...asked.keys()].filter((path) => !path.startsWith(PLACE))).toEqual([]);
    for (const [path, cache] of asked) {
      expect(cache, path).toBe(path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    }
    expect(complaints).toEqual([]);
    await page.close();
  }, 240_000);

  it('has the policy of the page itself in its headers, and may not be framed', async () => {
    const [[, { 'Content-Security-Policy': policy }]] = (await headersOf()) as [[string, Record<string, string>]];
    const html = await readFile(join(folder, 'now/index.html'), 'utf8');
    expect(policy).toBe(`${/content="(default-src[^"]*)"/.exec(html)![1]}; frame-ancestors 'none'`);
    const page = await readFile(join(root, 'docs/hosting.md'), 'utf8');
    expect(page).toContain(`add_header Content-Security-Policy "${policy}";`);
  });

  describe('a redeploy', () => {
    it('that changes nothing but index.html is offered to the page at once, and there at the second visit', async () => {
      const open = await visit();
      await cp(join(folder, 'next'), join(folder, 'live'), { recursive: true });
      const first = await visit();
      expect(await language(first)).toBe('en');
      await first.getByText('There is a newer version of this page.').waitFor({ timeout: 120_000 });
      await Promise.all([open.close(), first.close()]);
      // The browser lets the next worker take over once it has closed those pages: a page beside them is told when.
      const beside = await context.newPage();
      await beside.route('**/beside', (route) => route.fulfill({ contentType: 'text/html', body: 'beside' }));
      await beside.goto(new URL('/beside', address).href);
      const isNext = (place: string) =>
        navigator.serviceWorker
          .getRegistration(place)
          .then((found) => found?.active?.state === 'activated' && !found.waiting);
      await expect.poll(() => beside.evaluate(isNext, PLACE), { timeout: 60_000 }).toBe(true);
      await beside.close();
      const second = await visit();
      expect(await language(second)).toBe('en-GB');
      await second.close();
    }, 240_000);

    it('of any file arrives: the service worker knows each by its content, or its name changes with that', async () => {
      const files = (await readdir(join(folder, 'now'), { recursive: true, withFileTypes: true }))
        .filter((file) => file.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, 'now').length + 1));
      const worker = await readFile(join(folder, 'now/sw.js'), 'utf8');
      const revised = Array.from(worker.matchAll(/url:"([^"]+)",revision:"\w{32}"/g), ([, url]) => url!);
      const others = files.filter((file) => !revised.includes(file) && !/-[\w-]{8}\.\w+$/.test(file));
      expect(others).toEqual(['sw.js']); // which browsers fetch at each visit
    });
  });
});
