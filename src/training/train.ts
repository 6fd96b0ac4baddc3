// network + ExampleSet → TrainedModel

import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { TrainingError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { FeatureExtractor } from '../features/featureExtractor.ts';
import { Normalizer } from '../features/normalizer.ts';
import { activeTape } from '../kernels/operation.ts';
import { ensureKernels } from '../kernels/stockKernels.ts';
import { constrainWeights } from '../layers/constraints.ts';
import { setTrainingStep } from '../layers/trainingStep.ts';
import { requireBackend } from '../model/backend.ts';
import { faultOf, type TrainedModel } from '../model/trainedModel.ts';
import { AuxiliaryHeads } from './auxiliaryHeads.ts';
import { type Batch, Batches } from './batches.ts';
import { calibrate } from './calibrate.ts';
import { checkpointFromBytes, checkpointToBytes, firstState } from './checkpoint.ts';
import type { ExampleSet } from './examples.ts';
import { fingerprintOf } from './fingerprint.ts';
import { predictExamples } from './labelledPredictions.ts';
import { confusionMatrix, type LabelledPrediction, negativeLogLikelihood, unweightedAverageRecall } from './metrics.ts';
import { newModelSettings } from './newModelSettings.ts';
import { AdamW, globalNorm } from './optimizer.ts';
import { resolveTrainOptions } from './resolveTrainOptions.ts';
import { learningRateAt } from './schedule.ts';
import type { TrainOptions } from './trainOptions.ts';
import type { EpochRecord, TrainReport, ValidationRecord } from './trainReport.ts';
import { WeightAverage } from './weightAverage.ts';
import { assignValues, tensorsOf, valuesOf } from './weights.ts';

/**
 * Trains a network on examples.
 *
 * Everything random follows from `seed`: two runs with the same network, data and options end in the same weights, bit for
 * bit on the `cpu` backend, and so does a run that was killed and went on from its checkpoint. Between steps the host gets a
 * turn, so a page or a server stays responsive.
 *
 * @param network [batch, frames, bins, 1] (or without the last axis) → [batch, labels], probabilities. It is trained in
 *   place, stays the caller's to dispose, and becomes the network of the returned model
 * @param data what to train on; the normaliser is fitted on its clips as they are
 * @throws {RangeError | TypeError} when an option is wrong, the network does not fit the data, or a clip of the validation
 *   set is trained on
 * @throws {TrainingError} when the loss or a gradient is not finite (the network is of no use then), or the checkpoint is
 *   damaged or of another run
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
  const { validation, teacher, checkpoint, onProgress, signal } = options;
  const resolved = resolveTrainOptions(data, options);
  const { epochs, averaging, clipNorm, weightDecay, chooseBy, patience } = resolved;
  signal?.throwIfAborted();
  await requireBackend('train');
  ensureKernels();
  const normalizer = Normalizer.fit(data.examples.map(({ variants }) => variants[0]!));
  const model: TrainedModel = { network, settings: newModelSettings(data, resolved, normalizer, options) };
  const fault = faultOf(model);
  if (fault) throw new RangeError(`Cannot train: ${fault}`);

  const silence = new FeatureExtractor(data.features).silence;
  const batches = new Batches(data, resolved, normalizer, silence, teacher?.probabilities);
  const steps = epochs * batches.count;
  let state = firstState(fingerprintOf(network, resolved, data, options));
  let best: Float32Array[] = []; // the weights of state.bestEpoch
  const heads = new AuxiliaryHeads(network, resolved.auxiliary, resolved.seed);
  const trained = [...network.trainableWeights, ...heads.weights];
  const optimizer = new AdamW(trained, { weightDecay });
  const average = averaging === false ? undefined : new WeightAverage(network.weights, averaging);

  const save = async () => {
    if (!checkpoint) return;
    const weights = await valuesOf(tensorsOf([...network.weights, ...heads.weights]));
    const moments = await valuesOf(optimizer.moments());
    const averages = await valuesOf(average?.averages() ?? []);
    await checkpoint.store.save(checkpointToBytes({ state, weights, moments, averages, best }));
    onProgress?.({ type: 'checkpoint', epochs: state.epoch, batches: state.batch });
  };

  try {
    const saved = await checkpoint?.store.load();
    if (saved) {
      const found = checkpointFromBytes(saved, state.fingerprint);
      assignValues([...network.weights, ...heads.weights], found.weights);
      optimizer.restore(found.state.step, found.moments);
      average?.restore(found.averages);
      best = found.best;
      state = found.state;
      onProgress?.({ type: 'resume', epochs: state.epoch, batches: state.batch, history: [...state.history] });
    }

    while (state.epoch < epochs && !state.stopped) {
      while (state.batch < batches.count) {
        const batch = batches.assemble(state.epoch, state.batch);
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
          optimizer.apply(gradients, learningRate, clip);
          constrainWeights(network);
          average?.update(optimizer.step);
          state.step++;
          state.batch++;
          state.lossSum += loss * batch.size;
          onProgress?.({ type: 'batch', ...position, loss, learningRate, gradientNorm });
        } finally {
          tf.dispose(gradients);
        }
        if (checkpoint?.everyBatches && state.batch % checkpoint.everyBatches === 0) await save();
        await nextTask();
        signal?.throwIfAborted();
      }

      const validated = validation && (await validate(model, validation, average, signal));
      const epoch = state.epoch + 1;
      const loss = state.lossSum / data.examples.length;
      const record: EpochRecord = { epoch, loss, ...(validated && { validation: validated.record }) };
      const isBest =
        validated !== undefined && isBetter(validated.record, state.history[state.bestEpoch - 1]?.validation, chooseBy);
      if (isBest) {
        state.bestEpoch = epoch;
        best = validated.weights;
      }
      state.history.push(record);
      state.epoch = epoch;
      state.batch = 0;
      state.lossSum = 0;
      state.stopped = patience !== false && epoch - state.bestEpoch >= patience;
      const predictions = validated && { predictions: validated.predictions };
      onProgress?.({ type: 'epoch', epoch, epochs, record, best: isBest, ...predictions });
      const isLast = epoch === epochs || state.stopped;
      if (isLast || epoch % (checkpoint?.everyEpochs ?? 1) === 0) await save();
    }

    if (best.length > 0) assignValues(network.weights, best);
    else average?.moveIn();
    return {
      model: validation ? await calibrate(model, validation, { signal }) : model,
      history: state.history,
      bestEpoch: state.bestEpoch || state.epoch,
      stoppedEarly: state.stopped && state.epoch < epochs,
    };
  } catch (error) {
    // The signal stops nothing within a step, so the state is that of a whole number of steps.
    if (signal?.aborted && error === signal.reason && checkpoint?.onAbort !== false) await save();
    throw error;
  } finally {
    optimizer.dispose();
    average?.dispose();
    heads.dispose();
  }
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
  const { figures, gradients } = freeingTheTape(() => tf.tidy(forwardAndBack));
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

/** Tfjs frees what a forward pass saved for the backward pass only at the end of that: not where a layer throws in between. */
function freeingTheTape<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    for (const { saved } of activeTape() ?? []) tf.dispose(saved ?? []);
    (tf.engine().state as unknown as { activeTape: null }).activeTape = null;
    throw error;
  }
}

/** What the weights, averaged where there is averaging, say and do on the validation set, and a copy of them. */
async function validate(
  model: TrainedModel,
  validation: ExampleSet,
  average: WeightAverage | undefined,
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
