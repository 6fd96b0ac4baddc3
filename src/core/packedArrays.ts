// JSON + Float32Arrays → bytes, and back

import { crc32 } from './crc32.ts';
import { parseJson } from './json.ts';
import { isUint8Array } from './realm.ts';

/**
 * What a packed file holds: a JSON header and float arrays whose lengths the header's owner knows.
 *
 * The layout, all little-endian: 8 bytes magic, uint32 CRC-32 of all that follows, uint32 length of the header, the header
 * as UTF-8 JSON (`{ header, lengths }`) padded by spaces to a multiple of 4, then the arrays one after the other.
 */
export interface PackedArrays<T> {
  /** Plain JSON. */
  readonly header: T;
  /** The arrays, in the order they were packed in. */
  readonly arrays: readonly Float32Array[];
}

/** Where the header starts. */
const START = 16;

/**
 * Packs a JSON header and float arrays into one block of bytes.
 *
 * @param magic eight ASCII characters that say what kind of file this is
 */
export function packArrays(magic: string, header: unknown, arrays: readonly Float32Array[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ header, lengths: arrays.map((array) => array.length) }));
  const headerLength = Math.ceil(json.length / 4) * 4;
  const floats = arrays.reduce((sum, array) => sum + array.length, 0);
  const bytes = new Uint8Array(START + headerLength + 4 * floats);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(12, headerLength, true);
  bytes.fill(0x20, START, START + headerLength);
  bytes.set(json, START);
  let offset = START + headerLength;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += array.byteLength;
  }
  view.setUint32(8, checksumOf(bytes), true);
  return bytes;
}

/**
 * Reads what {@link packArrays} wrote. A right checksum is no proof of who wrote it: lengths are held against the bytes that are
 * there, and what the header holds is its owner's to check.
 *
 * @returns undefined where the bytes are of another kind, damaged or cut short, or no bytes at all
 */
export function unpackArrays(magic: string, bytes: Uint8Array): PackedArrays<unknown> | undefined {
  if (!isUint8Array(bytes) || bytes.length < START) return undefined;
  if (new TextDecoder().decode(bytes.subarray(0, 8)) !== magic) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(8, true) !== checksumOf(bytes)) return undefined;
  const floatsStart = START + view.getUint32(12, true);
  if (bytes.length < floatsStart) return undefined;
  const content = contentOf(bytes.subarray(START, floatsStart));
  if (!content) return undefined;
  const { header, lengths } = content;
  if (bytes.length !== floatsStart + 4 * lengths.reduce((sum, length) => sum + length, 0)) return undefined;
  // Copied, since a view would need the caller's bytes to lie on a multiple of 4 and never to change; and not by `slice`,
  // which of Node's Buffer is a view too.
  const values = new Float32Array(new Uint8Array(bytes.subarray(floatsStart)).buffer);
  const arrays: Float32Array[] = [];
  let offset = 0;
  for (const length of lengths) {
    arrays.push(values.subarray(offset, offset + length));
    offset += length;
  }
  return { header, arrays };
}

/** What is in the header, where it is one of ours and every length can be one. */
function contentOf(json: Uint8Array): { header: unknown; lengths: readonly number[] } | undefined {
  let content: { header?: unknown; lengths?: unknown } | null;
  try {
    content = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(json)) as typeof content;
  } catch {
    return undefined;
  }
  const lengths = content?.lengths;
  const isLength = (length: unknown): length is number => Number.isSafeInteger(length) && (length as number) >= 0;
  if (!Array.isArray(lengths) || !lengths.every(isLength)) return undefined;
  return { header: content?.header, lengths };
}

function checksumOf(bytes: Uint8Array): number {
  return Number.parseInt(crc32(bytes.subarray(12)), 16);
}
