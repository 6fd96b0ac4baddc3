// vectors with labels → a conventional classifier, from packages: what networks have to beat

import { createRequire } from 'node:module';
import { Matrix } from 'ml-matrix';

const require = createRequire(import.meta.url);

/** Labelled vectors. */
export interface Labelled {
  readonly vectors: readonly Float64Array[];
  /** Indices of labels. */
  readonly labels: readonly number[];
}

/** Learns from some vectors and gives the labels of others. */
export interface ConventionalClassifier {
  /** Which package, and how it is set: before, and never by results. */
  readonly says: string;
  /** The number of weights that it learns. */
  parameters(features: number, classes: number): number;
  classify(train: Labelled, test: readonly Float64Array[]): Promise<readonly number[]>;
}

export const CONVENTIONAL: Readonly<Record<string, ConventionalClassifier>> = {
  functionalsLogistic: {
    says: 'utterance functionals (MFCC, energy, pitch), standardised, and logistic regression (ml-logistic-regression, 1000 steps)',
    parameters: (features, classes) => features * classes,
    async classify({ vectors, labels }, test) {
      const LogisticRegression = require('ml-logistic-regression');
      const regression = new LogisticRegression({ numSteps: 1000, learningRate: 1e-3 });
      regression.train(matrixOf(vectors), Matrix.columnVector([...labels]));
      return regression.predict(matrixOf(test));
    },
  },
  functionalsSvm: {
    says: 'utterance functionals (MFCC, energy, pitch), standardised, and a support vector machine (libsvm-js, RBF kernel, C = 1)',
    parameters: (features, classes) => features * classes,
    async classify({ vectors, labels }, test) {
      const Svm = await require('libsvm-js');
      const svm = new Svm({
        ...{ type: Svm.SVM_TYPES.C_SVC, kernel: Svm.KERNEL_TYPES.RBF },
        ...{ cost: 1, gamma: 1 / vectors[0]!.length, quiet: true },
      });
      svm.train(rowsOf(vectors), [...labels]);
      const predicted = svm.predict(rowsOf(test));
      svm.free();
      return predicted;
    },
  },
};

/** Standardises by the training vectors alone, and classifies. */
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

function matrixOf(vectors: readonly Float64Array[]): Matrix {
  return new Matrix(rowsOf(vectors));
}

function rowsOf(vectors: readonly Float64Array[]): number[][] {
  return vectors.map((vector) => [...vector]);
}
