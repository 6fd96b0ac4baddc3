// seeds of several trainings → the same, checked

import { checkArray, checkSeed } from '../core/check.ts';

/** The seeds, when there are some and no two are the same; a {@link RangeError} or {@link TypeError} otherwise. */
export function checkSeeds(action: string, name: string, seeds: readonly number[]): readonly number[] {
  for (const seed of checkArray(action, name, seeds)) checkSeed(action, name, seed);
  if (seeds.length === 0) throw new RangeError(`Cannot ${action}: there must be ${name}, got none`);
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) !== i);
  if (twice !== undefined) throw new RangeError(`Cannot ${action}: ${name} must be different, got ${twice} twice`);
  return seeds;
}
