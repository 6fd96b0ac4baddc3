// the web interface → built, served, open in Chromium, watched for errors and for requests that leave it

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { chromiumPath, chromiumSwitches } from '../support/chromium.ts';
import { root } from '../support/program.ts';

const configFile = join(root, 'examples/web/vite.config.ts');

/** The built page on a server of its own. */
export interface ServedPage {
  readonly address: string;
  /** The folder of built files. */
  readonly folder: string;
  /** Opens it in a window of its own; what goes wrong in there is collected in `complaints`. */
  open(
    options?: Parameters<Browser['newContext']>[0],
    prepare?: (context: BrowserContext) => Promise<void>,
  ): Promise<Page>;
  /** Errors of the page and on its console. */
  readonly complaints: string[];
  /** Addresses asked for that are not the page's. */
  readonly outside: string[];
  close(): Promise<void>;
}

/** The built page on a server of its own, for whatever browser. */
export async function serveBuilt(): Promise<Pick<ServedPage, 'address' | 'folder' | 'close'>> {
  const folder = await mkdtemp(join(tmpdir(), 'web-'));
  const { NODE_ENV } = process.env; // the test runner's
  process.env.NODE_ENV = 'production';
  await build({ configFile, logLevel: 'error', build: { outDir: folder } });
  process.env.NODE_ENV = NODE_ENV;
  const server = await preview({
    ...{ configFile, logLevel: 'error', build: { outDir: folder } },
    preview: { host: '127.0.0.1', port: 0 },
  });
  return {
    ...{ address: server.resolvedUrls!.local[0]!, folder },
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @param switches of Chromium, beside the usual ones */
export async function servePage(switches: readonly string[] = []): Promise<ServedPage> {
  const built = await serveBuilt();
  const { address, folder } = built;
  const browser = await chromium.launch({ executablePath: chromiumPath, args: [...chromiumSwitches, ...switches] });
  const complaints: string[] = [];
  const outside: string[] = [];
  return {
    ...{ address, folder, complaints, outside },
    async open(options, prepare) {
      const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options });
      context.on('weberror', (event) => void complaints.push(String(event.error())));
      context.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      context.on('request', (request) => {
        const inside = request.url().startsWith(address) || /^(data|blob):/.test(request.url());
        if (!inside) outside.push(request.url());
      });
      await prepare?.(context);
      const page = await context.newPage();
      await page.goto(address);
      return page;
    },
    async close() {
      await browser.close();
      await built.close();
    },
  };
}

/** Waits until the page has a model, which the settings tell. */
export async function untilReady(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText(/Ready, computing with/).waitFor({ timeout: 90_000 });
  await page.getByRole('button', { name: 'Done' }).click();
}
