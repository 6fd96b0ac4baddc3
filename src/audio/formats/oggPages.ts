// bytes of an Ogg file → its pages, those that are whole
//
// RFC 3533, section 6. Files hold several streams at once (sound beside video), and one after the other (chained).

import type { ByteReader } from '../../core/byteReader.ts';
import { startsWith } from './startsWith.ts';

/** Bytes that are looked through before the host has its turn. */
const MOST_BYTES = 2 ** 20;
/** How often the bytes are read, at most, of what looks like pages and is none: forged files have such at every byte. */
const MOST_TIMES = 8;
/** Bytes that are looked through at a time for the next page. */
const STEP = 2 ** 10;
/** Bytes of a page before its lacing. */
const HEADER = 27;

/** A page with a right checksum, or the beginning of one. */
export interface WholePage {
  /** Which of the file's streams it belongs to. */
  readonly serial: number;
  readonly sequence: number;
  /** Whether it begins with the rest of a packet. */
  readonly continues: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** What the codec counts, at the end of the last packet that ends here; −1 where none does. */
  readonly granule: number;
  /** Lengths of the pieces of packets: a packet ends with one below 255. */
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * The pages in order, each as soon as its last byte has come; what is damaged is skipped, of a page that the end of the file cuts the
 * beginning is given. Undefined now and then, that the host may have its turn.
 *
 * What looks like pages and is none is tried as long as that takes no more than some times the bytes so far: a file that has more of it
 * is forged, and ends there.
 */
export async function* wholePages(reader: ByteReader): AsyncGenerator<WholePage | undefined, void, undefined> {
  let tried = 0;
  let cut: WholePage | undefined; // what seems to be a page that goes on behind the end
  let turn = reader.position + MOST_BYTES;
  while (await skipToPage(reader, turn)) {
    if (reader.position >= turn) {
      yield undefined;
      turn = reader.position + MOST_BYTES;
      continue;
    }
    const bytes = await reader.ahead(await pageLength(reader));
    const page = pageAt(bytes, 0);
    if (page && checksum(bytes) === checksumOf(bytes)) {
      yield page;
      await reader.skip(bytes.length);
      cut = undefined;
    } else {
      const fitting = page && whatFits(page);
      if (page && fitting !== page.lacing) cut ??= { ...page, lacing: fitting!, granule: -1, isLast: false };
      tried += page ? bytes.length : 0;
      if (tried > MOST_BYTES + MOST_TIMES * reader.position) break;
      await reader.skip(1);
    }
  }
  if (cut) yield cut;
}

/**
 * Whether one of the streams that begin a file, has a first packet with this beginning.
 *
 * @param bytes the beginning of the file
 * @param signature of the codec
 */
export function holdsStream(bytes: Uint8Array, signature: string): boolean {
  if (!isOggPage(bytes, 0)) return false;
  if (startsWith(bytes, signature, firstPacket(bytes))) return true;
  for (let at = 0, page = pageAt(bytes, 0); page?.isFirst; page = pageAt(bytes, at)) {
    if (startsWith(page.body, signature)) return true;
    at += HEADER + page.lacing.length + page.body.length;
  }
  return false;
}

/** Whether a page begins here. */
export function isOggPage(bytes: Uint8Array, at: number): boolean {
  return startsWith(bytes, 'OggS', at);
}

/** Where a file's first packet begins, which names its codec; the end of the bytes where they are no Ogg. */
export function firstPacket(bytes: Uint8Array): number {
  return isOggPage(bytes, 0) ? HEADER + (bytes[26] ?? 0) : bytes.length;
}

/**
 * Reads up to what looks like the next page.
 *
 * @param turn position from which on it is given up for now
 * @returns whether there are bytes left
 */
async function skipToPage(reader: ByteReader, turn: number): Promise<boolean> {
  for (let step = 4; reader.position < turn; step = STEP) {
    const bytes = await reader.ahead(step);
    let at = bytes.indexOf(0x4f);
    while (at >= 0 && at + 4 <= bytes.length && !isOggPage(bytes, at)) at = bytes.indexOf(0x4f, at + 1);
    const isFound = isOggPage(bytes, at);
    const isAll = bytes.length < step;
    await reader.skip(isFound || (at >= 0 && !isAll) ? at : bytes.length);
    if (isFound || isAll) return isFound;
  }
  return true;
}

/** The bytes of the page that seems to be next, as its header has them. */
async function pageLength(reader: ByteReader): Promise<number> {
  const header = await reader.ahead(HEADER);
  const start = HEADER + (header[26] ?? 0);
  return (await reader.ahead(start)).subarray(HEADER).reduce((sum, size) => sum + size, start);
}

/** The page that seems to be here, as far as there are bytes of it. */
function pageAt(bytes: Uint8Array, at: number): WholePage | undefined {
  const start = at + HEADER + (bytes[at + 26] ?? 0);
  if (start > bytes.length || !isOggPage(bytes, at) || bytes[at + 4] !== 0) return undefined;
  const lacing = bytes.subarray(at + HEADER, start);
  const end = lacing.reduce((sum, size) => sum + size, start);
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, start - at);
  const flags = view.getUint8(5);
  return {
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    continues: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    granule: Number(view.getBigInt64(6, true)),
    lacing,
    body: bytes.subarray(start, end),
  };
}

/** The lengths of those pieces of a page that are there. */
function whatFits({ lacing, body }: WholePage): Uint8Array {
  let end = 0;
  const count = lacing.findIndex((size) => {
    end += size;
    return end > body.length;
  });
  return count < 0 ? lacing : lacing.subarray(0, count);
}

/** What a byte does to the checksum: 32 bits, polynomial 0x04c11db7, neither end reflected. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

/** Of a page, with its own checksum taken as 0. */
function checksum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : page[i]!;
    crc = (crc << 8) ^ CRC[(crc >>> 24) ^ byte]!;
  }
  return crc >>> 0;
}

/** The checksum that a page has in its header. */
function checksumOf(page: Uint8Array): number {
  return new DataView(page.buffer, page.byteOffset).getUint32(22, true);
}
