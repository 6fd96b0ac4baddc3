// one part of augmentation → its type, and the check of its numbers

import { checkInteger, checkNothingElse, checkNumber, checkOptions, type Resolved } from '../../core/check.ts';
import type { RandomStream } from '../../core/random.ts';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { Surroundings, WindowedClip } from './windowedClip.ts';

/** What the errors say that `train` cannot do. */
export const ACTION = 'train';

/** A part of augmentation: what its options may be, and what it does. It draws from a random stream of its own. */
export interface Part<Given, InEffect> {
  /** What it is where nothing is said. */
  readonly fallback: Given;
  /** What it is when everything is off. @default false */
  readonly off?: InEffect | undefined;
  /**
   * What it needs of the features: bins that are levels in decibels along an axis of frequency, or the hertz of each as well.
   * @default nothing
   */
  readonly needs?: 'frequencies' | 'hertz' | undefined;
  /** The stream that it draws from. @default its name */
  readonly stream?: string | undefined;
  /** Checks the options, which are not `false`, and fills in the defaults. */
  resolve(given: Given, name: string): InEffect;
  /** Makes a clip of another length, before it is placed in its window. The matrix that is given stays as it is. */
  reshape?(
    clip: FeatureMatrix,
    options: Exclude<InEffect, false>,
    stream: RandomStream,
    surroundings: Surroundings,
  ): FeatureMatrix;
  /** Changes a clip in its window, in place. */
  apply?(clip: WindowedClip, options: Exclude<InEffect, false>, stream: RandomStream, surroundings: Surroundings): void;
  /**
   * As `apply`, with powers in place of levels: what is at the floor is 0. With the probability that its options name, which is drawn
   * before.
   */
  applyToPowers?(
    clip: WindowedClip,
    options: Exclude<InEffect, false>,
    stream: RandomStream,
    surroundings: Surroundings,
  ): void;
}

/** What a number may be: its default, the least and the most, which may be another option of the same object; whether it is whole. */
export interface NumberRule {
  readonly fallback: number;
  readonly least: number;
  readonly most: number | string;
  readonly whole?: true | undefined;
}

/** Options that are all numbers: checked, with the defaults filled in. */
export function resolveNumbers<T extends object>(
  options: T,
  name: string,
  rules: { readonly [Name in keyof T]-?: NumberRule },
): Resolved<T> {
  const given = checkOptions(ACTION, options, name) as Readonly<Record<string, unknown>>;
  const entries = Object.entries<NumberRule>(rules as Readonly<Record<string, NumberRule>>);
  const known = new Set(entries.map(([key]) => key));
  checkNothingElse(ACTION, Object.fromEntries(Object.entries(given).filter(([key]) => !known.has(key))), name);
  const values = Object.fromEntries(
    entries.map(([key, { fallback }]) => [key, given[key] === undefined ? fallback : given[key]]),
  );
  // Of a range, one end may be given alone: the other one's default gives way.
  for (const [key, { most }] of entries) {
    if (typeof most !== 'string') continue;
    const [low, high] = [values[key], values[most]];
    if (typeof low !== 'number' || typeof high !== 'number' || !(low > high)) continue;
    const bound = (rules as Readonly<Record<string, NumberRule>>)[most]!.most as number;
    if (given[key] === undefined) values[key] = high;
    else if (given[most] === undefined) values[most] = Math.min(low, bound);
  }
  // Those that others are bounded by come first.
  const ordered = [...entries].sort(
    ([, a], [, b]) => Number(typeof a.most === 'string') - Number(typeof b.most === 'string'),
  );
  for (const [key, { least, most, whole }] of ordered) {
    const limit = typeof most === 'string' ? (values[most] as number) : most;
    (whole ? checkInteger : checkNumber)(ACTION, `${name}.${key}`, values[key], least, limit);
  }
  return values as Resolved<T>;
}

/** Rule of a probability. */
export const probability = (fallback: number): NumberRule => ({ fallback, least: 0, most: 1 });

/** Rule of any other number. */
export const number = (fallback: number, least: number, most: number | string): NumberRule => ({
  fallback,
  least,
  most,
});

/** Rule of a whole number. */
export const integer = (fallback: number, least: number, most: number | string): NumberRule => ({
  ...number(fallback, least, most),
  whole: true,
});
