// blocks of GSM 6.10 → samples
//
// 33 bytes for 20 ms of speech at 8 kHz: the excitation, one of three samples, shaped by the pitch and then by the mouth. The decoder of
// ETSI GSM 06.10 (EN 300 961), section 4.3, in its 16-bit arithmetic, so that its samples are the standard's to the last bit. WAV has
// two frames of 260 bits in 65 bytes, the lowest bit first.

import type { BlockCodec } from './blockPieces.ts';

/** Samples of a frame, and of each of its four parts. */
const FRAME = 160;
const PART = 40;
/** How far back the pitch can reach, in samples. */
const MOST_LAG = 120;
/** Bytes of a block, and bits of each of the two frames in it. */
const BLOCK_BYTES = 65;
const FRAME_BITS = 260;

/** Bits of the parameters of a frame: eight of the mouth, then of each part the lag, its gain, the grid, the peak and 13 pulses. */
const RATIO_BITS = [6, 6, 5, 5, 4, 4, 3, 3] as const;
const PART_BITS = [7, 2, 2, 6, ...new Array<number>(13).fill(3)];

/** GSM 6.10 full rate as WAV has it, of one channel. What a file's blocks leave behind goes into the next: one codec a file. */
export function gsm(sampleRate: number): BlockCodec {
  const decodeFrame = frameDecoder();
  return {
    channels: 1,
    sampleRate,
    blockBytes: BLOCK_BYTES,
    samplesIn: (bytes) => FRAME * Math.floor((8 * bytes) / FRAME_BITS),
    decode(block, [samples], from) {
      const bits = bitReader(block);
      for (let to = from; to < from + this.samplesIn(block.length); to += FRAME) {
        decodeFrame(bits, samples!.subarray(to, to + FRAME));
      }
    },
  };
}

/** Reads so many bits, the lowest first. */
function bitReader(bytes: Uint8Array): (bits: number) => number {
  let at = 0;
  return (bits) => {
    let value = 0;
    for (let i = 0; i < bits; i++, at++) value |= ((bytes[at >> 3]! >> (at & 7)) & 1) << i;
    return value;
  };
}

/** A decoder with the state of one recording. */
function frameDecoder(): (bits: (count: number) => number, samples: Int16Array) => void {
  const excitation = new Int16Array(MOST_LAG + FRAME); // what was, then what is
  const filter = new Int16Array(9);
  let ratiosBefore: readonly number[] = new Array<number>(8).fill(0);
  let lag = PART; // of the part before, which stands in for one that is out of range
  let emphasis = 0;

  return (bits, samples) => {
    const ratios = RATIO_BITS.map((count, i) => logAreaRatio(i, bits(count)));
    excitation.copyWithin(0, FRAME);
    for (let part = MOST_LAG; part < MOST_LAG + FRAME; part += PART) {
      const [lagCode, gain, grid, peak, ...pulses] = PART_BITS.map(bits) as [number, number, number, number];
      if (lagCode >= PART && lagCode <= MOST_LAG) lag = lagCode;
      const shape = excite(grid, peak, pulses);
      for (let i = 0; i < PART; i++) {
        excitation[part + i] = add(shape[i]!, multiply(GAINS[gain]!, excitation[part + i - lag]!));
      }
    }
    let i = 0;
    for (const [end, weigh] of INTERPOLATION) {
      const reflections = ratios.map((ratio, i) => reflection(weigh(ratiosBefore[i]!, ratio)));
      for (; i < end; i++) samples[i] = synthesise(reflections, filter, excitation[MOST_LAG + i]!);
    }
    ratiosBefore = ratios;
    for (let i = 0; i < FRAME; i++) {
      emphasis = add(samples[i]!, multiply(emphasis, 28_180));
      samples[i] = add(emphasis, emphasis) & 0xfff8;
    }
  };
}

/** A log area ratio from its code. (4.3.4, table 4.1) */
function logAreaRatio(i: number, code: number): number {
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
const INTERPOLATION: readonly (readonly [number, (before: number, now: number) => number])[] = [
  [13, (before, now) => add(add(before >> 2, now >> 2), before >> 1)],
  [27, (before, now) => add(before >> 1, now >> 1)],
  [40, (before, now) => add(add(before >> 2, now >> 2), now >> 1)],
  [FRAME, (_, now) => now],
];

/** A reflection coefficient from a log area ratio. (4.2.9.2) */
function reflection(ratio: number): number {
  const size = ratio === -32_768 ? 32_767 : Math.abs(ratio);
  const value = size < 11_059 ? size << 1 : size < 20_070 ? size + 11_059 : add(size >> 2, 26_112);
  return ratio < 0 ? -value : value;
}

/** One sample through the lattice, whose state it changes. (4.3.4) */
function synthesise(reflections: readonly number[], filter: Int16Array, excitation: number): number {
  let sample = excitation;
  for (let i = 7; i >= 0; i--) {
    sample = subtract(sample, multiply(reflections[i]!, filter[i]!));
    filter[i + 1] = add(filter[i]!, multiply(reflections[i]!, sample));
  }
  filter[0] = sample;
  return sample;
}

/** The excitation of a part: 13 pulses, three samples apart, scaled by their peak. (4.2.15 to 4.2.17) */
function excite(grid: number, peak: number, pulses: readonly number[]): Int16Array {
  let exponent = peak > 15 ? (peak >> 3) - 1 : 0;
  let mantissa = peak - (exponent << 3);
  if (mantissa === 0) {
    exponent = -4;
    mantissa = 7;
  } else {
    for (; mantissa <= 7; exponent--) mantissa = (mantissa << 1) | 1;
    mantissa -= 8;
  }
  const shift = 6 - exponent;
  const half = shift === 0 ? 0 : 1 << (shift - 1);
  const shape = new Int16Array(PART);
  for (const [i, pulse] of pulses.entries()) {
    shape[grid + 3 * i] = add(multiply(PEAKS[mantissa]!, ((pulse << 1) - 7) << 12), half) >> shift;
  }
  return shape;
}

/** Gains of the pitch, and peaks by their mantissa. (tables 4.3b and 4.6) */
const GAINS = [3277, 11_469, 21_299, 32_767] as const;
const PEAKS = [18_431, 20_479, 22_527, 24_575, 26_623, 28_671, 30_719, 32_767] as const;

// The standard's arithmetic: 16 bits, at their ends where they would overflow.

function saturate(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}

function add(a: number, b: number): number {
  return saturate(a + b);
}

function subtract(a: number, b: number): number {
  return saturate(a - b);
}

/** The product of two fractions, rounded. */
function multiply(a: number, b: number): number {
  return saturate((a * b + 16_384) >> 15);
}

function word(value: number): number {
  return (value << 16) >> 16;
}
