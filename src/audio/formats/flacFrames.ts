// bytes of a FLAC file → its frames
//
// A frame does not say how many bytes it has: it ends where the next begins and its checksum is right (RFC 9639, section 9). The
// decoder's own search for that (codec-parser 2.5) loses the last frames where they take less than 13 bytes, as silence does, and
// half a megabyte behind every damaged one, and it takes the square of a forged file's length.

import type { ByteReader } from '../../core/byteReader.ts';
import { startsWith } from './startsWith.ts';

/** Samples, of all channels together, that a list unpacks to, if it is not one frame: a second at most of most recordings. */
const MOST_SAMPLES = 2 ** 14;
/** Bytes that are looked through before the host has its turn. */
const MOST_BYTES = 2 ** 17;
/** The longest frame that the decoder (0.2.11) takes; after a longer one it decodes nothing more. */
const LONGEST = 8 * 65_535;
/** What can follow the last frame: another file joined to this one, and tags. */
const BEHIND = ['fLaC', 'ID3', 'TAG', 'APETAGEX', 'OggS'] as const;
/** Beginnings that a frame seems to contain: one in a thousand frames has one, so more of them are forged. */
const MOST_FALSE = 8;
/** Bytes that are looked at for a header: it has 16 at most, what can follow the last frame less. */
const HEADER = 17;
/** Bytes by which more is looked at, at most and at first. */
const STEP = 2 ** 12;
const FIRST_STEP = 2 ** 7;

/**
 * Frames whose checksums are right, in order, each as soon as the header behind it has come; what lies between them is skipped.
 * Undefined now and then, that the host may have its turn. Takes time in proportion to the bytes, whatever they hold.
 */
export async function* flacFrames(reader: ByteReader): AsyncGenerator<Uint8Array | undefined, void, undefined> {
  let turn = reader.position + MOST_BYTES;
  for (;;) {
    const isAtHeader = isHeader(await reader.ahead(HEADER), 0);
    const end = isAtHeader ? await frameEnd(reader) : undefined;
    if (end !== undefined) yield await reader.take(end);
    else if (!(await skipToHeader(reader))) return;
    if (reader.position < turn) continue;
    turn = reader.position + MOST_BYTES;
    yield undefined;
  }
}

/** Frames in lists that unpack to little, each of one kind, as soon as they have come; an empty one where a frame is undefined. */
export async function* inLists(
  frames: AsyncIterable<Uint8Array | undefined>,
): AsyncGenerator<Uint8Array[], void, undefined> {
  let list: Uint8Array[] = [];
  let kind = '';
  let samples = 0;
  for await (const frame of frames) {
    const held = frame ? samplesInFrame(frame) : 0;
    const isOther = frame !== undefined && list.length > 0 && kindOfFrame(frame) !== kind;
    if (frame === undefined || samples + held > MOST_SAMPLES || isOther) {
      yield list;
      list = [];
      samples = 0;
    }
    if (frame === undefined) continue;
    if (list.length === 0) kind = kindOfFrame(frame);
    list.push(frame);
    samples += held;
    if (samples + held <= MOST_SAMPLES) continue; // else one like it would not fit: nothing is to be waited for
    yield list;
    list = [];
    samples = 0;
  }
  yield list;
}

/** Whether bytes are one frame. */
export function isFrame(bytes: Uint8Array): boolean {
  return bytes.length <= LONGEST && isHeader(bytes, 0) && bytes.reduce(crc16, 0) === 0; // with its checksum it is 0
}

/** What of a frame's header tells files that were joined: rate, channels and bits of a sample. (RFC 9639, section 9.1) */
function kindOfFrame(frame: Uint8Array): string {
  const assignment = frame[3]! >> 4;
  return `${frame[2]! & 15} ${assignment < 8 ? assignment : 1} ${frame[3]! & 14}`;
}

