import { defineConfig } from 'tsup';

/** What all builds share. */
const base = {
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  treeshake: true,
  // tsup's d.ts builder still sets `baseUrl`, which TypeScript 6 deprecates.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
} as const;

const library = defineConfig({
  ...base,
  entry: {
    index: 'src/index.ts',
    features: 'src/features/index.ts',
    corpora: 'src/dataset/index.ts',
    layers: 'src/layers/index.ts',
    evaluation: 'src/evaluation/index.ts',
    'node/index': 'src/node/index.ts',
    'node/trainingWorker': 'src/node/trainingWorker.ts',
    'node/featureWorker': 'src/node/featureWorker.ts',
    'browser/index': 'src/browser/index.ts',
    'worker/index': 'src/worker/index.ts',
    'pretrained/index': 'src/pretrained/index.ts',
    'pretrained/small': 'src/pretrained/small.ts',
    'pretrained/speech': 'src/pretrained/speech.ts',
  },
  // Shared chunks keep one copy of each class, so that `instanceof` holds across the entries.
  splitting: true,
  external: [/^@tensorflow\//, /^node:/],
  loader: { '.bin': 'binary' },
});

/** One file that stands by itself: pages serve it to their audio thread. */
const worklet = defineConfig({
  ...base,
  entry: { 'browser/capture': 'src/browser/captureWorklet.ts' },
  splitting: false,
});

export default [library, worklet].flat();
