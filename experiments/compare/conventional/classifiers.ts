// labelled vectors → a conventional classifier, from packages: the baseline of networks

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Labelled vectors. */
export interface Labelled {
  readonly vectors: readonly Float64Array[];
  /** Indices of labels. */
  readonly labels: readonly number[];
}

/** Is fitted to some vectors and predicts the labels of others. */
export interface ConventionalClassifier {
  /** The package and its settings, which were fixed beforehand and never chosen by results. */
  readonly description: string;
  classify(train: Labelled, test: readonly Float64Array[]): Promise<readonly number[]>;
}

const FUNCTIONALS = 'utterance functionals (MFCC, energy, pitch), standardised';

export const CONVENTIONAL: Readonly<Record<string, ConventionalClassifier>> = {
  functionalsLinearSvm: {
    description: `${FUNCTIONALS}, and a linear support vector machine (libsvm-js, C = 0.01)`,
    classify: (train, test) => supportVectors(train, test, { kernel: 'LINEAR', cost: 0.01 }),
  },
  functionalsSvm: {
    description: `${FUNCTIONALS}, and a support vector machine (libsvm-js, RBF kernel, C = 1)`,
    classify: (train, test) => supportVectors(train, test, { kernel: 'RBF', cost: 1 }),
  },
};

async function supportVectors(
  { vectors, labels }: Labelled,
  test: readonly Float64Array[],
  { kernel, cost }: { kernel: 'LINEAR' | 'RBF'; cost: number },
): Promise<readonly number[]> {
  const Svm = require('libsvm-js/asm'); // its WebAssembly build writes warnings to the console in Node
  const svm = new Svm({
    ...{ type: Svm.SVM_TYPES.C_SVC, kernel: Svm.KERNEL_TYPES[kernel] },
    ...{ cost, gamma: 1 / vectors[0]!.length, quiet: true },
  });
  try {
    svm.train(rowsOf(vectors), [...labels]);
    return svm.predict(rowsOf(test));
  } finally {
    svm.free();
  }
}

/** Standardises by mean and standard deviation of the training vectors, and classifies. */
export async function classifyStandardised(
  classifier: ConventionalClassifier,
  train: Labelled,
  test: readonly Float64Array[],
): Promise<readonly number[]> {
  const size = train.vectors[0]!.length;
  const count = train.vectors.length;
  const mean = new Float64Array(size);
  for (const vector of train.vectors) for (let i = 0; i < size; i++) mean[i]! += vector[i]! / count;
  const variance = new Float64Array(size);
  for (const vector of train.vectors)
    for (let i = 0; i < size; i++) variance[i]! += (vector[i]! - mean[i]!) ** 2 / count;
  const standardise = (vector: Float64Array) =>
    vector.map((value, i) => (value - mean[i]!) / Math.sqrt(variance[i]! + 1e-12));
  return classifier.classify({ vectors: train.vectors.map(standardise), labels: train.labels }, test.map(standardise));
}

function rowsOf(vectors: readonly Float64Array[]): number[][] {
  return vectors.map((vector) => [...vector]);
}
