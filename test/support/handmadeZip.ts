// entries, field by field → a zip archive, as odd or as broken as a test wants it
//
// Written by hand after PKWARE's APPNOTE 6.3.10; zip.js, which reads archives here, would refuse to write most of these.

import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../src/core/crc32.ts';

/** An entry; what is left out is as it should be. */
export interface HandmadeEntry {
  /** A string is written as UTF-8. */
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array;
  /** 0: stored, 8: deflated. @default 0 */
  readonly method?: number;
  /** Bit 11 says that the name is UTF-8. @default 0 */
  readonly flags?: number;
  /** Extra fields of the central directory. */
  readonly extra?: Uint8Array;
  /** The unpacked size that is declared. */
  readonly size?: number;
  /** Where the directory says that the entry begins. */
  readonly offset?: number;
}

/** The archive's bytes. More than 65,534 entries make it a zip64. */
export function handmadeZip(entries: readonly HandmadeEntry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, data = new Uint8Array(0), method = 0, flags = 0, extra = new Uint8Array(0), ...odd } of entries) {
    const nameBytes = typeof name === 'string' ? new TextEncoder().encode(name) : name;
    const packed = method === 8 ? new Uint8Array(deflateRawSync(data, { level: 9 })) : data;
    const sizes = [Number.parseInt(crc32(data), 16), packed.length, odd.size ?? data.length] as const;
    const [crc, packedSize, size] = sizes;
    const common = (extraLength: number): Field[] => [
      ...([
        [2, 20],
        [2, flags],
        [2, method],
        [4, 0],
        [4, crc],
        [4, packedSize],
        [4, size],
      ] as Field[]),
      ...([
        [2, nameBytes.length],
        [2, extraLength],
      ] as Field[]),
    ];
    const local = fields([4, 0x04034b50], ...common(0));
    const rest: Field[] = [
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, odd.offset ?? at],
    ];
    directory.push(fields([4, 0x02014b50], [2, 20], ...common(extra.length), ...rest), nameBytes, extra);
    parts.push(local, nameBytes, packed);
    at += local.length + nameBytes.length + packed.length;
  }
  const directorySize = directory.reduce((sum, { length }) => sum + length, 0);
  const end = at + directorySize;
  const zip64 = entries.length > 65_534;
  const count: Field[] = zip64
    ? [
        [2, 0xffff],
        [2, 0xffff],
      ]
    : [
        [2, entries.length],
        [2, entries.length],
      ];
  const tail: Uint8Array[] = [];
  if (zip64) {
    const totals: Field[] = [
      [8, entries.length],
      [8, entries.length],
      [8, directorySize],
      [8, at],
    ];
    tail.push(fields([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], ...totals));
    tail.push(fields([4, 0x07064b50], [4, 0], [8, end], [4, 1]));
  }
  tail.push(fields([4, 0x06054b50], [2, 0], [2, 0], ...count, [4, directorySize], [4, at], [2, 0]));
  return joined([...parts, ...directory, ...tail]);
}

/** An extra field, such as Info-ZIP's Unicode path (0x7075). */
export function extraField(id: number, content: Uint8Array): Uint8Array {
  return joined([fields([2, id], [2, content.length]), content]);
}

/** Bytes, and the number that is written into them, little-endian. */
type Field = readonly [bytes: 1 | 2 | 4 | 8, value: number];

/** Numbers one after the other. */
export function fields(...list: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(list.reduce((sum, [length]) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [length, value] of list) {
    if (length === 1) view.setUint8(at, value);
    else if (length === 2) view.setUint16(at, value, true);
    else if (length === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += length;
  }
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
