// bytes → where what follows the ID3 tags begins

import { startsWith } from './startsWith.ts';

/** Where the ID3v2 tags at the beginning end; 0 without any. They may precede MP3, where they belong, and FLAC. */
export function afterId3(bytes: Uint8Array): number {
  let at = 0;
  while (startsWith(bytes, 'ID3', at) && at + 10 <= bytes.length) {
    const [flags, a, b, c, d] = bytes.subarray(at + 5, at + 10) as unknown as [number, number, number, number, number];
    // The size is four times seven bits; a footer, if any, is not counted in it.
    at += 10 + (((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127)) + (flags & 0x10 ? 10 : 0);
  }
  return at;
}
