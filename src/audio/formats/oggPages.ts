// bytes of an Ogg file → its pages, those that are whole; the packets in them
//
// RFC 3533, section 6. Files hold several streams at once (sound beside video), and one after the other (chained).

import { joinArrays } from '../../core/joinArrays.ts';
import { firstPacket, isOggPage } from './ogg.ts';
import { startsWith } from './startsWith.ts';

/** Bytes without a page that are looked through before the host has its turn. */
const MOST_BYTES = 2 ** 20;
/** How often the bytes are read, at most, of what looks like pages and is none: forged files have such at every byte. */
const MOST_TIMES = 8;

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
  readonly checksum: number;
  /** Lengths of the pieces of packets: a packet ends with one below 255. */
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
  /** All of it. */
  readonly bytes: Uint8Array;
}

/**
 * The pages in order; what is damaged is skipped, of a page that the end of the file cuts the beginning is given. Undefined now and
 * then, that the host may have its turn.
 */
export function* wholePages(bytes: Uint8Array): Generator<WholePage | undefined, void, undefined> {
  let budget = MOST_TIMES * bytes.length + MOST_BYTES;
  let at = bytes.indexOf(0x4f);
  let cut: WholePage | undefined; // what seems to be a page that goes on behind the end
  for (let turn = MOST_BYTES; at >= 0 && budget > 0; at = bytes.indexOf(0x4f, at)) {
    for (; at > turn; turn += MOST_BYTES) yield undefined;
    const page = isOggPage(bytes, at) ? pageAt(bytes, at) : undefined;
    if (page && checksum(page.bytes) === page.checksum) {
      yield page;
      at += page.bytes.length;
      cut = undefined;
    } else {
      if (page && whatFits(page).length < page.lacing.length) cut ??= page;
      budget -= page?.bytes.length ?? 0;
      at++;
    }
  }
  if (cut) yield { ...cut, lacing: whatFits(cut), granule: -1, isLast: false };
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

/**
 * Whether one of the streams that begin a file, has a first packet with this beginning.
 *
 * @param signature of the codec
 */
export function holdsStream(bytes: Uint8Array, signature: string): boolean {
  const file = bytes;
  if (!isOggPage(file, 0)) return false;
  if (startsWith(file, signature, firstPacket(file))) return true;
  for (const page of wholePages(file)) {
    if (!page?.isFirst) return false;
    if (startsWith(page.body, signature)) return true;
  }
  return false;
}

/** Puts the packets of one stream together. */
export class Packets {
  #rest: Uint8Array[] | undefined;
  #sequence: number | undefined;

  /** The packets that end on a page. What a lost page tears is left out. */
  take({ sequence, continues, lacing, body }: WholePage): Uint8Array[] {
    const follows = this.#sequence !== undefined && sequence === ((this.#sequence + 1) & 0xffffffff) >>> 0;
    this.#sequence = sequence;
    const packets: Uint8Array[] = [];
    let parts = continues ? (follows ? this.#rest : undefined) : [];
    let start = 0;
    let end = 0;
    for (const length of lacing) {
      end += length;
      if (length === 255) continue;
      if (parts) packets.push(joinArrays(Uint8Array, [...parts, body.subarray(start, end)]));
      parts = [];
      start = end;
    }
    if (start < end) parts?.push(body.subarray(start, end));
    this.#rest = lacing.at(-1) === 255 ? parts : undefined;
    return packets;
  }
}

/** The page that seems to be here. */
function pageAt(bytes: Uint8Array, at: number): WholePage | undefined {
  const start = at + 27 + (bytes[at + 26] ?? 0);
  if (start > bytes.length || bytes[at + 4] !== 0) return undefined;
  const lacing = bytes.subarray(at + 27, start);
  const end = Math.min(
    bytes.length,
    lacing.reduce((sum, size) => sum + size, start),
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, end - at);
  const flags = view.getUint8(5);
  return {
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    continues: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    granule: Number(view.getBigInt64(6, true)),
    checksum: view.getUint32(22, true),
    lacing,
    body: bytes.subarray(start, end),
    bytes: bytes.subarray(at, end),
  };
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
