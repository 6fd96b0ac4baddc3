// results of a protocol, or the models of its folds → what each fold's model heard in the clips that it tests

import { basename, join } from 'node:path';
import type { ExampleSet } from 'speech-emotion';
import { fitTemperature, type LabelledPrediction } from 'speech-emotion/evaluation';
import { modelDirectory } from 'speech-emotion/node';
import { UsageError } from '../../examples/node/commandLine.ts';
import { readWindows, toEvidence } from '../../src/classifier/speakerEvidence.ts';
import { parseRavdessName } from '../../src/dataset/ravdessName.ts';
import { type ClassifyingWeights, classifyingWeights } from '../../src/model/classifyingLayer.ts';
import { loadModel } from '../../src/model/modelSource.ts';
import type { ModelSettings } from '../../src/model/trainedModel.ts';
import { windowsOf } from '../../src/model/windowsOf.ts';
import type { ResultFile } from '../results/resultFile.ts';
import { type HeardClip, type HeardFold, probabilitiesOf } from './speakerTests.ts';

/** The least probability that a file of results tells from 0. */
const LEAST = 1e-5;

/** What is known of a result file alone: the log-probabilities stand for what a classifying layer reads. */
export function foldsOfResults({ runs, labels }: ResultFile): HeardFold[] {
  const identity = Float32Array.from({ length: labels.length ** 2 }, (_, i) => (i % (labels.length + 1) === 0 ? 1 : 0));
  const weights = { kernel: identity, bias: new Float32Array(labels.length) };
  const folds = runs.map(({ seed, fold, testClips }) => ({
    ...{ seed, fold, weights },
    clips: Object.entries(testClips).map(([name, probabilities]) => {
      const logs = Float32Array.from(probabilities, (p) => Math.log(Math.max(LEAST, p)));
      return clipOf(name, labels, [logs], weights);
    }),
  }));
  return calibrated(folds);
}

/** Where `npm run evaluate -- --models FOLDER` keeps the model of a fold. */
export function modelFolder(folder: string, fold: string, seed: number): string {
  return join(folder, `${fold.replaceAll('/', '-')}-seed${seed}`);
}

/** The features of a model that is kept. */
export async function featuresOf(path: string): Promise<ModelSettings['features']> {
  const { network, settings } = await loadModel(modelDirectory(path));
  network.dispose();
  return settings.features;
}

/**
 * The models that `npm run evaluate -- --models FOLDER` kept, and what they read in the clips that they were not trained on.
 *
 * @param examples features of all clips
 */
export async function foldsOfModels(
  folder: string,
  seeds: readonly number[],
  folds: readonly { readonly name: string; readonly test: Iterable<{ readonly name: string }> }[],
  examples: ExampleSet,
  onFold: (seed: number, fold: string) => void,
): Promise<HeardFold[]> {
  const byName = new Map(examples.examples.map((example) => [example.name, example]));
  const heard: Omit<HeardFold, 'temperature'>[] = [];
  for (const seed of seeds) {
    for (const { name: fold, test } of folds) {
      const path = modelFolder(folder, fold, seed);
      const model = await loadModel(modelDirectory(path));
      if (JSON.stringify(model.settings.features) !== JSON.stringify(examples.features)) {
        throw new UsageError(`Cannot personalise: all models must have the same features, got others in ${path}`);
      }
      const weights = await classifyingWeights(model.network);
      const clips: HeardClip[] = [];
      for (const { name } of test) {
        const matrix = byName.get(name)!.variants[0]!;
        const windows: Float32Array[] = [];
        for await (const features of readWindows(model, windowsOf(once(matrix), model.settings.window))) {
          windows.push(features);
        }
        clips.push(clipOf(name, examples.labels, windows, weights));
      }
      model.network.dispose();
      heard.push({ seed, fold, weights, clips });
      onFold(seed, fold);
    }
  }
  return calibrated(heard);
}

async function* once<T>(value: T): AsyncGenerator<T, void, undefined> {
  yield value;
}

function clipOf(
  path: string,
  labels: readonly string[],
  windows: readonly Float32Array[],
  weights: ClassifyingWeights,
): HeardClip {
  const name = basename(path);
  const { emotion, actor, statement } = parseRavdessName(name);
  const label = labels.indexOf(emotion);
  return { name, label, speaker: actor, sentence: statement, windows, evidence: toEvidence(windows, weights) };
}

/** Temperatures are fitted on the other folds of the seed, as `crossValidate` fits them. */
function calibrated(folds: readonly Omit<HeardFold, 'temperature'>[]): HeardFold[] {
  const predictions = folds.map(({ clips, weights }) =>
    clips.map(
      (clip): LabelledPrediction => ({
        ...{ name: clip.name, label: clip.label, speaker: String(clip.speaker), groups: {} },
        probabilities: probabilitiesOf(clip, weights, 1),
      }),
    ),
  );
  return folds.map((fold) => {
    const others = predictions.filter((_, i) => folds[i]!.seed === fold.seed && folds[i] !== fold);
    return { ...fold, temperature: others.length > 0 ? fitTemperature(others.flat()) : 1 };
  });
}
