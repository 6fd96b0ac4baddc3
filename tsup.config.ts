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
    'node/trainingThread': 'src/node/trainingThread.ts',
    'node/trainingWorker': 'src/node/trainingWorker.ts',
    'node/featureWorker': 'src/node/featureWorker.ts',
    'browser/index': 'src/browser/index.ts',
    'browser/training': 'src/browser/serveTrainingThread.ts',
    timelines: 'src/timelines/index.ts',
    'worker/index': 'src/worker/index.ts',
    'pretrained/index': 'src/pretrained/index.ts',
    'pretrained/ravdess': 'src/pretrained/ravdess.ts',
    'pretrained/small': 'src/pretrained/small.ts',
  },
  // Shared chunks keep one copy of each class, so that `instanceof` holds across the entries.
  splitting: true,
  external: [/^@tensorflow\//, /^node:/],
  loader: { '.bin': 'binary' },
  esbuildPlugins: [
    {
      // All weights lie in dist/pretrained, which may be deleted: docs/licences.md.
      name: 'weights apart',
      setup(build) {
        build.onResolve({ filter: /\/pretrained\/speech\.ts$/ }, () => ({
          path: './pretrained/speech.js',
          external: true,
        }));
      },
    },
  ],
});

/** The weights of the detector of speech, which chunks in dist import. */
const detector = defineConfig({
  ...{ ...base, dts: false },
  entry: { 'pretrained/speech': 'src/pretrained/speech.ts' },
  splitting: false,
});

/** One file that stands by itself: pages serve it to their audio thread. */
const worklet = defineConfig({
  ...base,
  entry: { 'browser/capture': 'src/browser/captureWorklet.ts' },
  splitting: false,
});

export default [library, detector, worklet].flat();
