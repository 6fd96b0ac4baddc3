// blocks of GSM 6.10 → samples
//
// 33 bytes for 20 ms of speech at 8 kHz: the excitation, one of three samples, shaped by the pitch and then by the mouth. The decoder of
// ETSI GSM 06.10 (EN 300 961), section 4.3, in its 16-bit arithmetic, so that its samples are the standard's to the last bit. WAV has
// two frames of 260 bits in 65 bytes, the lowest bit first.

import type { BlockCodec } from './blockPieces.ts';
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
  reflection,
  subtract,
} from './gsmCodes.ts';

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
export function frameDecoder(): (bits: (count: number) => number, samples: Int16Array) => void {
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
