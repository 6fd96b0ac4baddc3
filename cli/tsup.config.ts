import { defineConfig } from 'tsup';
import settings from './package.json' with { type: 'json' };

/** One program, whose commands load what they need when they are called, and what programs import. */
export default defineConfig({
  entry: {
    main: 'src/main.ts',
    index: 'src/index.ts',
    serveWorker: 'src/serve/serveWorker.ts',
    scoreThread: 'src/score/scoreThread.ts',
  },
  // tsup's d.ts builder still sets `baseUrl`, which TypeScript 6 deprecates.
  dts: { entry: { index: 'src/index.ts' }, compilerOptions: { ignoreDeprecations: '6.0' } },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  external: Object.keys(settings.optionalDependencies), // optional dependencies would be bundled
  clean: true,
});
