import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chromiumPath, chromiumSwitches, withChromium } from '../support/chromium.ts';
import { inProject, project, root, snippet } from './inProject.ts';
import { ISOLATED, serve } from './serve.ts';

/*
 * The package in a page: bundled, and without a bundler. Oracle: the documentation's own snippets do in Chromium what is said of them.
 */

const clip = join(root, 'examples/clips/lively.wav');
const SAID = /0\.0-\d\.\d s: (neutral|calm|happy|sad|angry|fearful|disgust|surprised)\./;

withChromium('the packed tarball in a page', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    const page = (script: string) =>
      `<!doctype html><meta charset="utf-8"><body><input type="file"><script type="module" src="${script}"></script>`;
    await writeFile(join(project, 'index.html'), page('/browser.js'));
    await writeFile(join(project, 'browser.js'), await snippet('browser.js'));
    await writeFile(join(project, 'vite.config.js'), `export default { build: { target: 'es2022' } };`);
    await writeFile(
      join(project, 'vite.training.js'),
      `export default {
        base: '/trained/',
        build: { target: 'es2022', outDir: 'trained', rollupOptions: { input: 'training.html' } },
        worker: { format: 'es' },
      };`,
    );
    await inProject(['npx', 'vite', 'build', '--logLevel', 'error']);
    await inProject(['npx', 'esbuild', 'browser.js', '--bundle', '--splitting', '--format=esm', '--outdir=esbuilt']);
    await writeFile(join(project, 'esbuilt/index.html'), page('/esbuilt/browser.js'));
    await writeFile(join(project, 'training.worker.js'), await snippet('training.worker.ts', 'docs/training.md'));
    await writeFile(join(project, 'training.js'), TRAINING);
    await writeFile(join(project, 'training.html'), page('/training.js'));
    await inProject(['npx', 'vite', 'build', '--logLevel', 'error', '--config', 'vite.training.js']);
    const bare = await snippet('bare.html', 'docs/browser.md');
    await writeFile(join(project, 'bare.html'), bare);
    await writeFile(join(project, 'bareWasm.html'), await forWasm(bare));
    await cp(join(root, 'test/fixtures/audio'), join(project, 'sounds'), { recursive: true });
    server = await serve(project, { '/assets/': 'dist/assets/' });
    browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumSwitches });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /**
   * Chooses the clip until the page says something: before the model is loaded, nobody listens to the field. The same file once more
   * would be no change, so it has two names.
   */
  async function expectTimeline(page: Page): Promise<void> {
    const said = page.getByText(SAID);
    for (let tries = 0; tries < 12 && (await said.count()) === 0; tries++) {
      await page.setInputFiles('input', tries % 2 === 0 ? clip : join(project, 'speech.wav'));
      await said.waitFor({ timeout: 10_000 }).catch(() => {});
    }
    expect(await page.innerText('body')).toMatch(SAID);
  }

  async function open(path: string): Promise<{ page: Page; faults: string[]; hosts: Set<string> }> {
    const page = await browser.newPage();
    const faults: string[] = [];
    const hosts = new Set<string>();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(server.address + path);
    return { page, faults, hosts };
  }

  it.each([
    ['Vite', 'dist/index.html'],
    ['esbuild', 'esbuilt/index.html'],
  ])('bundled by %s runs the README’s browser snippet', async (_, path) => {
    const { page, faults } = await open(path);
    await expectTimeline(page);
    expect(faults).toEqual([]);
  });

  it('bundled by Vite trains in two workers where it is cross-origin isolated (oracle: the page alone), and says why not where it is not', async () => {
    const isolated = await serve(project, {}, ISOLATED);
    for (const host of [isolated, server]) {
      const page = await browser.newPage();
      // Where tfjs looks for its binaries: beside the worker, which the bundler has put among the assets.
      await page.context().route('**/*.wasm', async (route) => {
        const name = new URL(route.request().url()).pathname.split('/').at(-1)!;
        const path = join(project, 'node_modules/@tensorflow/tfjs-backend-wasm/dist', name);
        await route.fulfill({ path, contentType: 'application/wasm', headers: ISOLATED });
      });
      await page.goto(`${host.address}trained/training.html`);
      await page.waitForFunction('globalThis.trained?.inTwo !== undefined', undefined, { timeout: 120_000 });
      const { alone, inTwo } = await page.evaluate<{ alone: number[]; inTwo: number[] | string }>('trained');
      if (host === server) {
        expect(inTwo).toMatch(/^TypeError: Cannot train: threads must be able to share memory/);
      } else {
        expect(inTwo).toHaveLength(alone.length);
        const far = Math.max(...alone.map((weight, i) => Math.abs(weight - (inTwo as number[])[i]!)));
        expect(far).toBeLessThan(2e-4); // wasm against cpu, sums in another order
      }
      await page.context().close();
    }
    isolated.close();
  });

  it('without a bundler runs the page of docs/browser.md, with nothing from another host', async () => {
    const { page, faults, hosts } = await open('bare.html');
    await expectTimeline(page);
    expect(faults).toEqual([]);
    expect([...hosts].filter((host) => host !== 'null' && !server.address.startsWith(host))).toEqual([]); // data: has none
  });

  it('without a bundler runs on the wasm backend, and decodes and resamples', async () => {
    const { page, faults } = await open('bareWasm.html');
    await expectTimeline(page);
    const lengths = await page.evaluate<number[]>(`Promise.all(${JSON.stringify(SOUNDS)}.map(async (file) => {
      const { toWaveform } = await import('speech-emotion');
      return (await toWaveform(await (await fetch(file)).arrayBuffer())).samples.length;
    }))`);
    expect(faults).toEqual([]);
    const [wav, flac, ...lossy] = lengths;
    expect(flac).toBe(wav); // the same sound without loss
    for (const length of lossy) expect(Math.abs(length / wav! - 1)).toBeLessThan(0.1);
  });
});

