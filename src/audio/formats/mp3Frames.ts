// bytes with MP3 somewhere in them → its frames
//
// MP3 has no header: it is frames, each of which says how long it is. What lies before, between and behind them (tags, padding, half
// a frame, another file's header) differs from them in that frames of one kind follow each other.

import type { ByteReader } from '../../core/byteReader.ts';
import { startsWith } from './startsWith.ts';

/** Some frames, one behind the other, of one file and sampling rate. */
export interface FrameRun {
  readonly bytes: Uint8Array;
  /** Whether a file begins here: the first one, or one that was joined to it, as far as that can be seen. */
  readonly begins: boolean;
}

/** Frames of a run: from a third of a second to one at most rates. */
const MOST_FRAMES = 16;
/** Of the bytes, how much must be frames where they are said to be of another format. */
const MOSTLY = 0.9;
/** Frames in a row that make bytes MP3: in a mebibyte of noise are three with a chance of 10⁻⁸. */
const IN_A_ROW = 3;
/** Bytes that are looked through before the host has its turn. */
const MOST_JUNK = 2 ** 18;
/** Bytes of the longest frame: of 320 kbit/s at 32 kHz, padded. */
const LONGEST = 1441;
/** Bytes by which a row is seen: the frames, and the header behind them. */
const ROW = IN_A_ROW * LONGEST + 4;
/** Bytes that are looked through at a time. */
const STEP = 2 ** 12;

/**
 * Where the first frame begins, whose like follow it or the end of the bytes; −1 where none does.
 *
 * @param bytes the beginning of a file: two frames in a row, or one that is all there is, suffice at its first byte
 * @param isAll whether it is the whole file; else only whole frames count, three in a row everywhere, as a row that the end of the
 *   beginning cuts proves little
 */
export function firstFrame(bytes: Uint8Array, isAll: boolean): number {
  if (isRow(bytes, 0, isAll ? 2 : IN_A_ROW, isAll)) return 0;
  const at = nextFrame(bytes, 1, bytes.length, isAll);
  return at === bytes.length ? -1 : at;
}

/**
 * Whether nearly all is frames, without anything between them: then it is MP3, whatever else it is said to be.
 *
 * @param bytes some of the beginning, a frame's first
 */
export function isMostlyFrames(bytes: Uint8Array, from: number): boolean {
  let at = from;
  let frames = 0;
  for (let frame = readFrame(bytes, at); frame; frame = readFrame(bytes, at), frames++) at += frame.bytes;
  return frames > IN_A_ROW && at - from >= MOSTLY * (bytes.length - from);
}

/**
 * All whole frames in order, as soon as they have come, what is between them skipped; undefined now and then, that the host may have
 * its turn.
 */
export async function* frameRuns(reader: ByteReader): AsyncGenerator<FrameRun | undefined, void> {
  const start = reader.position;
  let kind: Frame | undefined;
  let turn = start + MOST_JUNK;
  while (await skipToFrame(reader, kind, reader.position === start ? 2 : IN_A_ROW, turn)) {
    const first = await reader.ahead(ROW);
    const next = readFrame(first, 0);
    if (next) {
      const begins = !isAlike(kind, next) || describesFile(first, next);
      kind = next;
      yield { bytes: await reader.take(await runLength(reader, next)), begins };
    } else yield undefined;
    turn = reader.position + MOST_JUNK;
  }
}

/** The bytes of whole frames of a kind, until there are enough of them or the next file begins. */
async function runLength(reader: ByteReader, kind: Frame): Promise<number> {
  let length = 0;
  for (let frames = 0; frames < MOST_FRAMES; frames++) {
    const bytes = (await reader.ahead(length + 4)).subarray(length);
    const frame = readFrame(bytes, 0);
    if (!frame || !isAlike(kind, frame)) break;
    const whole = (await reader.ahead(length + frame.bytes)).subarray(length);
    if (whole.length < frame.bytes || (frames > 0 && describesFile(whole, frame))) break;
    length += frame.bytes;
  }
  return length;
}

