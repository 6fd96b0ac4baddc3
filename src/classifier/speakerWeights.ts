// weights of a classifying layer + what it read in clips of one speaker → its weights for that speaker
//
// Two corrections of the logits, both affine in what the layer reads, so that both go into its weights:
//
// 1. From all clips, labelled or not: a voice that the model takes for, say, angry has logits for that label that are too high in every
//    clip. The labels are levelled; less so where there are few windows, or few of the labels seem to be among them: then it may be the
//    emotion that is heard, and not the voice.
// 2. From labelled clips: a softmax regression on what the layer reads, penalised so that it stays with the model where clips do not
//    speak against it. It ranges over the labels that were enrolled, so that it tells these apart better and does not draw clips of the
//    others to them: two neutral clips alone change nothing here. It is shrunk by leaving clips out: by what it says of each clip when
//    fitted on the others, where these have the clip's label.
//
// All constants were chosen on RAVDESS, by speakers of other folds than those that docs/personalising.md reports.

import type { ClassifyingWeights } from '../model/classifyingLayer.ts';
import { type LevellingConstants, levelling } from './levelling.ts';
import { logSoftmax, product, type SoftmaxProblem, softmax, softmaxRidge } from './softmaxRidge.ts';
import { addStandardised, standardisationOf, standardised } from './standardised.ts';

/** What the classifying layer read in a clip. */
export interface ClipEvidence {
  /** [features], mean over the clip's windows. */
  readonly features: Float32Array;
  /** For each window [labels], not calibrated. */
  readonly logits: readonly Float32Array[];
}

/** A clip of the speaker. */
export interface EnrolledClip extends ClipEvidence {
  /** Index of its label, undefined where that is not known. */
  readonly label: number | undefined;
}

/** What the fit takes beside the clips. */
export interface SpeakerFit {
  /** The model's own weights. */
  readonly weights: ClassifyingWeights;
  /** The model's: probabilities are softmax(logits / temperature). */
  readonly temperature: number;
  /** [labels], sum 1: the shares of the labels among the clips, where they are known. */
  readonly shares?: readonly number[] | undefined;
}

/** What was chosen beforehand, for all models and speakers alike. */
export interface SpeakerConstants extends LevellingConstants {
  /** Logits are divided by the temperature times this in the regression: what a model is sure of can be wrong for a voice. */
  readonly doubt: number;
  /** Variance beforehand of what is added to a label's logits in all clips. */
  readonly shiftVariance: number;
  /** And of what is linear in a clip's features, at the clips' usual distance from their mean. */
  readonly slopeVariance: number;
}

/** As `npm run personalise` has chosen them by all speakers. */
export const CONSTANTS: SpeakerConstants = {
  expectedWindows: 2,
  scaling: 1,
  doubt: 2,
  shiftVariance: 3,
  slopeVariance: 4,
};

/** Shares of the correction that leaving clips out weighs against each other. */
const SHARES = [0, 0.25, 0.5, 0.75, 1];
const TEMPERATURES = [1, 1.5, 2, 3, 5, 10, 100];
/** At most so many fits to leave clips out. */
const MOST_ROUNDS = 10;

/** The weights for one speaker; the model's own where there are no clips. */
export function speakerWeights(
  clips: readonly EnrolledClip[],
  { weights, temperature, shares }: SpeakerFit,
  constants: SpeakerConstants = CONSTANTS,
): ClassifyingWeights {
  if (clips.length === 0) return weights;
  const windows = clips.flatMap(({ logits }) => logits.map((own) => minusMean(own)));
  const { shift, scale } = levelling(windows, temperature, shares, constants);
  const labels = shift.length;
  const kernel = new Float64Array(weights.kernel.length);
  for (let at = 0; at < kernel.length; at += labels) {
    const row = minusMean(weights.kernel.subarray(at, at + labels));
    kernel.set(
      row.map((one, label) => scale[label]! * one),
      at,
    );
  }
  const bias = minusMean(weights.bias).map((one, label) => scale[label]! * (one + shift[label]!));
  const labelled = clips.filter((clip): clip is LabelledClip => clip.label !== undefined);
  correct({ kernel, bias }, labelled, temperature * constants.doubt, constants);
  return { kernel: Float32Array.from(kernel), bias: Float32Array.from(bias) };
}

