// windows of features → what the network says of each

import * as tf from '@tensorflow/tfjs-core';
import { nextTask } from '../core/nextTask.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { Normalizer } from '../features/normalizer.ts';
import { onBackend } from '../kernels/wasmGuard.ts';
import type { TrainedModel } from './trainedModel.ts';
import { type FrameRange, fillWindow, placesIn } from './windows.ts';

/** A range of the frames of a matrix, no longer than a window of the model. */
export interface WindowOfFrames {
  readonly matrix: FeatureMatrix;
  readonly range: FrameRange;
}

/** One of the places that a window is put in, see `placesIn`. */
interface PlacedWindow extends WindowOfFrames {
  readonly place: number;
}

/** What goes through the network at once at least, where there is so much: tens of milliseconds of work on a CPU. */
const BATCH = 4;

/** Runs windows through a model's network. */
export class WindowRunner {
  readonly #model: TrainedModel;
  readonly #normalizer: Normalizer;
  /** [bins], one normalised frame. */
  readonly #silence: Float32Array;
  #input = new Float32Array(0);

  /** @param model a network and its settings */
  constructor(model: TrainedModel) {
    this.#model = model;
    this.#normalizer = Normalizer.fromJSON(model.settings.normalizer);
    const { bins } = this.#normalizer;
    this.#silence = this.#normalizer.apply({ values: silenceOf(model), frames: 1, bins }).values;
  }

  /**
   * One batch: each window normalised, in the middle of silence where it is shorter than the model's; where the model averages those over
   * shifts, some batches with a turn for the host between them, and the mean of what the network gives.
   *
   * @param windows raw features of the model's kind, finite
   * @returns [labels] for each, not calibrated
   * @throws {Error} when the network's output is no probability
   */
  async run(windows: readonly WindowOfFrames[]): Promise<Float32Array[]> {
    const { labels } = this.#model.settings;
    const outputs = await this.values(windows);
    const odd = outputs.find((output) => output.length !== labels.length || !areProbabilities(output));
    if (!odd) return outputs;
    throw new Error(
      `Cannot predict: the network must give ${labels.length} probabilities, ` +
        `got [${Array.from(odd.subarray(0, labels.length)).join(', ')}] on backend ${tf.getBackend()}`,
    );
  }

  /**
   * The same through a network that gives something else than probabilities.
   *
   * @returns what it gives for each window
   */
  async values(windows: readonly WindowOfFrames[]): Promise<Float32Array[]> {
    const { frames, shifts = 1 } = this.#model.settings.window;
    const placed = windows.map((window): PlacedWindow[] => {
      const { startFrame, endFrame } = window.range;
      return placesIn(frames, endFrame - startFrame, shifts).map((place) => ({ ...window, place }));
    });
    const all = placed.flat();
    const atOnce = Math.max(windows.length, BATCH);
    const outputs: Float32Array[] = [];
    for (let start = 0; start < all.length; start += atOnce) {
      if (start > 0) await nextTask();
      outputs.push(...(await this.#batch(all.slice(start, start + atOnce))));
    }
    let next = 0;
    return placed.map(({ length }) => {
      next += length;
      return meanOf(outputs.slice(next - length, next));
    });
  }

  async #batch(windows: readonly PlacedWindow[]): Promise<Float32Array[]> {
    const size = this.#model.settings.window.frames * this.#normalizer.bins;
    if (this.#input.length < windows.length * size) this.#input = new Float32Array(windows.length * size);
    windows.forEach(({ matrix, range, place }, i) => {
      const target = this.#input.subarray(i * size, (i + 1) * size);
      fillWindow(matrix, range, this.#normalizer, this.#silence, target, place);
    });
    const output = await run(this.#model, this.#input, windows.length);
    const width = output.length / windows.length;
    return windows.map((_, i) => output.subarray(i * width, (i + 1) * width));
  }
}

/** The mean of vectors; a single one as it is. */
function meanOf([first, ...others]: readonly Float32Array[]): Float32Array {
  if (others.length === 0) return first!;
  return first!.map((value, i) => others.reduce((sum, other) => sum + other[i]!, value) / (others.length + 1));
}

/** One batch through the network: [count, frames, bins] → [count × outputs]. */
async function run({ network, settings }: TrainedModel, input: Float32Array, count: number): Promise<Float32Array> {
  const { frames } = settings.window;
  const bins = settings.normalizer.mean.length;
  const shape = network.inputs[0]?.shape.length === 3 ? [count, frames, bins] : [count, frames, bins, 1];
  const forward = () => {
    const batch = tf.tensor(input.subarray(0, count * frames * bins), shape); // [count, frames, bins, 1]
    return network.predict(batch, { batchSize: count }) as tf.Tensor; // [count, outputs]
  };
  const output = tf.tidy(() => orNetworkError(() => onBackend(forward)));
  return output.data().finally(() => output.dispose()) as Promise<Float32Array>;
}

/** Marks errors of the network's layers as such; errors of this library stay as they are. */
function orNetworkError<T>(forward: () => T): T {
  try {
    return forward();
  } catch (cause) {
    const { message } = cause as Error;
    throw message.startsWith('Cannot ') ? cause : new Error(`Cannot predict: the network fails: ${message}`, { cause });
  }
}

/** Whether none is below 0, nor all of them 0, as those from a graphics card that has lost its context. */
function areProbabilities(values: Float32Array): boolean {
  return values.every((value) => value >= 0 && value < Infinity) && values.some((value) => value > 0);
}

/** Features of silence, computed once for each settings object. */
function silenceOf({ settings }: TrainedModel): Float32Array {
  let silence = silences.get(settings);
  if (!silence) {
    silence = new FeatureExtractor(settings.features).silence;
    silences.set(settings, silence);
  }
  return silence;
}

const silences = new WeakMap<object, Float32Array>();
