// random numbers → noise whose power falls with frequency

import type { RandomStream } from '../../core/random.ts';

/** Paul Kellet's filter: a sum of first-order ones, within 0.05 dB of 1/f above 9 Hz at 44.1 kHz. */
export function makePinkNoise(random: Pick<RandomStream, 'normal'>, length: number): Float32Array {
  const poles = [0.99886, 0.99332, 0.969, 0.8665, 0.55, -0.7616];
  const gains = [0.0555179, 0.0750759, 0.153852, 0.3104856, 0.5329522, -0.016898];
  const state = new Float64Array(poles.length);
  let last = 0;
  return Float32Array.from({ length }, () => {
    const white = random.normal();
    let sum = last + 0.5362 * white;
    for (let k = 0; k < poles.length; k++) {
      state[k] = poles[k]! * state[k]! + gains[k]! * white;
      sum += state[k]!;
    }
    last = 0.115926 * white;
    return sum;
  });
}

/** A random walk that is drawn back to 0: 6 dB an octave. */
export function makeBrownNoise(random: Pick<RandomStream, 'normal'>, length: number): Float32Array {
  let level = 0;
  return Float32Array.from({ length }, () => {
    level = 0.998 * level + random.normal();
    return level;
  });
}
