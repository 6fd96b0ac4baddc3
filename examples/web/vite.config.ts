import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const root = fileURLToPath(new URL('.', import.meta.url));

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

/** Installable, and there without a network: files of the first view at once, all others once they are used. */
const offline = VitePWA({
  registerType: 'prompt',
  injectRegister: false,
  manifest: {
    name: 'speech-emotion: what a voice sounds like',
    short_name: 'speech-emotion',
    description: 'Emotions in recordings and at the microphone, computed on this device.',
    start_url: './',
    display: 'standalone',
    background_color: '#faf8f4',
    theme_color: '#faf8f4',
    icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' }],
  },
  workbox: {
    globPatterns: ['**/*.{html,js,css,svg,woff2,levels}', '**/*-simd-*.wasm'],
    globIgnores: ['**/{webgl,webgpu,training,capture}*', '**/*threaded*'],
    maximumFileSizeToCacheInBytes: 8_000_000,
    clientsClaim: true,
    runtimeCaching: [
      {
        urlPattern: ({ sameOrigin }) => sameOrigin,
        handler: 'CacheFirst', // their names change with their content
        options: { cacheName: 'used', expiration: { maxEntries: 30 } }, // those of earlier versions go
      },
    ],
  },
});

/** Backends and what comes with others are named for what they are: the service worker keeps some, and not others. */
const chunkFileNames = ({ facadeModuleId, name }: { facadeModuleId?: string | null; name: string }) => {
  const backend = /tfjs-backend-(\w+)/.exec(facadeModuleId ?? '')?.[1];
  return `assets/${backend ?? name}-[hash].js`;
};

export default defineConfig({
  root,
  base: './', // the built page may lie in any folder of a server
  plugins: [preload, offline],
  worker: { format: 'es', rollupOptions: { output: { chunkFileNames } } },
  build: {
    ...{ outDir: 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 4000 },
    rollupOptions: { output: { chunkFileNames } },
  },
});
