// logits of a speaker's windows → what makes the labels alike in them: shifts and scales

import { softmax } from './softmaxRidge.ts';

/** Logits of all clips of the speaker are to be (logits minus their mean over the labels + shift) · scale. */
export interface Levelling {
  /** [labels] */
  readonly shift: Float64Array;
  /** [labels] */
  readonly scale: Float64Array;
}

/** What was chosen beforehand. */
export interface LevellingConstants {
  /** Windows that weigh as much as the model's own expectation: that no label's logits are higher on the mean than another's. */
  readonly expectedWindows: number;
  /** And that none are more spread, windows of all labels given: a power of the ratio of spreads, from 0 to 1. */
  readonly scaling: number;
}

/**
 * Levels the labels.
 *
 * @param windows logits, [labels], minus their mean over the labels
 * @param temperature of the model
 * @param shares of the labels among the windows, where they are known
 */
export function levelling(
  windows: readonly Float64Array[],
  temperature: number,
  shares: readonly number[] | undefined,
  { expectedWindows, scaling }: LevellingConstants,
): Levelling {
  const trust = windows.length / (windows.length + expectedWindows);
  const mean = meanOf(windows);
  if (shares) {
    const shift = matching(windows, temperature, shares).map((one) => trust * one);
    return { shift, scale: shift.map(() => 1) };
  }
  const variety = trust * varietyOf(meanOf(windows.map((logits) => softmax(logits.map((one) => one / temperature)))));
  const shift = mean.map((one) => -variety * one);
  const spreads = meanOf(windows.map((logits) => logits.map((one, label) => (one + shift[label]!) ** 2))).map(
    Math.sqrt,
  );
  const usual = spreads.reduce((a, b) => a + b, 0) / spreads.length;
  const scale = spreads.map((spread) => (spread > 0 ? (usual / spread) ** (scaling * variety ** 3) : 1));
  return { shift, scale };
}

/** From 0 where all windows sound like one label, to 1 where all labels are heard equally. */
function varietyOf(heard: Float64Array): number {
  const entropy = heard.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
  return (Math.exp(entropy) - 1) / (heard.length - 1);
}

/** The shift with which the labels' mean probabilities over the windows are the given shares. */
function matching(windows: readonly Float64Array[], temperature: number, shares: readonly number[]): Float64Array {
  let shift: Float64Array = new Float64Array(shares.length);
  for (let step = 0; step < 200; step++) {
    const heard = meanOf(
      windows.map((logits) => softmax(logits.map((one, label) => (one + shift[label]!) / temperature))),
    );
    const change = heard.map((p, label) => (temperature / 2) * Math.log(shares[label]! / p));
    shift = shift.map((one, label) => one + change[label]!);
    if (change.every((one) => Math.abs(one) < 1e-6)) break;
  }
  return shift;
}

/** The mean of vectors of one length. */
export function meanOf(all: readonly ArrayLike<number>[]): Float64Array {
  const mean = new Float64Array(all[0]!.length);
  for (const one of all) for (let i = 0; i < mean.length; i++) mean[i]! += one[i]! / all.length;
  return mean;
}
