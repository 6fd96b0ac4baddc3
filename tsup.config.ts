import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'node/index': 'src/node/index.ts',
    'node/trainingWorker': 'src/node/trainingWorker.ts',
    'node/featureWorker': 'src/node/featureWorker.ts',
    'browser/index': 'src/browser/index.ts',
    'worker/index': 'src/worker/index.ts',
    'pretrained/index': 'src/pretrained/index.ts',
  },
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  // Shared chunks keep one copy of each class, so that `instanceof` holds across the entries.
  splitting: true,
  treeshake: true,
  // tsup's d.ts builder still sets `baseUrl`, which TypeScript 6 deprecates.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  external: [/^@tensorflow\//, /^node:/],
  loader: { '.bin': 'binary' },
});
