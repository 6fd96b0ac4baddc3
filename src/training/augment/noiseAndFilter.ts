// powers of a clip, of noise in each bin → both together

import { RandomStream } from '../../core/random.ts';

/** The standard deviation of the level of noise between frames and bins, in decibels. */
const STD_DB = 1.5;

/** Draws of mean 1, read from a random place at each frame: drawing 10⁵ of them a batch would cost as much as all else. */
const DRAWS = (() => {
  const stream = new RandomStream(1, 'steady noise');
  const draws = Float64Array.from({ length: 8191 }, () => 10 ** ((STD_DB * stream.normal()) / 10));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  return draws.map((draw) => draw / mean);
})();

/**
 * Adds steady noise over the whole window: it does not end with the speech.
 *
 * @param expected the expected power in each bin
 */
export function addSteadyNoise(powers: Float32Array, expected: Float32Array, stream: RandomStream): void {
  const bins = expected.length;
  for (let row = 0; row < powers.length; row += bins) {
    let place = stream.integer(DRAWS.length);
    for (let bin = 0; bin < bins; bin++) {
      powers[row + bin]! += (expected[bin] as number) * (DRAWS[place] as number);
      if (++place === DRAWS.length) place = 0;
    }
  }
}

/** Multiplies each bin by a number: a filter. */
export function multiplyBins(powers: Float32Array, factors: Float64Array): void {
  const bins = factors.length;
  for (let row = 0; row < powers.length; row += bins) {
    for (let bin = 0; bin < bins; bin++) powers[row + bin]! *= factors[bin] as number;
  }
}
