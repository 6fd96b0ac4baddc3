// samples at 8 kHz → the codes of GSM 6.10, frame by frame
//
// The encoder of ETSI GSM 06.10 (EN 300 961), section 4.2, in its 16-bit arithmetic, so that its codes are the standard's. What it is for
// is the sound of a mobile phone: samples go through it and the decoder, and nothing is ever stored.

import {
  add,
  excite,
  FRAME,
  GAINS,
  INTERPOLATION,
  logAreaRatio,
  MOST_LAG,
  multiply,
  PART,
  partsOf,
  reflection,
  saturate,
  subtract,
  word,
} from './gsmCodes.ts';

/**
 * An encoder with the state of one recording.
 *
 * @returns what gives the 76 codes of a frame of 160 samples in 16 bits, in the order in which the decoder reads them
 */
export function frameEncoder(): (samples: Int16Array) => number[] {
  const emphasise = preprocessor();
  const lattice = new Int16Array(8);
  const residual = new Int16Array(MOST_LAG + FRAME); // as the decoder has it: what was, then what is
  let ratiosBefore: readonly number[] = new Array<number>(8).fill(0);

  return (samples) => {
    const signal = emphasise(samples);
    const codes = reflections(autocorrelation(signal)).map((value, i) => ratioCode(i, value));
    const ratios = codes.map((code, i) => logAreaRatio(i, code));
    let at = 0;
    for (const [end, weigh] of INTERPOLATION) {
      const now = ratios.map((ratio, i) => reflection(weigh(ratiosBefore[i]!, ratio)));
      for (; at < end; at++) signal[at] = analyse(now, lattice, signal[at]!);
    }
    ratiosBefore = ratios;
    residual.copyWithin(0, FRAME);
    for (let part = 0; part < FRAME; part += PART) {
      codes.push(...encodePart(signal.subarray(part, part + PART), residual, MOST_LAG + part));
    }
    return codes;
  };
}

/** Takes the offset away and raises what is high. (4.2.1 to 4.2.3) */
function preprocessor(): (samples: Int16Array) => Int16Array {
  let before = 0;
  let slow = 0; // 31 bits
  let last = 0;
  return (samples) =>
    samples.map((sample) => {
      const now = (sample >> 3) << 2;
      const high = slow >> 15;
      const low = slow - high * 2 ** 15;
      slow = saturate32(high * 32_735 + (now - before) * 2 ** 15 + multiply(low, 32_735));
      before = now;
      const emphasis = multiply(last, -28_180);
      last = saturate32(slow + 16_384) >> 15;
      return add(last, emphasis);
    });
}

/** Of lags 0 to 8; scales the signal, whose lowest bits are lost where it is loud. (4.2.4) */
function autocorrelation(signal: Int16Array): number[] {
  const most = largest(signal);
  const scale = most === 0 ? 0 : Math.max(0, 4 - normalising(most * 2 ** 16));
  if (scale > 0) for (let i = 0; i < FRAME; i++) signal[i] = multiply(signal[i]!, 16_384 >> (scale - 1));
  const sums = Array.from({ length: 9 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < FRAME; i++) sum += signal[i]! * signal[i - lag]!;
    return 2 * sum;
  });
  if (scale > 0) for (let i = 0; i < FRAME; i++) signal[i]! <<= scale;
  return sums;
}

/** By Schur's recursion. (4.2.5) */
function reflections(sums: readonly number[]): number[] {
  const found = new Array<number>(8).fill(0);
  if (sums[0] === 0) return found;
  const shift = normalising(sums[0]!);
  const p = sums.map((sum) => (sum << shift) >> 16);
  const k = [...p];
  for (let n = 0; n < 8; n++) {
    const size = magnitude(p[1]!);
    if (p[0]! < size) break;
    const value = p[1]! > 0 ? -quotient(size, p[0]!) : quotient(size, p[0]!);
    found[n] = value;
    p[0] = add(p[0]!, multiply(p[1]!, value));
    for (let m = 1; m < 8 - n; m++) {
      p[m] = add(p[m + 1]!, multiply(k[m]!, value));
      k[m] = add(k[m]!, multiply(p[m + 1]!, value));
    }
  }
  return found;
}

/** The code of a reflection coefficient, by its log area ratio. (4.2.6 and 4.2.7) */
function ratioCode(i: number, value: number): number {
  const size = magnitude(value);
  const ratio = size < 22_118 ? size >> 1 : size < 31_130 ? size - 11_059 : (size - 26_112) << 2;
  const [factor, offset, most] = RATIO_CODES[i]!;
  const code = add(add((factor * (value < 0 ? -ratio : ratio)) >> 15, offset), 256) >> 9;
  return Math.max(-most - 1, Math.min(most, code)) + most + 1;
}

const RATIO_CODES = [
  [20_480, 0, 31],
  [20_480, 0, 31],
  [20_480, 2048, 15],
  [20_480, -2560, 15],
  [13_964, 94, 7],
  [15_360, -1792, 7],
  [8534, -341, 3],
  [9036, -1144, 3],
] as const;

