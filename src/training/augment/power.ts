// features in decibels → powers, and back, by tables
//
// A batch has 3·10⁵ values, and rooms, filters and noise are sums and products of powers: with tables in place of `exp` and `log`, all
// of them together take less than one of them in decibels.

/** Steps a decibel: a power is within 0.001 dB of the one that is meant. */
const STEPS = 512;
/** Decibels from 0 that the tables reach, and powers in 32 bits. */
const REACH = 370;

const WHOLE = Float64Array.from({ length: 2 * REACH + 1 }, (_, i) => 10 ** ((i - REACH) / 10));
const FRACTION = Float64Array.from({ length: STEPS }, (_, i) => 10 ** (i / STEPS / 10));

/** 10^(level/10). */
export function powerOf(level: number): number {
  const place = Math.max(0, Math.min(2 * REACH * STEPS, (level + REACH) * STEPS + 0.5)) | 0;
  return (WHOLE[(place / STEPS) | 0] as number) * (FRACTION[place % STEPS] as number);
}

/**
 * The powers of levels.
 *
 * @param levels row-major [frames, silence.length]
 * @param silence the floor [bins]: what is there has a power that is not known, and is taken for none
 */
export function powersOf(levels: Float32Array, silence: Float32Array): Float32Array {
  const bins = silence.length;
  const powers = new Float32Array(levels.length);
  for (let row = 0; row < levels.length; row += bins) {
    for (let bin = 0; bin < bins; bin++) {
      const level = levels[row + bin] as number;
      if (level > (silence[bin] as number)) powers[row + bin] = powerOf(level);
    }
  }
  return powers;
}

/** Bits of the fraction of a 32-bit number that the logarithm goes by: it is within 0.001 dB. */
const BITS = 12;
const OF_EXPONENT = Float64Array.from({ length: 256 }, (_, i) => (i > 0 ? 10 * Math.log10(2) * (i - 127) : -Infinity));
const OF_FRACTION = Float64Array.from({ length: 2 ** BITS }, (_, i) => 10 * Math.log10(1 + (i + 0.5) / 2 ** BITS));

/** Writes the levels of powers, at least those of silence. */
export function writeLevels(levels: Float32Array, powers: Float32Array, silence: Float32Array): void {
  const bins = silence.length;
  const bits = new Int32Array(powers.buffer, powers.byteOffset, powers.length);
  for (let row = 0; row < levels.length; row += bins) {
    for (let bin = 0; bin < bins; bin++) {
      const pattern = bits[row + bin] as number;
      const level =
        (OF_EXPONENT[pattern >> 23] as number) + (OF_FRACTION[(pattern >> (23 - BITS)) & (2 ** BITS - 1)] as number);
      levels[row + bin] = Math.max(silence[bin] as number, level);
    }
  }
}

/** The mean over frames `from` to `to` of their power over all bins. */
export function meanPower(powers: Float32Array, bins: number, from: number, to: number): number {
  let sum = 0;
  for (let i = from * bins; i < to * bins; i++) sum += powers[i] as number;
  return sum / Math.max(1, to - from);
}

/** The sum of some powers. */
export const totalOf = (powers: Float32Array): number => meanPower(powers, powers.length, 0, 1);

/** 10^(decibels/10), exactly. */
export const ratioOf = (decibels: number): number => 10 ** (decibels / 10);
