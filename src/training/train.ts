// network + ExampleSet → TrainedModel

import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { TrainingError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { calibrate } from '../evaluation/calibrate.ts';
import type { LabelledPrediction } from '../evaluation/labelledPrediction.ts';
import { predictExamples } from '../evaluation/labelledPredictions.ts';
import { confusionMatrix, negativeLogLikelihood, unweightedAverageRecall } from '../evaluation/metrics.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import { Normalizer } from '../features/normalizer.ts';
import { ensureKernels } from '../kernels/stockKernels.ts';
import { freeingTape } from '../kernels/tfjs/tape.ts';
import { onBackend } from '../kernels/wasmGuard.ts';
import { constrainWeights } from '../layers/constraints.ts';
import { setTrainingStep } from '../layers/trainingStep.ts';
import { requireBackend } from '../model/backend.ts';
import { allOrNothing } from '../model/madeTensors.ts';
import { faultOf, type TrainedModel } from '../model/trainedModel.ts';
import { tensorsOf, valuesOf } from '../model/weights.ts';
import type { AuxiliaryHeads } from './auxiliaryHeads.ts';
import { type Batch, Batches } from './batches.ts';
import { CheckpointKeeper } from './checkpointKeeper.ts';
import { claimWeights } from './claimWeights.ts';
import type { Ema } from './ema.ts';
import { newModelSettings } from './newModelSettings.ts';
import { globalNorm } from './optimizer.ts';
import { resolveTrainOptions } from './resolveTrainOptions.ts';
import { learningRateAt } from './schedule.ts';
import { Trainee } from './trainee.ts';
import type { ResolvedTrainOptions, TrainOptions } from './trainOptions.ts';
import type { EpochRecord, TrainReport, ValidationRecord } from './trainReport.ts';

/**
 * Trains a network on examples.
 *
 * Everything random follows from `seed`: two runs with the same network, data and options end in the same weights, bit for
 * bit on the `cpu` backend, and so does a run that was killed and went on from its checkpoint. Between steps the host gets a
 * turn, so a page or a server stays responsive.
 *
 * A checkpoint is gone on from where options, data, layers and the network's first weights are those of its run: by a network built
 * anew with the same seed, in any process; by the one that an aborted or failed run in this process left, as it left it; or, where the
 * run is not over, by one whose weights are the checkpoint's.
 *
 * @param network [batch, frames, bins, 1] (or without the last axis) → [batch, labels], probabilities. It is trained in
 *   place, stays the caller's to dispose, and becomes the network of the returned model
 * @param data what to train on; the normaliser is fitted on its clips as they are
 * @throws {RangeError | TypeError} when an option is wrong, the network does not fit the data, is disposed or in another training, a
 *   clip is none (an unknown label, no frames, features that are not finite, a name that comes twice), or a clip of the validation set
 *   is trained on
 * @throws {TrainingError} when the loss or a gradient is not finite (the network is of no use then), or the checkpoint is
 *   damaged, of another run or another version of this library
 * @throws {BackendError} when the backend's memory is full, or it has fallen over
 * @throws {Error} when no tfjs backend is registered
 * @throws the signal's reason when it aborts; the network is then as the last step left it
 *
 * @example
 * ```ts
 * const network = buildCnnLstm({ seed: 1 });
 * const { model } = await train(network, examples, { epochs: 60, onProgress: (event) => report(event) });
 * ```
 */
export async function train(network: LayersModel, data: ExampleSet, options: TrainOptions = {}): Promise<TrainReport> {
  const resolved = resolveTrainOptions(data, options);
  options.signal?.throwIfAborted();
  await requireBackend('train');
  ensureKernels();
  const normalizer = Normalizer.fit(data.examples.map(({ variants }) => variants[0]!));
  const model: TrainedModel = { network, settings: newModelSettings(data, resolved, normalizer, options) };
  const fault = faultOf(model);
  if (fault) throw new RangeError(`Cannot train: ${fault}`);

  const release = claimWeights(network);
  try {
    const silence = new FeatureExtractor(data.features).silence;
    const batches = new Batches(data, resolved, normalizer, silence, options.teacher?.probabilities);
    const trainee = allOrNothing(() => new Trainee(network, resolved));
    try {
      return await run({ model, data, trainee, batches, resolved, options });
    } finally {
      trainee.dispose();
    }
  } finally {
    release();
  }
}

/** What the steps of a run share. */
interface Run {
  readonly model: TrainedModel;
  readonly data: ExampleSet;
  readonly trainee: Trainee;
  readonly batches: Batches;
  readonly resolved: ResolvedTrainOptions;
  readonly options: TrainOptions;
}

/** Begins, or goes on from a checkpoint; and however it ends, leaves what it takes to go on. */
async function run({ batches, ...own }: Run): Promise<TrainReport> {
  const { checkpoint, signal } = own.options;
  const keeper = checkpoint && new CheckpointKeeper({ ...own, batches: batches.count }, checkpoint);
  try {
    await keeper?.resume();
    return await toTheEnd({ batches, ...own }, keeper);
  } catch (error) {
    // The signal stops nothing within a step, so the state is that of a whole number of steps.
    await keeper?.leave(signal?.aborted === true && error === signal.reason);
    throw error;
  }
}

/** Steps and epochs up to the last; then the network gets the weights that count. */
async function toTheEnd(own: Run, keeper: CheckpointKeeper | undefined): Promise<TrainReport> {
  const { model, trainee, batches, resolved, options } = own;
  const { validation, signal } = options;
  const { state } = trainee;
  while (state.epoch < resolved.epochs && !state.stopped) {
    while (state.batch < batches.count) {
      await step(own);
      await keeper?.afterBatch();
      await nextTask();
      signal?.throwIfAborted();
    }
    await endEpoch(own);
    await keeper?.afterEpoch();
  }
  trainee.finish();
  return {
    model: validation ? await calibrate(model, validation, { signal }) : model,
    history: state.history,
    bestEpoch: state.bestEpoch || state.epoch,
    stoppedEarly: state.stopped && state.epoch < resolved.epochs,
  };
}

/** One batch: forward, backward, and the weights moved. */
async function step({ trainee, batches, resolved, options }: Run): Promise<void> {
  const { network, heads, trained, optimizer, average, state } = trainee;
  const { epochs, clipNorm } = resolved;
  const batch = batches.assemble(state.epoch, state.batch);
  const steps = epochs * batches.count;
  const learningRate = learningRateAt(resolved.schedule, resolved.learningRate, state.step, steps);
  setTrainingStep(network, state.step);
  const { loss, gradientNorm, gradients } = await backpropagate(network, heads, trained, batch);
  try {
    const position = { epoch: state.epoch + 1, epochs, batch: state.batch + 1, batches: batches.count };
    // Looked at before the update, so that what is not finite never gets into the weights.
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new TrainingError(
        `Cannot go on training: the loss is ${loss} and the gradients' norm ${gradientNorm} at epoch ` +
          `${position.epoch}, batch ${position.batch}, learning rate ${learningRate}`,
      );
    }
    const clip = clipNorm !== false && gradientNorm > clipNorm ? clipNorm / gradientNorm : 1;
    onBackend(() => {
      optimizer.apply(gradients, learningRate, clip);
      constrainWeights(network);
      average?.update(optimizer.step);
    });
    state.step++;
    state.batch++;
    state.lossSum += loss * batch.size;
    options.onProgress?.({ type: 'batch', ...position, loss, learningRate, gradientNorm });
  } finally {
    tf.dispose(gradients);
  }
}