type LabelledClip = ClipEvidence & { readonly label: number };

/**
 * Corrects weights by labelled clips: those of the labels that there are clips of, which are to be two at least.
 *
 * @param weights are changed
 * @param unit what logits are divided by
 */
function correct(
  { kernel, bias }: { readonly kernel: Float64Array; readonly bias: Float64Array },
  clips: readonly LabelledClip[],
  unit: number,
  { shiftVariance, slopeVariance }: SpeakerConstants,
): void {
  const known = [...new Set(clips.map(({ label }) => label))].sort((a, b) => a - b);
  if (known.length < 2) return;
  const how = standardisationOf(
    clips.map(({ features }) => features),
    slopeVariance,
    shiftVariance,
  );
  const problem: SoftmaxProblem = {
    features: clips.map(({ features }) => standardised(features, how)),
    offsets: clips.map(({ features }) => {
      const logits = product(features, kernel, bias.length);
      return Float64Array.from(known, (label) => (logits[label]! + bias[label]!) / unit);
    }),
    targets: clips.map(({ label }) => known.indexOf(label)),
  };
  const share = unit * shareToKeep(problem);
  const correction = softmaxRidge(problem); // [features + 1, known]
  known.forEach((label, column) => {
    addStandardised({ kernel, bias }, label, (row) => share * correction[row * known.length + column]!, how);
  });
}

/** Logits, or weights for them, minus their mean over the labels: the same to a softmax, and alike from window to window. */
function minusMean(values: Float32Array): Float64Array {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  return Float64Array.from(values, (one) => one - mean);
}

/**
 * The share of the correction to keep: the mean of some, by how likely each makes the labels of clips that were left out when it was
 * fitted. The first clips of all labels are left out, then the second, and so on. All of it where every label has one clip: nothing can
 * be left out then.
 */
function shareToKeep({ offsets, features, targets }: SoftmaxProblem): number {
  const seen = offsets[0]!.map(() => 0);
  const rounds = targets.map((label) => seen[label]!++ % MOST_ROUNDS);
  const leftOut: { readonly offset: Float64Array; readonly correction: Float64Array; readonly label: number }[] = [];
  for (const round of new Set(rounds)) {
    const isOut = (clip: number) => rounds[clip] === round && seen[targets[clip]!]! > 1;
    if (!targets.some((_, clip) => isOut(clip))) continue;
    const kept = <T>(all: readonly T[]) => all.filter((_, clip) => !isOut(clip));
    const weights = softmaxRidge({ offsets: kept(offsets), features: kept(features), targets: kept(targets) });
    targets.forEach((label, clip) => {
      if (!isOut(clip)) return;
      leftOut.push({ offset: offsets[clip]!, correction: product(features[clip]!, weights, seen.length), label });
    });
  }
  if (leftOut.length === 0) return 1;
  const likelihoods = SHARES.map((share) => {
    const logits = leftOut.map(({ offset, correction }) => offset.map((one, i) => one + share * correction[i]!));
    // Each at its own best temperature, since the correction would else pass for better where it is merely less sure.
    const likelihoodAt = (temperature: number) => {
      const cooled = logits.map((own) => own.map((one) => one / temperature));
      return cooled.reduce((sum, own, i) => sum + logSoftmax(own, leftOut[i]!.label), 0);
    };
    return Math.max(...TEMPERATURES.map(likelihoodAt));
  });
  return softmax(Float64Array.from(likelihoods)).reduce((sum, p, i) => sum + p * SHARES[i]!, 0);
}