/** One sample through the lattice, whose state it changes. (4.2.10) */
function analyse(now: readonly number[], lattice: Int16Array, sample: number): number {
  let forward = sample;
  let backward = sample;
  for (let i = 0; i < 8; i++) {
    const before = lattice[i]!;
    lattice[i] = backward;
    backward = add(before, multiply(now[i]!, forward));
    forward = add(forward, multiply(now[i]!, before));
  }
  return forward;
}

/** The 17 codes of a part, and its residual as the decoder will have it. (4.2.11 to 4.2.18) */
function encodePart(signal: Int16Array, residual: Int16Array, at: number): number[] {
  const { lag, gain } = pitch(signal, residual, at);
  const predicted = new Int16Array(PART);
  for (let i = 0; i < PART; i++) predicted[i] = multiply(GAINS[gain]!, residual[at + i - lag]!);
  const weighted = weigh(signal.map((sample, i) => subtract(sample, predicted[i]!)));
  const grid = bestGrid(weighted);
  const pulses = Array.from({ length: 13 }, (_, i) => weighted[grid + 3 * i]!);
  const { peak, codes } = quantise(pulses);
  const shape = excite(grid, peak, codes);
  for (let i = 0; i < PART; i++) residual[at + i] = add(shape[i]!, predicted[i]!);
  return [lag, gain, grid, peak, ...codes];
}

/** The lag that predicts the part best, and the code of its gain. (4.2.11) */
function pitch(signal: Int16Array, residual: Int16Array, at: number): { lag: number; gain: number } {
  const most = largest(signal);
  const norm = most === 0 ? 0 : normalising(most * 2 ** 16);
  const scale = most === 0 || norm > 6 ? 0 : 6 - norm;
  const scaled = signal.map((sample) => sample >> scale);
  let lag = PART;
  let best = 0;
  for (let candidate = PART; candidate <= MOST_LAG; candidate++) {
    let sum = 0;
    for (let i = 0; i < PART; i++) sum += scaled[i]! * residual[at + i - candidate]!;
    if (sum > best) [lag, best] = [candidate, sum];
  }
  const alike = Math.floor((2 * best) / 2 ** (6 - scale));
  let power = 0;
  for (let i = 0; i < PART; i++) power += 2 * (residual[at + i - lag]! >> 3) ** 2;
  if (alike <= 0) return { lag, gain: 0 };
  if (alike >= power) return { lag, gain: 3 };
  const shift = normalising(power);
  const [a, b] = [(alike << shift) >> 16, (power << shift) >> 16];
  const gain = GAIN_LIMITS.findIndex((limit) => a <= (b * limit) >> 15);
  return { lag, gain: gain < 0 ? GAIN_LIMITS.length : gain };
}

const GAIN_LIMITS = [6554, 16_384, 26_214] as const;

/** Through the weighting filter. (4.2.13) */
function weigh(error: Int16Array): Int16Array {
  return error.map((_, at) => {
    let sum = 4096;
    for (const [i, weight] of WEIGHTS.entries()) sum += weight * (error[at + i - 5] ?? 0);
    return saturate(sum >> 13);
  });
}

const WEIGHTS = [-134, -374, 0, 2054, 5741, 8192, 5741, 2054, 0, -374, -134] as const;

/** Which of four grids, three samples apart, has most power. (4.2.14) */
function bestGrid(weighted: Int16Array): number {
  const powers = [0, 1, 2, 3].map((grid) => {
    let power = 0;
    for (let i = grid; i < grid + 39; i += 3) power += (weighted[i]! >> 2) ** 2;
    return power;
  });
  return powers.indexOf(Math.max(...powers));
}

/** The codes of 13 pulses, and of their peak. (4.2.15) */
function quantise(pulses: readonly number[]): { peak: number; codes: number[] } {
  const most = pulses.reduce((size, pulse) => Math.max(size, magnitude(pulse)), 0);
  let steps = 0;
  while (steps < 6 && most >> (9 + steps) > 0) steps++;
  const peak = add(most >> (steps + 5), steps << 3);
  const { exponent, mantissa } = partsOf(peak);
  const factor = INVERSE_PEAKS[mantissa]!;
  return { peak, codes: pulses.map((pulse) => ((word(pulse << (6 - exponent)) * factor) >> 27) + 4) };
}

const INVERSE_PEAKS = [29_128, 26_215, 23_832, 21_846, 20_165, 18_725, 17_476, 16_384] as const;

// The rest of the standard's arithmetic.

function saturate32(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value));
}

function magnitude(value: number): number {
  return value === -32_768 ? 32_767 : Math.abs(value);
}

function largest(values: Int16Array): number {
  return values.reduce((most, value) => Math.max(most, magnitude(value)), 0);
}

/** By how many bits a positive number of 32 can be shifted to the left. */
function normalising(value: number): number {
  return Math.clz32(value) - 1;
}

/** numerator / denominator as a fraction of 15 bits, for 0 ≤ numerator ≤ denominator. */
function quotient(numerator: number, denominator: number): number {
  return Math.min(32_767, Math.floor((numerator * 2 ** 15) / denominator));
}
