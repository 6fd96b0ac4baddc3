// bytes of a file → those behind the tags and zeros at its beginning
//
// Tags belong before MP3, and people's programs put them before everything else.

import type { ByteReader } from '../../core/byteReader.ts';
import { startsWith } from './startsWith.ts';

/** Bytes of a tag at most: with pictures, they have some mebibytes. */
const MOST_TAG = 2 ** 25;
/** Zeros that are skipped: no tag pads more, and a file of nothing else is soon known. */
const MOST_ZEROS = 2 ** 24;
/** Items of an APE tag that are read. */
const MOST_ITEMS = 1000;

/**
 * Reads the tags at the beginning, ID3v2 and APEv2, and the zeros behind them. Of a tag that claims more than the file has only the
 * header is read.
 *
 * @returns whether there was one
 */
export async function skipTags(reader: ByteReader): Promise<boolean> {
  const from = reader.position;
  for (let size = await tagSize(reader); size > 0; size = await tagSize(reader)) await reader.skip(size);
  if (reader.position === from) return false;
  if (!startsWith(await reader.ahead(8), 'ftyp', 4)) await skipZeros(reader); // MP4 begins with zeros
  return true;
}

/** Reads the zeros that come next, or enough of them. @returns whether there were any */
export async function skipZeros(reader: ByteReader): Promise<boolean> {
  const from = reader.position;
  while (reader.position - from < MOST_ZEROS) {
    const bytes = await reader.ahead(2 ** 16);
    const zeros = bytes.findIndex((byte) => byte !== 0);
    await reader.skip(zeros < 0 ? bytes.length : zeros);
    if (zeros >= 0 || bytes.length === 0) break;
  }
  return reader.position > from;
}

/** The bytes of the tag that begins here, its header and footer among them; 0 where none does. */
async function tagSize(reader: ByteReader): Promise<number> {
  const head = await reader.ahead(32);
  const header = startsWith(head, 'ID3') ? 10 : startsWith(head, 'APETAGEX') ? 32 : 0;
  if (header === 0 || header > head.length) return 0;
  const size = header === 10 ? 10 + id3Size(head) : apeSize(await reader.ahead(MOST_TAG));
  return size > MOST_TAG || (await reader.ahead(size)).length < size ? header : size;
}

/** What follows an ID3v2 header: four times seven bits, and a footer, if any, which is not counted in them. */
function id3Size(bytes: Uint8Array): number {
  const [flags, a, b, c, d] = bytes.subarray(5, 10) as unknown as [number, number, number, number, number];
  return (((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127)) + (flags & 0x10 ? 10 : 0);
}

/** An APEv2 tag: header, items, each with its size, and a footer. The tag's own size is counted in several ways. */
function apeSize(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items = Math.min(view.getUint32(16, true), MOST_ITEMS);
  let at = 32;
  for (let i = 0; i < items && at + 8 < bytes.length; i++) {
    const value = bytes.indexOf(0, at + 8) + 1; // behind the key
    at = value === 0 ? bytes.length + 1 : value + view.getUint32(at, true);
  }
  return at + (startsWith(bytes, 'APETAGEX', at) ? 32 : 0);
}
