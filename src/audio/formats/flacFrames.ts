// bytes of a FLAC file → its frames, in lists that unpack to little
//
// A frame does not say how many bytes it has: it ends where the next begins and its checksum is right (RFC 9639, section 9). The
// decoder's own search for that (codec-parser 2.5) loses the last frames where they take less than 13 bytes, as silence does, and
// half a megabyte behind every damaged one, and it takes the square of a forged file's length.

import { startsWith } from './startsWith.ts';

/** Samples, of all channels together, that a list unpacks to, if it is not one frame: some 20 ms of work. */
const MOST_SAMPLES = 2 ** 18;
/** Bytes that are looked through before the host has its turn. */
const MOST_BYTES = 2 ** 20;
/** The longest frame that the decoder (0.2.11) takes; after a longer one it decodes nothing more. */
const LONGEST = 8 * 65_535;
/** What can follow the last frame: another file joined to this one, and tags. */
const BEHIND = ['fLaC', 'ID3', 'TAG', 'APETAGEX', 'OggS'] as const;
/** Beginnings that a frame seems to contain: one in a thousand frames has one, so more of them are forged. */
const MOST_FALSE = 8;

/**
 * Frames whose checksums are right, in order; what lies between them is skipped. A list is of one kind, and may be empty, so that the
 * host has its turn. Takes time in proportion to the bytes, whatever they hold.
 */
export function* flacFrames(bytes: Uint8Array): Generator<Uint8Array[], void, undefined> {
  let frames: Uint8Array[] = [];
  let kind = '';
  let samples = 0;
  let yieldedAt = 0;
  let at = 0;
  while (at < bytes.length) {
    const end = frameEnd(bytes, at);
    const held = end === undefined ? 0 : samplesInFrame(bytes, at);
    const isOther = end !== undefined && frames.length > 0 && kindOfFrame(bytes, at) !== kind;
    if (samples + held > MOST_SAMPLES || at - yieldedAt > MOST_BYTES || isOther) {
      yield frames;
      frames = [];
      samples = 0;
      yieldedAt = at;
    }
    if (end !== undefined) {
      if (frames.length === 0) kind = kindOfFrame(bytes, at);
      frames.push(bytes.subarray(at, end));
    }
    samples += held;
    at = end ?? nextHeader(bytes, at + 1, at + 1 + MOST_BYTES);
  }
  yield frames;
}

/** What of a frame's header tells files that were joined: rate, channels and bits of a sample. (RFC 9639, section 9.1) */
function kindOfFrame(bytes: Uint8Array, at: number): string {
  const assignment = bytes[at + 3]! >> 4;
  return `${bytes[at + 2]! & 15} ${assignment < 8 ? assignment : 1} ${bytes[at + 3]! & 14}`;
}

/** Where the frame that begins here ends, if one begins here and is whole. */
function frameEnd(bytes: Uint8Array, start: number): number | undefined {
  if (!isHeader(bytes, start)) return undefined;
  const furthest = Math.min(bytes.length, start + LONGEST);
  let crc = 0;
  let at = start;
  for (let tries = 0; tries <= MOST_FALSE && at < furthest; tries++) {
    const end = nextHeader(bytes, at + 1, furthest);
    while (at < end) {
      crc = ((crc << 8) & 0xffff) ^ CRC16[(crc >> 8) ^ bytes[at++]!]!;
      if (crc === 0 && BEHIND.some((mark) => startsWith(bytes, mark, at))) return at;
    }
    if (crc === 0) return end; // a checksum that is right makes the checksum with it 0
  }
  return undefined;
}

/** Where the next header is; where there is none, how far was looked. */
function nextHeader(bytes: Uint8Array, from: number, to: number): number {
  const end = Math.min(to, bytes.length);
  let at = bytes.indexOf(0xff, from);
  while (at >= 0 && at < end && !isHeader(bytes, at)) at = bytes.indexOf(0xff, at + 1);
  return at < 0 || at > end ? end : at;
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

/** Samples, of all channels together, that a frame holds at most, by its header or what looks like one. */
export function samplesInFrame(bytes: Uint8Array, at: number): number {
  const assignment = bytes[at + 3]! >> 4;
  return blockSize(bytes[at + 2]! >> 4) * (assignment < 8 ? assignment + 1 : 2);
}

/** Samples a channel, by the code for them; of those that the header counts further on, the most there can be. */
function blockSize(code: number): number {
  if (code === 0 || code === 7) return 65_536;
  if (code === 6) return 256;
  if (code === 1) return 192;
  return code < 6 ? 576 * 2 ** (code - 2) : 2 ** code;
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
