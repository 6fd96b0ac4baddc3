// Oracle: nothing hangs, nothing ends the process, the error says what is missing; and what needs no WebAssembly gives what it
// gives with it.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { expect, it } from 'vitest';
import { runProgram } from '../node/runProgram.ts';
import { chromiumPath, chromiumSwitches, withChromium } from '../support/chromium.ts';

const root = new URL('../../', import.meta.url);
const FIXTURES = ['speech.flac', 'speech.oga', 'speech.mp3', 'speech.ogg', 'speech.wav'];

/** What is done where WebAssembly is refused: decode each file, resample what can be decoded, compute its features. */
const WORK = `async function work(bytesOf) {
  const outcomes = {};
  for (const name of ${JSON.stringify(FIXTURES)}) {
    try {
      const waveform = await toWaveform(await bytesOf(name), { sampleRate: 22_050 });
      const { values } = await new FeatureExtractor().extract(waveform);
      outcomes[name] = [waveform.samples.length, values.every(Number.isFinite)];
    } catch (error) {
      outcomes[name] = error.name + ': ' + error.message;
    }
  }
  return outcomes;
}`;

const refused = (format: string) =>
  `AudioFormatError: Cannot decode audio: ${format} takes WebAssembly, which is refused here (a page's policy must have ` +
  "'wasm-unsafe-eval' in its script-src); WAV does not";
const EXPECTED = {
  'speech.flac': refused('FLAC'),
  'speech.oga': refused('FLAC'),
  'speech.mp3': refused('MP3'),
  'speech.ogg': refused('Ogg Vorbis'),
  'speech.wav': [19_845, true],
};

it.each([
  ['there is none', 'delete globalThis.WebAssembly;'],
  [
    'it is refused, as Chromium does',
    `const refuse = () => { throw new WebAssembly.CompileError('refused'); };
     Object.assign(WebAssembly, { compile: async () => refuse(), instantiate: async () => refuse(), Module: function Module() { refuse(); } });`,
  ],
  [
    'it is refused, as WebKit does',
    `const refuse = () => { throw new EvalError('refused'); };
     Object.assign(WebAssembly, { compile: async () => refuse(), instantiate: async () => refuse(), Module: function Module() { refuse(); } });`,
  ],
  [
    'there is no room for a memory',
    `const refuse = () => { throw new RangeError('out of memory'); };
     Object.assign(WebAssembly, { instantiate: async () => refuse(), Memory: refuse });`,
  ],
])('in Node, where %s', async (_, prepare) => {
  const output = await runProgram(`
    import { readFile } from 'node:fs/promises';
    const { toWaveform } = await import(${JSON.stringify(new URL('src/audio/toWaveform.ts', root))});
    const { FeatureExtractor } = await import(${JSON.stringify(new URL('src/features/featureExtractor.ts', root))});
    ${prepare} // now that the loader of TypeScript has what it needs
    ${WORK}
    const fixtures = new URL(${JSON.stringify(new URL('test/fixtures/audio/', root))});
    console.error(JSON.stringify(await work((name) => readFile(new URL(name, fixtures)))));
  `);
  expect(JSON.parse(output)).toEqual(EXPECTED);
});

withChromium('in a page', () => {
  /** What a page says that is served with a policy. */
  async function outcomesUnder(policy: string): Promise<unknown> {
    const folder = await mkdtemp(join(tmpdir(), 'page-'));
    await writeFile(
      join(folder, 'main.js'),
      `import { toWaveform } from ${JSON.stringify(new URL('src/audio/toWaveform.ts', root).pathname)};
       import { FeatureExtractor } from ${JSON.stringify(new URL('src/features/featureExtractor.ts', root).pathname)};
       ${WORK}
       globalThis.outcomes = work(async (name) => (await fetch('fixtures/' + name)).blob());`,
    );
    await writeFile(join(folder, 'index.html'), '<!doctype html><script type="module" src="main.js"></script>');
    await build({ root: folder, base: './', configFile: false, logLevel: 'error' });
    const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
    const server = createServer(async ({ url = '/' }, response) => {
      const name = url === '/' ? 'index.html' : url.slice(1);
      const file = name.startsWith('fixtures/')
        ? new URL(`test/${name.replace('/', '/audio/')}`, root)
        : join(folder, 'dist', name);
      const type = types[extname(name)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
      response.end(await readFile(file).catch(() => ''));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumSwitches });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction('globalThis.outcomes');
      return await page.evaluate('globalThis.outcomes');
    } finally {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true });
    }
  }

  it('whose policy refuses it', async () => {
    expect(await outcomesUnder("default-src 'self'")).toEqual(EXPECTED);
  });

  it('whose policy allows it, all is decoded', async () => {
    const all = Object.fromEntries(FIXTURES.map((name) => [name, [19_845, true]]));
    expect(await outcomesUnder("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'")).toEqual(all);
  });
});
