// bytes → where what follows the tags at the beginning begins

import { startsWith } from './startsWith.ts';

/**
 * Where the tags at the beginning end, ID3v2 and APEv2, and the zeros behind them; 0 without any tag. They belong before MP3, and
 * people's programs put them before everything else. A tag that claims more than the file has is only its header.
 */
export function afterTags(bytes: Uint8Array): number {
  let at = 0;
  for (let size = tagSize(bytes, at); size > 0; size = tagSize(bytes, at)) at += size;
  return at === 0 || startsWith(bytes, 'ftyp', at + 4) ? at : afterZeros(bytes, at); // MP4 begins with zeros
}

/** Where the zeros end that begin here, or enough of them. */
export function afterZeros(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0 && at - from < MOST_ZEROS) at++;
  return at;
}

/** Zeros that are skipped: no tag pads more, and a file of nothing else is soon known. */
const MOST_ZEROS = 2 ** 24;

/** The bytes of the tag that begins here, its header and footer among them; 0 where none does. */
function tagSize(bytes: Uint8Array, at: number): number {
  const header = startsWith(bytes, 'ID3', at) ? 10 : startsWith(bytes, 'APETAGEX', at) ? 32 : 0;
  if (header === 0 || at + header > bytes.length) return 0;
  const size = header + (header === 10 ? id3Size(bytes, at) : apeSize(bytes, at));
  return at + size > bytes.length ? header : size;
}

/** What follows an ID3v2 header: four times seven bits, and a footer, if any, which is not counted in them. */
function id3Size(bytes: Uint8Array, at: number): number {
  const [flags, a, b, c, d] = bytes.subarray(at + 5, at + 10) as unknown as [number, number, number, number, number];
  return (((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127)) + (flags & 0x10 ? 10 : 0);
}

/** What follows an APEv2 header: items, each with its size, and a footer. The tag's own size is counted in several ways. */
function apeSize(bytes: Uint8Array, start: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items = Math.min(view.getUint32(start + 16, true), MOST_ITEMS);
  let at = start + 32;
  for (let i = 0; i < items && at + 8 < bytes.length; i++) {
    const value = bytes.indexOf(0, at + 8) + 1; // behind the key
    at = value === 0 ? bytes.length + 1 : value + view.getUint32(at, true);
  }
  return at - start - 32 + (startsWith(bytes, 'APETAGEX', at) ? 32 : 0);
}

/** Items of an APE tag that are read. */
const MOST_ITEMS = 1000;
