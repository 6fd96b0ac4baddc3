// [frames, bins] → calibrated probabilities, for training and serving alike

import { checkInteger, checkNothingElse, checkObject, checkOptions } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { Normalizer } from '../features/normalizer.ts';
import { requireBackend } from './backend.ts';
import type { TrainedModel } from './trainedModel.ts';
import { WindowRunner } from './windowRunner.ts';
import { type FrameRange, layOutWindows } from './windows.ts';

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
  const { window, calibration } = model.settings;
  const { bins } = Normalizer.fromJSON(model.settings.normalizer);
  const wrong = matrices.find((matrix) => matrix.bins !== bins);
  if (wrong) throw new RangeError(`Cannot predict: features must have ${bins} bins, got ${wrong.bins}`);
  // Max pooling loses NaN on some backends: the output would look like an answer.
  const odd = matrices.find(({ values }) => firstOdd(values) !== undefined);
  if (odd) throw new RangeError(`Cannot predict: features must be finite, got ${firstOdd(odd.values)}`);
  signal?.throwIfAborted();
  await requireBackend('predict');

  const runner = new WindowRunner(model);
  const layouts = matrices.map((matrix) => layOutWindows(matrix.frames, window));
  const queue = layouts.flatMap((layout, index) => layout.map((range) => ({ matrix: matrices[index]!, index, range })));

  const predictions: Prediction[] = [];
  let raw: Float32Array[] = []; // of the matrix being worked on
  for (let start = 0; start < queue.length; start += batchSize) {
    await nextTask(); // so that a page stays responsive and an abort gets through, even between many short calls
    signal?.throwIfAborted();
    const batch = queue.slice(start, start + batchSize);
    const outputs = await runner.run(batch);
    batch.forEach(({ index }, i) => {
      raw.push(outputs[i]!);
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

/** The most that windows' features have to be held for at once: tens of milliseconds of work on a CPU. */
const BATCH = 4;

/**
 * The probabilities of one recording of any length: what {@link predict} gives of all its frames.
 *
 * @param windows the recording's frames, cut by `layOutWindows`, as they come
 * @param options `onWindow` is called with each window that is done
 * @returns [labels], sum 1, calibrated; undefined where there are no windows
 * @throws as {@link predict}
 */
export async function predictWhole<W extends FeatureMatrix>(
  model: TrainedModel,
  windows: AsyncIterable<W>,
  { signal, onWindow }: Pick<PredictOptions, 'signal'> & { readonly onWindow?: ((window: W) => void) | undefined },
): Promise<Float32Array | undefined> {
  await requireBackend('predict');
  const { labels, calibration } = model.settings;
  const runner = new WindowRunner(model);
  const sum = new Float64Array(labels.length);
  let count = 0;
  let batch: W[] = [];
  const runBatch = async () => {
    const done = batch;
    batch = [];
    await nextTask();
    signal?.throwIfAborted();
    const outputs = await runner.run(
      done.map((matrix) => ({ matrix, range: { startFrame: 0, endFrame: matrix.frames } })),
    );
    for (const probabilities of outputs) add(sum, probabilities);
    count += done.length;
    for (const window of done) onWindow?.(window);
  };
  for await (const window of windows) {
    batch.push(window);
    if (batch.length === BATCH) await runBatch();
  }
  if (batch.length > 0) await runBatch();
  return count > 0 ? applyTemperature(sum, calibration.temperature) : undefined;
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

/** Sums windows' probabilities, as Lim et al. and the paper this library implements do with those of frames. */
function combine(layout: readonly FrameRange[], raw: readonly Float32Array[], temperature: number): Prediction {
  const sum = new Float64Array(raw[0]?.length ?? 0);
  for (const probabilities of raw) add(sum, probabilities);
  return {
    probabilities: applyTemperature(sum, temperature),
    windows: layout.map((range, i) => ({
      ...range,
      probabilities: applyTemperature(raw[i] as Float32Array, temperature),
    })),
  };
}

function add(sum: Float64Array, probabilities: Float32Array): void {
  for (let label = 0; label < sum.length; label++) sum[label]! += probabilities[label]!;
}

/** The first number that is NaN or infinite. */
function firstOdd(values: Float32Array): number | undefined {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return values[i];
  return undefined;
}