/** A page that trains on noise, alone and in two workers, and tells the weights of both. */
const TRAINING = `
  import '@tensorflow/tfjs-backend-cpu';
  import { setBackend } from '@tensorflow/tfjs-core';
  import { buildCnnLstm, FeatureExtractor, train } from 'speech-emotion';
  import { trainingThreads } from 'speech-emotion/browser';

  const { options: features, bins } = new FeatureExtractor({ features: { type: 'logMel', melBands: 8 } });
  const examples = Array.from({ length: 12 }, (_, i) => ({
    ...{ name: 'clip' + i, label: i % 2, speaker: 'a', groups: {} },
    variants: [{ values: Float32Array.from({ length: 12 * bins }, (_, j) => Math.sin(i + 2 * j)), frames: 12, bins }],
  }));
  const data = { labels: ['calm', 'sad'], features, speeds: [1], examples };
  const start = () => new Worker(new URL('./training.worker.js', import.meta.url), { type: 'module' });

  async function weights(threads) {
    const convolution = [{ filters: 4, kernelSize: [3, 3], pool: [2, 2] }];
    const network = buildCnnLstm({ frames: 12, bins, classes: 2, convolution, recurrent: { units: 3 }, seed: 1 });
    await train(network, data, { epochs: 2, batchSize: 6, window: { frames: 12 }, threads });
    return network.getWeights().flatMap((weight) => [...weight.dataSync()]);
  }

  await setBackend('cpu');
  globalThis.trained = { isolated: crossOriginIsolated, alone: await weights() };
  trained.inTwo = await weights(trainingThreads(2, start)).catch(String);
`;

const SOUNDS = ['wav', 'flac', 'mp3', 'ogg'].map((format) => `sounds/speech.${format}`);

/** The page without a bundler as docs/browser.md changes it for the wasm backend. */
async function forWasm(page: string): Promise<string> {
  const text = await readFile(join(root, 'docs/browser.md'), 'utf8');
  const block = (language: string) => new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(text)![1]!;
  const map = /(<script type="importmap">)(.*?)(<\/script>)/s;
  const { imports } = JSON.parse(map.exec(page)![2]!);
  return page
    .replace(
      map,
      (_, open, __, close) => open + JSON.stringify({ imports: { ...imports, ...JSON.parse(block('json')) } }) + close,
    )
    .replace(`import '@tensorflow/tfjs-backend-webgl';`, () => block('js'))
    .replace(`setBackend('webgl')`, `setBackend('wasm')`);
}
