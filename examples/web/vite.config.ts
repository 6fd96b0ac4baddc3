import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Adds the service worker, which caches all files of the build. */
const offline: Plugin = {
  name: 'offline',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    async handler(_options, bundle) {
      const files = ['./', ...Object.keys(bundle).sort()];
      const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 16);
      const source = (await readFile(`${root}serviceWorker.js`, 'utf8'))
        .replace('self.__FILES', JSON.stringify(files))
        .replace('self.__VERSION', JSON.stringify(`speech-emotion-${version}`));
      this.emitFile({ type: 'asset', fileName: 'serviceWorker.js', source });
    },
  },
};

/** The typeface is asked for before the style has been read. */
const preload: Plugin = {
  name: 'preload',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(_html, { bundle }) {
      const font = Object.keys(bundle ?? {}).find((name) => name.endsWith('.woff2'));
      if (!font) return [];
      const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', href: `./${font}`, crossorigin: true };
      return [{ tag: 'link', attrs, injectTo: 'head-prepend' }];
    },
  },
};

export default defineConfig({
  root,
  base: './', // the built page may lie in any folder of a server
  plugins: [offline, preload],
  worker: { format: 'es' },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 4000 },
});