/** Validates, where there is something to validate on, and looks whether that was the best epoch, and the last. */
async function endEpoch({ model, trainee, data, resolved, options }: Run): Promise<void> {
  const { epochs, chooseBy, patience } = resolved;
  const { validation, onProgress, signal } = options;
  const { state } = trainee;
  const validated = validation && (await validate(model, validation, trainee.average, signal));
  const epoch = state.epoch + 1;
  const loss = state.lossSum / data.examples.length;
  const record: EpochRecord = { epoch, loss, ...(validated && { validation: validated.record }) };
  const isBest =
    validated !== undefined && isBetter(validated.record, state.history[state.bestEpoch - 1]?.validation, chooseBy);
  if (isBest) {
    state.bestEpoch = epoch;
    trainee.best = validated.weights;
  }
  state.history.push(record);
  state.epoch = epoch;
  state.batch = 0;
  state.lossSum = 0;
  state.stopped = patience !== false && epoch - state.bestEpoch >= patience;
  const predictions = validated && { predictions: validated.predictions };
  onProgress?.({ type: 'epoch', epoch, epochs, record, best: isBest, ...predictions });
}

/** Forward and backward through the network; the gradients are the caller's to dispose. */
async function backpropagate(
  network: LayersModel,
  heads: AuxiliaryHeads,
  trained: readonly LayerVariable[],
  { size, frames, bins, width, inputs, targets }: Batch,
): Promise<{ loss: number; gradientNorm: number; gradients: tf.NamedTensorMap }> {
  const shape = [size, frames, bins, 1].slice(0, network.inputs[0]!.shape.length);
  const forwardAndBack = () => {
    const x = tf.tensor(inputs, shape); // [batch, frames, bins, 1]
    const t = tf.tensor2d(targets, [size, width]); // [batch, labels and auxiliary values]
    const { value, grads } = tf.variableGrads(() => heads.loss(x, t), tensorsOf(trained));
    return { figures: tf.stack([value, globalNorm(grads)]), gradients: grads };
  };
  const { figures, gradients } = freeingTape(() => tf.tidy(() => onBackend(forwardAndBack)));
  try {
    const [loss, gradientNorm] = await figures.data();
    return { loss: loss!, gradientNorm: gradientNorm!, gradients };
  } catch (error) {
    tf.dispose(gradients);
    throw error;
  } finally {
    figures.dispose();
  }
}

/** What the weights, averaged where there is averaging, say and do on the validation set, and a copy of them. */
async function validate(
  model: TrainedModel,
  validation: ExampleSet,
  average: Ema | undefined,
  signal: AbortSignal | undefined,
): Promise<{ record: ValidationRecord; predictions: LabelledPrediction[]; weights: Float32Array[] }> {
  average?.swapIn();
  try {
    const predictions = await predictExamples(model, validation, { signal });
    const uar = unweightedAverageRecall(confusionMatrix(predictions, validation.labels.length));
    const weights = await valuesOf(tensorsOf(model.network.weights));
    return { record: { uar, loss: negativeLogLikelihood(predictions) }, predictions, weights };
  } finally {
    average?.swapOut();
  }
}

function isBetter(
  { uar, loss }: ValidationRecord,
  best: ValidationRecord | undefined,
  chooseBy: 'uar' | 'loss',
): boolean {
  if (!best) return true;
  if (chooseBy === 'loss' || uar === best.uar) return loss < best.loss;
  return uar > best.uar;
}
