// every entry of the package → one module of all that they export

export * from '../../src/browser/index.ts';
export * from '../../src/browser/serveTrainingThread.ts';
export * from '../../src/dataset/index.ts';
export * from '../../src/evaluation/index.ts';
export * from '../../src/features/index.ts';
export * from '../../src/index.ts';
export * from '../../src/layers/index.ts';
export * from '../../src/node/index.ts';
// Of the two of a name, those of Node.
export { openCorpora, trainingThreads } from '../../src/node/index.ts';
export * from '../../src/timelines/index.ts';
export * from '../../src/worker/index.ts';
