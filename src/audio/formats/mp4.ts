// bytes of an MP4 file → what its sound is encoded by, in words for messages

import { startsWith } from './startsWith.ts';

/** What sample entries are called, of those that sound. */
const CODECS: Readonly<Record<string, string>> = {
  mp4a: 'AAC',
  alac: 'ALAC',
  samr: 'AMR (narrow band)',
  sawb: 'AMR (wide band)',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
  Opus: 'Opus',
  fLaC: 'FLAC',
  '.mp3': 'MP3',
};

/** The first codec of a file that sounds: `AAC`; undefined where none is known. */
export function mp4Codec(bytes: Uint8Array): string | undefined {
  const movie = box(bytes, 'moov');
  for (let at = movie.indexOf(0x73); at >= 0; at = movie.indexOf(0x73, at + 1)) {
    if (!startsWith(movie, 'stsd', at)) continue; // its name, version, count; then the entry's size and name
    const codec = CODECS[String.fromCharCode(...movie.subarray(at + 16, at + 20))];
    if (codec) return codec;
  }
  return undefined;
}

/** What a box of the file holds, as far as it is there. */
function box(bytes: Uint8Array, name: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    let size = view.getUint32(at);
    if (size === 1 && at + 16 <= bytes.length) size = Number(view.getBigUint64(at + 8));
    const end = size === 0 ? bytes.length : at + Math.max(8, size);
    if (startsWith(bytes, name, at + 4)) return bytes.subarray(at + 8, end);
    at = end;
  }
  return bytes.subarray(0, 0);
}
