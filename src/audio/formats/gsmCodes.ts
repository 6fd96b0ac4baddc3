// codes of GSM 6.10 → what they stand for, in the standard's arithmetic
//
// What decoder and encoder share. The encoder goes by what the decoder will make of its codes.

/** Samples of a frame, and of each of its four parts. */
export const FRAME = 160;
export const PART = 40;
/** How far back the pitch can reach, in samples. */
export const MOST_LAG = 120;

/** A log area ratio from its code. (4.3.4, table 4.1) */
export function logAreaRatio(i: number, code: number): number {
  const [least, offset, inverse] = RATIO_TABLE[i]!;
  const value = multiply(inverse, subtract(word((code + least) << 10), offset << 1));
  return add(value, value);
}

const RATIO_TABLE = [
  [-32, 0, 13_107],
  [-32, 0, 13_107],
  [-16, 2048, 13_107],
  [-16, -2560, 13_107],
  [-8, 94, 19_223],
  [-8, -1792, 17_476],
  [-4, -341, 31_454],
  [-4, -1144, 29_708],
] as const;

/** Until which sample of a frame which mean of the ratios before and those of the frame holds. (4.2.9.1) */
export const INTERPOLATION: readonly (readonly [number, (before: number, now: number) => number])[] = [
  [13, (before, now) => add(add(before >> 2, now >> 2), before >> 1)],
  [27, (before, now) => add(before >> 1, now >> 1)],
  [40, (before, now) => add(add(before >> 2, now >> 2), now >> 1)],
  [FRAME, (_, now) => now],
];

/** A reflection coefficient from a log area ratio. (4.2.9.2) */
export function reflection(ratio: number): number {
  const size = ratio === -32_768 ? 32_767 : Math.abs(ratio);
  const value = size < 11_059 ? size << 1 : size < 20_070 ? size + 11_059 : add(size >> 2, 26_112);
  return ratio < 0 ? -value : value;
}

/** The excitation of a part: 13 pulses, three samples apart, scaled by their peak. (4.2.15 to 4.2.17) */
export function excite(grid: number, peak: number, pulses: readonly number[]): Int16Array {
  const { exponent, mantissa } = partsOf(peak);
  const shift = 6 - exponent;
  const half = shift === 0 ? 0 : 1 << (shift - 1);
  const shape = new Int16Array(PART);
  for (const [i, pulse] of pulses.entries()) {
    shape[grid + 3 * i] = add(multiply(PEAKS[mantissa]!, ((pulse << 1) - 7) << 12), half) >> shift;
  }
  return shape;
}

/** Exponent and mantissa of a peak from its code. (4.2.15) */
export function partsOf(peak: number): { exponent: number; mantissa: number } {
  let exponent = peak > 15 ? (peak >> 3) - 1 : 0;
  let mantissa = peak - (exponent << 3);
  if (mantissa === 0) return { exponent: -4, mantissa: 7 };
  for (; mantissa <= 7; exponent--) mantissa = (mantissa << 1) | 1;
  return { exponent, mantissa: mantissa - 8 };
}

/** Gains of the pitch, and peaks by their mantissa. (tables 4.3b and 4.6) */
export const GAINS = [3277, 11_469, 21_299, 32_767] as const;
const PEAKS = [18_431, 20_479, 22_527, 24_575, 26_623, 28_671, 30_719, 32_767] as const;

// The standard's arithmetic: 16 bits, at their ends where they would overflow.

export function saturate(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}

export function add(a: number, b: number): number {
  return saturate(a + b);
}

export function subtract(a: number, b: number): number {
  return saturate(a - b);
}

/** The product of two fractions, rounded. */
export function multiply(a: number, b: number): number {
  return saturate((a * b + 16_384) >> 15);
}

export function word(value: number): number {
  return (value << 16) >> 16;
}