/** Where the frame ends whose header comes next, if it is whole. */
async function frameEnd(reader: ByteReader): Promise<number | undefined> {
  let crc = 0;
  let at = 0;
  let tries = 0;
  for (let size = FIRST_STEP; ; size += Math.min(size, STEP)) {
    const bytes = await reader.ahead(size + HEADER);
    const isAll = bytes.length < size + HEADER;
    const furthest = Math.min(isAll ? bytes.length : size, LONGEST);
    while (at < furthest) {
      const next = nextHeader(bytes, at + 1, furthest);
      while (at < next) {
        crc = crc16(crc, bytes[at++]!);
        if (crc === 0 && BEHIND.some((mark) => startsWith(bytes, mark, at))) return at;
      }
      const isEnd = at === furthest && !isHeader(bytes, at);
      if (isEnd) break;
      if (crc === 0) return at;
      if (++tries > MOST_FALSE) return undefined;
    }
    if (isAll || furthest === LONGEST) return crc === 0 ? at : undefined;
  }
}

/** Reads up to the next header, or much. @returns whether there are bytes left */
async function skipToHeader(reader: ByteReader): Promise<boolean> {
  await reader.skip(1);
  for (let size = FIRST_STEP, skipped = 0; skipped < MOST_BYTES; size = STEP) {
    const bytes = await reader.ahead(size + HEADER);
    const isAll = bytes.length < size + HEADER;
    const at = nextHeader(bytes, 0, isAll ? bytes.length : size);
    await reader.skip(at);
    if (at < size || isAll) return at < bytes.length;
    skipped += at;
  }
  return true;
}

/** Where the next header is; where there is none, how far was looked. */
function nextHeader(bytes: Uint8Array, from: number, to: number): number {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && at < to && !isHeader(bytes, at)) at = bytes.indexOf(0xff, at + 1);
  return at < 0 || at > to ? to : at;
}

/** Whether a frame's header is here, without anything reserved and with the right checksum. (RFC 9639, section 9.1) */
function isHeader(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8 || at + 6 > bytes.length) return false;
  const block = bytes[at + 2]! >> 4;
  const rate = bytes[at + 2]! & 15;
  const layout = bytes[at + 3]!;
  if (block === 0 || rate === 15 || layout >> 4 > 10 || (layout & 1) === 1 || (layout & 6) === 6) return false;
  const ones = Math.clz32(~(bytes[at + 4]! << 24)); // of the frame's or sample's number, coded as UTF-8 is
  if (ones === 1 || ones > 7) return false;
  const blockBytes = block === 6 ? 1 : block === 7 ? 2 : 0;
  const rateBytes = rate === 12 ? 1 : rate > 12 ? 2 : 0;
  const end = at + 4 + Math.max(1, ones) + blockBytes + rateBytes;
  if (end >= bytes.length) return false;
  let crc = 0;
  for (let i = at; i <= end; i++) crc = CRC8[crc ^ bytes[i]!]!;
  return crc === 0;
}

/** Samples, of all channels together, that a frame holds at most, by its header. */
function samplesInFrame(frame: Uint8Array): number {
  const assignment = frame[3]! >> 4;
  return blockSize(frame[2]! >> 4) * (assignment < 8 ? assignment + 1 : 2);
}

/** Samples a channel, by the code for them; of those that the header counts further on, the most there can be. */
function blockSize(code: number): number {
  if (code === 0 || code === 7) return 65_536;
  if (code === 6) return 256;
  if (code === 1) return 192;
  return code < 6 ? 576 * 2 ** (code - 2) : 2 ** code;
}

function crc16(crc: number, byte: number): number {
  return ((crc << 8) & 0xffff) ^ CRC16[(crc >> 8) ^ byte]!;
}

const CRC8 = crcTable(8, 0x07);
const CRC16 = crcTable(16, 0x8005);

/** What a byte does to a checksum of so many bits. */
function crcTable(bits: number, polynomial: number): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (bits - 8);
    for (let i = 0; i < 8; i++) crc = (crc << 1) ^ ((crc >> (bits - 1)) & 1 ? polynomial : 0);
    return crc & (2 ** bits - 1);
  });
}
