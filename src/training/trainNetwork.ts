// network + ExampleSet → TrainedModel, epoch by epoch

import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TrainingError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { calibrate } from '../evaluation/calibrate.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { backpropagate } from './backpropagate.ts';
import { CheckpointKeeper } from './checkpointKeeper.ts';
import { endEpoch } from './endEpoch.ts';
import { epochsOf } from './phases.ts';
import { openRun, type Run, type Start } from './run.ts';
import { learningRateAt } from './schedule.ts';
import type { TrainOptions } from './trainOptions.ts';
import type { TrainReport } from './trainReport.ts';

/**
 * What `train` does, with its options.
 *
 * @param start what a network that was trained before begins with
 */
export async function trainNetwork(
  network: LayersModel,
  data: ExampleSet,
  options: TrainOptions,
  start?: Start,
): Promise<TrainReport> {
  const run = await openRun(network, data, options, start);
  try {
    return await trainEpochs(run);
  } finally {
    run.close();
  }
}

/** The loop over epochs and their steps, resumed from the checkpoint if there is one. */
async function trainEpochs(run: Run): Promise<TrainReport> {
  const { model, trainee, phases, resolved, options } = run;
  const { checkpoint, validation, signal } = options;
  const keeper = checkpoint && new CheckpointKeeper(run, checkpoint);
  try {
    await keeper?.resume();
    const { state } = trainee;
    const epochs = epochsOf(resolved);
    while (state.epoch < epochs && !state.stopped) {
      const phase = phases.findLast(({ before }) => before <= state.epoch)!;
      while (state.batch < phase.batches.count) {
        await step(run, phase);
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
      stoppedEarly: state.stopped && state.epoch < epochs,
    };
  } catch (error) {
    // The signal stops nothing within a step, so the state is that of a whole number of steps.
    await keeper?.leave(signal?.aborted === true && error === signal.reason);
    throw error;
  }
}

/** One batch: forward, backward, and an update of the weights. */
async function step(
  { trainee, resolved, options }: Run,
  { before, resolved: { epochs, schedule, learningRate: highest }, batches }: Run['phases'][number],
): Promise<void> {
  const { state } = trainee;
  const { clipNorm } = resolved;
  const { count } = batches;
  const position = { epoch: state.epoch + 1, epochs: epochsOf(resolved), batch: state.batch + 1, batches: count };
  const learningRate = learningRateAt(schedule, highest, state.step - before * count, epochs * count);
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
