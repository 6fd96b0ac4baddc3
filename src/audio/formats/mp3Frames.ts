// bytes with MP3 somewhere in them → where its frames are
//
// MP3 has no header: it is frames, each of which says how long it is. What lies before, between and behind them, tags, padding, half
// a frame or another file's header, is told from them by this that frames of one kind follow each other.

import { startsWith } from './startsWith.ts';

/** Some frames, one behind the other, of one file and sampling rate. */
export interface FrameRun {
  readonly start: number;
  readonly end: number;
  /** Whether a file begins here: the first one, and each that was joined to it and is told from it. */
  readonly begins: boolean;
}

/** Bytes of a run: it unpacks to 100 samples a byte at most, which takes some 20 ms. */
const MOST_BYTES = 2 ** 15;
/** Of the bytes, how much must be frames where they are said to be of another format. */
const MOSTLY = 0.9;
/** Frames in a row that make bytes MP3: in a mebibyte of noise are three with a chance of 10⁻⁸. */
const IN_A_ROW = 3;
/** Bytes in which the first frame is looked for, and those that are looked through before the host has its turn. */
const MOST_JUNK = 2 ** 20;

/**
 * Where the first frame begins, whose like follow it or the end of the bytes; −1 where none does.
 *
 * @param from where to begin; two frames in a row, or one that is all there is, suffice there
 */
export function firstFrame(bytes: Uint8Array, from: number): number {
  if (isRow(bytes, from, 2)) return from;
  return nextFrame(bytes, from + 1, Math.min(bytes.length, from + MOST_JUNK));
}

/** Whether nearly all is frames from here on, without anything between them: then it is MP3, whatever else it is said to be. */
export function isMostlyFrames(bytes: Uint8Array, from: number): boolean {
  let at = from;
  let frames = 0;
  for (let frame = readFrame(bytes, at); frame; frame = readFrame(bytes, at), frames++) at += frame.bytes;
  return frames > IN_A_ROW && at - from >= MOSTLY * (bytes.length - from);
}

/** All whole frames in order, what is between them skipped; a run may be empty, that the host may have its turn. */
export function* frameRuns(bytes: Uint8Array, first: number): Generator<FrameRun, void> {
  let at = first;
  let begins = true;
  let kind = readFrame(bytes, at);
  while (at < bytes.length) {
    const start = at;
    at = endOfRun(bytes, start, kind);
    yield { start, end: at, begins };
    const limit = Math.min(bytes.length, at + MOST_JUNK);
    const found = isNext(bytes, at, kind) ? at : nextFrame(bytes, at + 1, limit, kind);
    const next = found < 0 ? undefined : readFrame(bytes, found);
    begins = next !== undefined && (!isAlike(kind, next) || describesFile(bytes, found, next));
    kind = next ?? kind;
    at = next ? found : limit;
  }
}

/** Where whole frames of a kind end, or enough of them, or the next file begins. */
function endOfRun(bytes: Uint8Array, start: number, kind: Frame | undefined): number {
  let at = start;
  while (at - start < MOST_BYTES) {
    const frame = readFrame(bytes, at);
    if (!frame || !isAlike(kind, frame) || at + frame.bytes > bytes.length) break;
    if (at > start && describesFile(bytes, at, frame)) break;
    at += frame.bytes;
  }
  return at;
}

/** Whether a whole frame of a kind is here, or frames of another in a row. */
function isNext(bytes: Uint8Array, at: number, kind: Frame | undefined): boolean {
  const frame = readFrame(bytes, at);
  if (!frame || at + frame.bytes > bytes.length) return false;
  return isAlike(kind, frame) || isRow(bytes, at, IN_A_ROW);
}

/** Where the next frame begins: one of a kind that is known, another of which follows, or some of a new kind in a row. */
function nextFrame(bytes: Uint8Array, from: number, to: number, known?: Frame | undefined): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at < to; at = bytes.indexOf(0xff, at + 1)) {
    const frame = readFrame(bytes, at);
    if (frame && isRow(bytes, at, isAlike(known, frame) ? 2 : IN_A_ROW)) return at;
  }
  return -1;
}

/** Whether so many frames of one kind follow each other from here on, or as many as there are bytes for, the last one whole. */
function isRow(bytes: Uint8Array, from: number, frames: number): boolean {
  const first = readFrame(bytes, from);
  let at = from;
  for (let i = 0; i < frames; i++) {
    const frame = readFrame(bytes, at);
    if (!frame || !isAlike(first, frame)) return false;
    at += frame.bytes;
    if (at + 4 > bytes.length) return at <= bytes.length || i > 0;
  }
  return true;
}

/** Whether a frame is the first of a file, which holds its length and no sound: Xing's, as LAME and FFmpeg write it. */
function describesFile(bytes: Uint8Array, at: number, { version }: Frame): boolean {
  const isMono = bytes[at + 3]! >> 6 === 3;
  const side = version === 3 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  return startsWith(bytes, 'Info', at + 4 + side) || startsWith(bytes, 'Xing', at + 4 + side);
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
