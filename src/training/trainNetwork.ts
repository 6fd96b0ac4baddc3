// network + ExampleSet → TrainedModel, epoch by epoch

import type { LayersModel } from '@tensorflow/tfjs-layers';
import { TrainingError } from '../core/errors.ts';
import { nextTask } from '../core/nextTask.ts';
import { calibrate } from '../evaluation/calibrate.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { CheckpointKeeper } from './checkpointKeeper.ts';
import { endEpoch } from './endEpoch.ts';
import { epochsOf, type PreparedPhase, phaseAt } from './phases.ts';
import { openRun, type Run, type Start } from './run.ts';
import { learningRateAt } from './schedule.ts';
import { type Steps, stepsHere } from './steps.ts';
import { stepsInThreads } from './threads/stepsInThreads.ts';
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
  const { checkpoint, validation, threads, signal } = options;
  const keeper = checkpoint && new CheckpointKeeper(run, checkpoint);
  let steps: Steps | undefined;
  try {
    await keeper?.resume();
    const { state } = trainee;
    const epochs = epochsOf(resolved);
    steps = threads ? await stepsInThreads(run, threads) : stepsHere(run);
    while (state.epoch < epochs && !state.stopped) {
      const phase = phaseAt(phases, state.epoch);
      while (state.batch < phase.batches.count) {
        await step(run, phase, steps);
        if (keeper?.isDue()) {
          await steps.catchUp();
          await keeper.save();
        }
        await nextTask(); // yields to the host
        signal?.throwIfAborted();
      }
      await steps.catchUp();
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
    await steps?.catchUp().catch(() => {}); // where not even that works, the error before it counts
    await keeper?.leave(signal?.aborted === true && error === signal.reason);
    throw error;
  } finally {
    await steps?.close();
  }
}

/** One batch: forward, backward, and an update of the weights. */
async function step(
  { trainee, resolved, options }: Run,
  { before, resolved: { epochs, schedule, learningRate: highest }, batches: { count } }: PreparedPhase,
  steps: Steps,
): Promise<void> {
  const { state } = trainee;
  const position = { epoch: state.epoch + 1, epochs: epochsOf(resolved), batch: state.batch + 1, batches: count };
  const learningRate = learningRateAt(schedule, highest, state.step - before * count, epochs * count);
  const { epoch, batch, step } = state;
  const { loss, norm, clips } = await steps.take({ epoch, batch, step, learningRate });
  if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
    throw new TrainingError(
      `Cannot go on training: the loss is ${loss} and the gradients' norm ${norm} at epoch ${position.epoch}, ` +
        `batch ${position.batch}, learning rate ${learningRate}`,
    );
  }
  state.step++;
  state.batch++;
  state.lossSum += loss * clips;
  options.onProgress?.({ type: 'batch', ...position, loss, learningRate, gradientNorm: norm });
}