/**
 * Reads up to the next frame: one of a kind that is known; or behind something else, one of it that another follows, or some of a new
 * kind in a row.
 *
 * @param inRow how many of a new kind suffice right here
 * @param turn position beyond which it is given up for now
 * @returns whether there are bytes left
 */
async function skipToFrame(reader: ByteReader, kind: Frame | undefined, inRow: number, turn: number): Promise<boolean> {
  const frame = readFrame(await reader.ahead(4), 0);
  if (frame && isAlike(kind, frame) && (await reader.ahead(frame.bytes)).length === frame.bytes) return true;
  if (isRow(await reader.ahead(ROW), 0, inRow, true)) return true;
  await reader.skip(1);
  while (reader.position < turn) {
    const bytes = await reader.ahead(STEP + ROW);
    const isAll = bytes.length < STEP + ROW;
    const at = nextFrame(bytes, 0, isAll ? bytes.length : STEP, true, kind);
    await reader.skip(at);
    if (isAll || at < STEP) return at < bytes.length;
  }
  return true;
}

/** Where the next frame begins: one of a kind that is known, another of which follows, or some of a new kind in a row; else `to`. */
function nextFrame(bytes: Uint8Array, from: number, to: number, isAll: boolean, known?: Frame | undefined): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at < to; at = bytes.indexOf(0xff, at + 1)) {
    const frame = readFrame(bytes, at);
    if (frame && isRow(bytes, at, isAlike(known, frame) ? 2 : IN_A_ROW, isAll)) return at;
  }
  return to;
}

/**
 * Whether so many frames of one kind follow each other from here on; or where it is all the bytes there are, as many as there are
 * bytes for, the last one whole.
 */
function isRow(bytes: Uint8Array, from: number, frames: number, isAll: boolean): boolean {
  const first = readFrame(bytes, from);
  let at = from;
  for (let i = 0; i < frames; i++) {
    const frame = readFrame(bytes, at);
    if (!frame || !isAlike(first, frame)) return false;
    at += frame.bytes;
    if (at > bytes.length && !isAll) return false;
    if (at + 4 > bytes.length && isAll) return at <= bytes.length || i > 0;
  }
  return true;
}

/** Whether a frame is the first of a file, which holds its length and no sound: Xing's, as LAME and FFmpeg write it. */
function describesFile(bytes: Uint8Array, { version }: Frame): boolean {
  const isMono = bytes[3]! >> 6 === 3;
  const side = version === 3 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  return startsWith(bytes, 'Info', 4 + side) || startsWith(bytes, 'Xing', 4 + side);
}

/** What a frame's header says. */
interface Frame {
  readonly bytes: number;
  readonly sampleRate: number;
  /** Of MPEG: 0 for 2.5, 2 for 2, 3 for 1. */
  readonly version: number;
}

function isAlike(a: Frame | undefined, b: Frame): boolean {
  return a?.version === b.version && a.sampleRate === b.sampleRate;
}

const LAYER3_KBPS = [
  [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], // MPEG 1
  [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160], // MPEG 2 and 2.5
] as const;
const MPEG1_RATES = [44_100, 48_000, 32_000] as const;

/** The layer III frame whose header is here, if one is. (ISO/IEC 11172-3, section 2.4.1.3) */
function readFrame(bytes: Uint8Array, at: number): Frame | undefined {
  const kind = bytes[at + 1] ?? 0;
  const rates = bytes[at + 2] ?? 0;
  const version = (kind >> 3) & 3; // 0: MPEG 2.5, 1: reserved, 2: MPEG 2, 3: MPEG 1
  const isLayer3 = ((kind >> 1) & 3) === 1;
  const kbps = LAYER3_KBPS[version === 3 ? 0 : 1][(rates >> 4) - 1];
  const mpeg1Rate = MPEG1_RATES[(rates >> 2) & 3];
  if (bytes[at] !== 0xff || kind < 0xe0 || version === 1 || !isLayer3 || !kbps || !mpeg1Rate) return undefined;
  const sampleRate = mpeg1Rate / [4, 1, 2, 1][version]!;
  const padding = (rates >> 1) & 1;
  return { bytes: Math.floor(((version === 3 ? 144_000 : 72_000) * kbps) / sampleRate) + padding, sampleRate, version };
}
