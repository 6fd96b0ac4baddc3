// a, b in decibels → the level of both powers together

/** Steps of the table a decibel, and its length in decibels, beyond which the weaker power is below 0.0005 dB. */
const STEPS = 16;
const REACH = 40;

/** 10 log₁₀(1 + 10^(−d/10)) for d = 0, 1/16, … 40 dB: linear interpolation between is within 3·10⁻⁵ dB. */
const SUM_TABLE = Float32Array.from(
  { length: REACH * STEPS + 1 },
  (_, i) => 10 * Math.log10(1 + 10 ** (-i / STEPS / 10)),
);

/** The level of two powers together: 10 log₁₀(10^(a/10) + 10^(b/10)). */
export function addDecibels(a: number, b: number): number {
  const louder = Math.max(a, b);
  const place = Math.abs(a - b) * STEPS;
  if (place >= REACH * STEPS) return louder;
  const index = place | 0;
  const below = SUM_TABLE[index] as number;
  return louder + below + ((SUM_TABLE[index + 1] as number) - below) * (place - index);
}
