import { defineConfig } from 'tsup';
import settings from './package.json' with { type: 'json' };

/** One program; what commands need is loaded when they are called. */
export default defineConfig({
  entry: { main: 'src/main.ts', serveWorker: 'src/serve/serveWorker.ts', scoreThread: 'src/score/scoreThread.ts' },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  external: Object.keys(settings.optionalDependencies), // optional dependencies would be bundled
  clean: true,
});
