// [frames, bins] → calibrated probabilities, for training and serving alike

import * as tf from '@tensorflow/tfjs-core';
import { checkInteger, checkNothingElse, checkObject, checkOptions } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { Normalizer } from '../features/normalizer.ts';
import { onBackend } from '../kernels/wasmGuard.ts';
import { requireBackend } from './backend.ts';
import type { TrainedModel } from './trainedModel.ts';
import { type FrameRange, fillWindow, layOutWindows } from './windows.ts';

/** Options of {@link predict}; none of them changes the result. */
export interface PredictOptions {
  /**
   * Windows that go through the network at once.
   * @default 4: tens of milliseconds of work on a CPU, after which the host gets a turn; more is hardly faster there
   */
  batchSize?: number | undefined;
  /** Aborts between batches; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called with each matrix's prediction as soon as it is known, in order. */
  onPrediction?: ((prediction: Prediction, index: number) => void) | undefined;
}

/** The most windows at once; their input alone would take gigabytes. */
const MOST_WINDOWS = 65536;

/** Prediction for one matrix of features. */
export interface Prediction {
  /** [labels], sum 1: the windows' probabilities summed, scaled and calibrated. */
  readonly probabilities: Float32Array;
  /** The windows the matrix was cut into. */
  readonly windows: readonly WindowPrediction[];
}

/** Prediction for one window. */
export interface WindowPrediction extends FrameRange {
  /** [labels], sum 1, calibrated. */
  readonly probabilities: Float32Array;
}

/**
 * Runs matrices of raw features through a trained model.
 *
 * Each matrix is cut into windows of `settings.window`, a shorter one padded with silence on both sides; windows are
 * normalised and go through the network in batches; a matrix's window probabilities are summed and calibrated.
 *
 * @param model a network and its settings
 * @param matrices raw features as `settings.features` makes them, each [frames, bins]; not changed
 * @returns one prediction a matrix, in order
 * @throws {RangeError} when a matrix has other bins than the model or values that are not finite, or `batchSize` is not a
 *   positive integer
 * @throws {Error} when no tfjs backend is registered, or the network's output is no probability
 * @throws the signal's reason when it aborts
 */
export async function predict(
  model: TrainedModel,
  matrices: readonly FeatureMatrix[],
  options: PredictOptions = {},
): Promise<Prediction[]> {
  const { batchSize = 4, signal, onPrediction, ...others } = checkOptions('predict', options);
  checkNothingElse('predict', others);
  checkInteger('predict', 'batchSize', batchSize, 1, MOST_WINDOWS);
  checkObject('predict', 'model', model);
  checkObject('predict', 'settings', model.settings);
  const { labels, window, calibration } = model.settings;
  const normalizer = Normalizer.fromJSON(model.settings.normalizer);
  const { bins } = normalizer;
  const wrong = matrices.find((matrix) => matrix.bins !== bins);
  if (wrong) throw new RangeError(`Cannot predict: features must have ${bins} bins, got ${wrong.bins}`);
  // Max pooling loses NaN on some backends: the output would look like an answer.
  const odd = matrices.find(({ values }) => values.some(notFinite));
  if (odd) throw new RangeError(`Cannot predict: features must be finite, got ${odd.values.find(notFinite)}`);
  signal?.throwIfAborted();
  await requireBackend('predict');

  const silence = normalizer.apply({ values: silenceOf(model), frames: 1, bins }).values;
  const layouts = matrices.map((matrix) => layOutWindows(matrix.frames, window));
  const queue = layouts.flatMap((layout, index) => layout.map((range) => ({ index, range })));
  const input = new Float32Array(Math.min(batchSize, queue.length) * window.frames * bins);

  const predictions: Prediction[] = [];
  let raw: Float32Array[] = []; // of the matrix being worked on
  for (let start = 0; start < queue.length; start += batchSize) {
    await nextTask(); // so that a page stays responsive and an abort gets through, even between many short calls
    signal?.throwIfAborted();
    const batch = queue.slice(start, start + batchSize);
    batch.forEach(({ index, range }, i) => {
      const size = window.frames * bins;
      const target = input.subarray(i * size, (i + 1) * size);
      fillWindow(matrices[index] as FeatureMatrix, range, normalizer, silence, target);
    });
    const output = await run(model, input, batch.length);
    batch.forEach(({ index }, i) => {
      raw.push(output.subarray(i * labels.length, (i + 1) * labels.length));
      const layout = layouts[index] as FrameRange[];
      if (raw.length < layout.length) return;
      const prediction = combine(layout, raw, calibration.temperature);
      predictions.push(prediction);
      onPrediction?.(prediction, index);
      raw = [];
    });
  }
  signal?.throwIfAborted();
  return predictions;
}

/**
 * Calibrates probabilities: each to the power of 1 / temperature, scaled to sum 1; the softmax of logits / temperature.
 *
 * @param probabilities [labels], not negative, not all 0; they need not sum to 1
 * @param temperature above 0; above 1 evens the probabilities out, below 1 sharpens them
 * @returns [labels], sum 1
 * @see Guo et al. 2017, On Calibration of Modern Neural Networks
 */
export function applyTemperature(probabilities: ArrayLike<number>, temperature: number): Float32Array {
  const most = Math.max(...Array.from(probabilities)); // divided by first, or small powers may all underflow
  const powers = Array.from(probabilities, (probability) => (probability / most) ** (1 / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return Float32Array.from(powers, (power) => power / sum);
}

/** One batch through the network: [count, frames, bins] → [count × labels] probabilities. */
async function run({ network, settings }: TrainedModel, input: Float32Array, count: number): Promise<Float32Array> {
  const { frames } = settings.window;
  const bins = settings.normalizer.mean.length;
  const shape = network.inputs[0]?.shape.length === 3 ? [count, frames, bins] : [count, frames, bins, 1];
  const forward = () => {
    const batch = tf.tensor(input.subarray(0, count * frames * bins), shape); // [count, frames, bins, 1]
    return network.predict(batch, { batchSize: count }) as tf.Tensor; // [count, labels]
  };
  const output = tf.tidy(() => orNetworkError(() => onBackend(forward)));
  try {
    const values = (await output.data()) as Float32Array;
    if (values.length !== count * settings.labels.length || !areProbabilities(values, settings.labels.length)) {
      throw new Error(
        `Cannot predict: the network must give ${settings.labels.length} probabilities, ` +
          `got [${Array.from(values.subarray(0, settings.labels.length)).join(', ')}] on backend ${tf.getBackend()}`,
      );
    }
    return values;
  } finally {
    output.dispose();
  }
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

/** Whether none is below 0 and no window's are all 0, as those from a graphics card that has lost its context. */
function areProbabilities(values: Float32Array, labels: number): boolean {
  if (!values.every((value) => value >= 0 && value < Infinity)) return false;
  for (let start = 0; start < values.length; start += labels) {
    if (values.subarray(start, start + labels).every((value) => value === 0)) return false;
  }
  return true;
}

/** Sums windows' probabilities, as Lim et al. and the paper this library implements do with those of frames. */
function combine(layout: readonly FrameRange[], raw: readonly Float32Array[], temperature: number): Prediction {
  const sum = new Float64Array(raw[0]?.length ?? 0);
  for (const probabilities of raw) {
    for (let label = 0; label < sum.length; label++) sum[label]! += probabilities[label]!;
  }
  return {
    probabilities: applyTemperature(sum, temperature),
    windows: layout.map((range, i) => ({
      ...range,
      probabilities: applyTemperature(raw[i] as Float32Array, temperature),
    })),
  };
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

function notFinite(value: number): boolean {
  return !Number.isFinite(value);
}
