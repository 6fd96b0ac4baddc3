// an epoch's weights → its record, whether they are the best so far, and whether to stop

import type { LabelledPrediction } from '../evaluation/labelledPrediction.ts';
import { predictExamples } from '../evaluation/labelledPredictions.ts';
import { confusionMatrix, negativeLogLikelihood, unweightedAverageRecall } from '../evaluation/metrics.ts';
import { among } from '../evaluation/restrictPredictions.ts';
import type { ExampleSet } from '../exampleSet/exampleSet.ts';
import { tensorsOf, valuesOf } from '../model/weights.ts';
import { epochsBefore, epochsOf } from './phases.ts';
import type { Run } from './run.ts';
import type { EpochRecord, ValidationRecord } from './trainReport.ts';

/** Validates where there is a validation set, keeps the weights of the best epoch, and moves the state on to the next epoch. */
export async function endEpoch(run: Run): Promise<void> {
  const { trainee, data, resolved, options } = run;
  const { chooseBy, patience } = resolved;
  const { state } = trainee;
  const epoch = state.epoch + 1;
  const judge = epoch > epochsBefore(resolved) ? options.validation : undefined;
  const validated = judge && (await validate(run, judge));
  const record: EpochRecord = {
    epoch,
    loss: state.lossSum / data.examples.length,
    ...(validated && { validation: validated.record }),
  };
  const best = state.history[state.bestEpoch - 1]?.validation;
  const isBest = validated !== undefined && isBetter(validated.record, best, chooseBy);
  if (isBest) {
    state.bestEpoch = epoch;
    trainee.best = validated.weights;
  }
  state.history.push(record);
  state.epoch = epoch;
  state.batch = 0;
  state.lossSum = 0;
  state.stopped = patience !== false && state.bestEpoch > 0 && epoch - state.bestEpoch >= patience;
  const predictions = validated && { predictions: validated.predictions };
  options.onProgress?.({ type: 'epoch', epoch, epochs: epochsOf(resolved), record, best: isBest, ...predictions });
}

interface Validated {
  readonly record: ValidationRecord;
  readonly predictions: readonly LabelledPrediction[];
  /** A copy of all weights of the network. */
  readonly weights: readonly Float32Array[];
}

/** Predicts the validation set with the weights or, where there is an EMA, with that; each clip among the labels it was asked for. */
async function validate({ model, trainee, options }: Run, validation: ExampleSet): Promise<Validated> {
  trainee.ema?.swapIn();
  try {
    const open = await predictExamples(model, validation, { signal: options.signal });
    const predictions = open.map((clip, i) => {
      const { asked } = validation.examples[i]!;
      return asked ? { ...clip, probabilities: among(clip.probabilities, asked) } : clip;
    });
    const uar = unweightedAverageRecall(confusionMatrix(predictions, validation.labels.length));
    const weights = await valuesOf(tensorsOf(model.network.weights));
    return { record: { uar, loss: negativeLogLikelihood(predictions) }, predictions, weights };
  } finally {
    trainee.ema?.swapOut();
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
