import { defineConfig } from 'tsup';

/** One program; what commands need is loaded when they are called. */
export default defineConfig({
  entry: { main: 'src/main.ts', serveWorker: 'src/serve/serveWorker.ts' },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  clean: true,
});
