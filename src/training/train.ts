// network + ExampleSet → TrainedModel

import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TrainingError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { calibrate } from '../evaluation/calibrate.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { backpropagate } from './backpropagate.ts';
import { CheckpointKeeper } from './checkpointKeeper.ts';
import { endEpoch } from './endEpoch.ts';
import { openRun, type Run } from './run.ts';
import { learningRateAt } from './schedule.ts';
import type { TrainOptions } from './trainOptions.ts';
import type { TrainReport } from './trainReport.ts';

/**
 * Trains a network on examples.
 *
 * Everything random follows from `seed`: two runs with the same network, data and options end in the same weights, bit for bit on
 * the `cpu` backend, and so does a run that was killed and resumed from its checkpoint. Between steps it yields to the host, so a page
 * or a server stays responsive.
 *
 * A run resumes from its checkpoint where options, data, layers and the network's initial weights are the same: with a network built
 * again from the same seed, in any process; with the network that an aborted or failed run in this process left, as it left it; or, while
 * the run is not finished, with one whose weights are the checkpoint's.
 *
 * @param network [batch, frames, bins, 1] (or without the last axis) → [batch, labels], probabilities. It is trained in
 *   place, stays the caller's to dispose, and becomes the network of the returned model
 * @param data what to train on; the normaliser is fitted on its clips as they are
 * @throws {RangeError | TypeError} when an option is wrong, the network does not fit the data, is disposed or in another training, a
 *   clip is invalid (an unknown label, no frames, features that are not finite, a name that comes twice), or a clip of the validation
 *   set is trained on
 * @throws {TrainingError} when the loss or a gradient is not finite (the network is unusable then), or the checkpoint is
 *   damaged, of another run or another version of this library
 * @throws {BackendError} when the backend's memory is full, or it has crashed
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
  const run = await openRun(network, data, options);
  try {
    return await trainEpochs(run);
  } finally {
    run.close();
  }
}

/** The loop over epochs and their steps, resumed from the checkpoint if there is one. */
async function trainEpochs(run: Run): Promise<TrainReport> {
  const { model, trainee, batches, resolved, options } = run;
  const { checkpoint, validation, signal } = options;
  const keeper = checkpoint && new CheckpointKeeper(run, checkpoint);
  try {
    await keeper?.resume();
    const { state } = trainee;
    while (state.epoch < resolved.epochs && !state.stopped) {
      while (state.batch < batches.count) {
        await step(run);
        await keeper?.afterBatch();
        await nextTask(); // yields to the host
        signal?.throwIfAborted();
      }
      await endEpoch(run);
      await keeper?.afterEpoch();
    }
    trainee.finish();
    return {
      model: validation ? await calibrate(model, validation, { signal }) : model,
      history: state.history,
      bestEpoch: state.bestEpoch || state.epoch,
      stoppedEarly: state.stopped && state.epoch < resolved.epochs,
    };
  } catch (error) {
    // The signal stops nothing within a step, so the state is that of a whole number of steps.
    await keeper?.leave(signal?.aborted === true && error === signal.reason);
    throw error;
  }
}

/** One batch: forward, backward, and an update of the weights. */
async function step({ trainee, batches, resolved, options }: Run): Promise<void> {
  const { state } = trainee;
  const { epochs, schedule, clipNorm } = resolved;
  const position = { epoch: state.epoch + 1, epochs, batch: state.batch + 1, batches: batches.count };
  const learningRate = learningRateAt(schedule, resolved.learningRate, state.step, epochs * batches.count);
  const batch = batches.assemble(state.epoch, state.batch);
  const { loss, norm, gradients } = await backpropagate(trainee, batch);
  try {
    // Before the update, so that what is not finite never gets into the weights.
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      throw new TrainingError(
        `Cannot go on training: the loss is ${loss} and the gradients' norm ${norm} at epoch ${position.epoch}, ` +
          `batch ${position.batch}, learning rate ${learningRate}`,
      );
    }
    const clip = clipNorm !== false && norm > clipNorm ? clipNorm / norm : 1;
    trainee.update(gradients, learningRate, clip);
  } finally {
    tf.dispose(gradients);
  }
  state.step++;
  state.batch++;
  state.lossSum += loss * batch.size;
  options.onProgress?.({ type: 'batch', ...position, loss, learningRate, gradientNorm: norm });
}
