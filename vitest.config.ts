import { readFile } from 'node:fs/promises';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type Plugin } from 'vitest/config';

/** What tsup's `binary` loader does, for tests: a `.bin` file imports as its bytes. */
const binary: Plugin = {
  name: 'binary',
  enforce: 'pre',
  async load(id) {
    if (!id.endsWith('.bin')) return undefined;
    const base64 = (await readFile(id)).toString('base64');
    return `export default Uint8Array.from(atob(${JSON.stringify(base64)}), (c) => c.charCodeAt(0));`;
  },
};

const noSimd = new URL('test/support/noSimd.ts', import.meta.url).pathname;
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** What Vite has to pack before it serves a page: what it comes upon later, it packs with a second copy of tfjs. */
const optimizeDeps = {
  include: ['core', 'layers', 'backend-cpu', 'backend-wasm', 'backend-webgl'].map((name) => `@tensorflow/tfjs-${name}`),
};

/** Chromium without a window, for one project. */
const browser = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
        '--enable-unsafe-swiftshader',
      ],
    },
  }),
  instances: [{ browser: 'chromium' as const }],
});

export default defineConfig({
  plugins: [binary],
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } }, // machines under load take their time: what comes at all has passed
    maxWorkers: 2,
    reporters: ['default', './test/support/stillRunning.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/house/**', 'test/package/**', 'test/**/*.browser.test.ts'],
        },
      },
      // The kernels once more, on the host backends: as engines run them that have fused multiply-add (in Node 20 behind a flag), …
      {
        extends: true,
        test: {
          name: 'relaxed',
          include: ['test/kernels/**/*.test.ts', 'test/layers/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', 'test/kernels/backends/webgpu/**'],
          env: { KERNELS: 'relaxed' },
          execArgv: Number.parseInt(process.versions.node, 10) < 22 ? ['--experimental-wasm-relaxed-simd'] : [],
        },
      },
      // … and as those do that have no SIMD at all.
      {
        extends: true,
        resolve: { alias: [{ find: /^.*\/(simd|doubles)\.ts$/, replacement: noSimd }] },
        test: {
          name: 'scalar',
          include: ['test/kernels/**/*.test.ts', 'test/layers/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', 'test/kernels/backends/webgpu/**'],
          env: { KERNELS: 'scalar' },
        },
      },
      { extends: true, test: { name: 'cli', include: ['cli/test/**/*.test.ts'] } },
      { extends: true, test: { name: 'house', include: ['test/house/**/*.test.ts'], testTimeout: 180_000 } },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: 'test/package/project.ts',
          testTimeout: 300_000,
        },
      },
      {
        extends: true,
        optimizeDeps,
        test: {
          name: 'browser',
          include: ['test/**/*.browser.test.ts'],
          exclude: ['test/**/*.isolated.browser.test.ts'],
          browser: browser(),
        },
      },
      // Pages that may share memory between threads, which these headers make of them: tfjs runs another build there.
      {
        extends: true,
        optimizeDeps,
        server: {
          headers: {
            'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp',
          },
        },
        test: {
          name: 'isolated',
          sequence: { groupOrder: 1 }, // after the others: its trainings take every core, and live sound is heard in real time there
          include: ['test/**/*.isolated.browser.test.ts', 'test/kernels/kernels.browser.test.ts'],
          browser: browser(),
        },
      },
    ],
  },
});
