// examples + network → weights of its classifying layer, by regression on what that reads

import * as tf from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { softmaxRidge } from '../classifier/softmaxRidge.ts';
import { addStandardised, standardisationOf, standardised } from '../classifier/standardised.ts';
import { nextTask } from '../core/nextTask.ts';
import { RandomStream } from '../core/random.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { classifyingFeatures } from '../model/classifyingLayer.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { WindowRunner } from '../model/windowRunner.ts';
import { layOutWindows } from '../model/windows.ts';

/** Windows through the network at a time. */
const BATCH = 8;
/** Clips that are fitted at most, drawn at random: more move the weights little, and each step takes longer. */
const MOST_CLIPS = 2000;
/** Variance beforehand of a label's logits over the clips, and of what is added to all of them. */
const VARIANCE = 4;

/**
 * Gives the classifying layer the most probable weights of a softmax regression on what it reads, all layers below as they are. Over each
 * clip it ranges over the labels that its corpus asked for.
 *
 * @param model whose network ends in a softmax of weighted sums
 * @param data of its labels and features
 */
export async function fitHead(model: TrainedModel, data: ExampleSet, signal: AbortSignal | undefined): Promise<void> {
  const clips = await whatIsRead(model, data, signal);
  const how = standardisationOf(
    clips.map(({ features }) => features),
    VARIANCE,
    VARIANCE,
  );
  const labels = data.labels.length;
  await nextTask();
  signal?.throwIfAborted();
  const weights = softmaxRidge({
    offsets: clips.map(({ label, asked }) =>
      Float64Array.from({ length: labels }, (_, k) => (k === label || !asked || asked.includes(k) ? 0 : NEVER)),
    ),
    features: clips.map(({ features }) => standardised(features, how)),
    targets: clips.map(({ label }) => label),
  });
  const kernel = new Float64Array(how.mean.length * labels);
  const bias = new Float64Array(labels);
  for (let k = 0; k < labels; k++) addStandardised({ kernel, bias }, k, (row) => weights[row * labels + k]!, how);
  const [output] = model.network.outputs as [SymbolicTensor];
  const shape: [number, number] = [how.mean.length, labels];
  tf.tidy(() =>
    output.sourceLayer.setWeights([
      tf.tensor2d(Float32Array.from(kernel), shape),
      tf.tensor1d(Float32Array.from(bias)),
    ]),
  );
}

/** A logit so low that the label is out of the question. */
const NEVER = -1e3;

interface ReadClip {
  readonly features: Float64Array;
  readonly label: number;
  readonly asked: readonly number[] | undefined;
}

/** What the classifying layer reads in each clip as it is, the mean over its windows. */
async function whatIsRead(
  { network, settings }: TrainedModel,
  { examples }: ExampleSet,
  signal: AbortSignal | undefined,
): Promise<ReadClip[]> {
  const chosen = new RandomStream(1, 'fit head').shuffle([...examples]).slice(0, MOST_CLIPS);
  const reading = classifyingFeatures(network);
  try {
    const runner = new WindowRunner({ network: reading.network, settings });
    const clips: ReadClip[] = [];
    for (const { variants, label, asked } of chosen) {
      const matrix = variants[0]!;
      const ranges = layOutWindows(matrix.frames, settings.window);
      let sum: Float64Array | undefined;
      for (let start = 0; start < ranges.length; start += BATCH) {
        await nextTask();
        signal?.throwIfAborted();
        const batch = ranges.slice(start, start + BATCH).map((range) => ({ matrix, range }));
        for (const own of await runner.values(batch)) {
          const total = sum ?? new Float64Array(own.length);
          add(total, own, ranges.length);
          sum = total;
        }
      }
      clips.push({ features: sum!, label, asked });
    }
    return clips;
  } finally {
    reading.dispose();
  }
}

/** Adds numbers, each divided by a count. */
function add(sum: Float64Array, numbers: ArrayLike<number>, count: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += numbers[i]! / count;
}
