// bytes that no decoder knows → what they are, in words for messages

import { mp4Codec } from './mp4.ts';
import { firstPacket, isOggPage } from './oggPages.ts';
import { startsWith } from './startsWith.ts';
import { tracksOf } from './webm.ts';

/** Formats that are known by their beginning and not decoded here: [offset, bytes as Latin-1, what it is]. */
const SIGNATURES: readonly (readonly [number, string, string])[] = [
  [0, 'RIFX', 'a big-endian WAV file (RIFX)'],
  [0, 'FORM', 'an IFF file of another kind than AIFF'],
  [0, 'ajkg', 'a Shorten file'],
  [0, 'wvpk', 'a WavPack file'],
  [0, 'MAC ', "a Monkey's Audio file"],
  [0, 'ADIF', 'an AAC file'],
  [0, '#!AMR\n', 'an AMR file (narrow band)'],
  [0, '#!AMR-WB', 'an AMR file (wide band)'],
  [0, '#!AMR', 'an AMR file'],
  [0, '\x30\x26\xb2\x75', 'a Windows Media file (WMA)'],
  [0, 'PK\x03\x04', 'a zip archive'],
  [0, '\x1f\x8b', 'a gzip file'],
  [0, '%PDF', 'a PDF document'],
  [0, '\x89PNG', 'a PNG image'],
  [0, '\xff\xd8\xff', 'a JPEG image'],
];

/** What the first packet of an Ogg stream begins with. */
const OGG_CODECS: readonly (readonly [string, string])[] = [['Speex   ', 'Speex']];

/**
 * What a file is that no decoder has recognised: `an AMR file`.
 *
 * @param bytes its beginning
 * @param isBehind whether there are tags before them
 */
export function describeUnsupported(bytes: Uint8Array, isBehind = false): string {
  const known = knownAs(bytes);
  if (known !== undefined) return isBehind ? `${known} behind a tag` : known;
  if (isBehind) return 'a tag (ID3 or APE) that no sound follows';
  if (bytes.length === 0) return 'no bytes at all';
  const head = bytes.subarray(0, 64);
  if (head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13) && isUtf8(head)) {
    return `text, beginning with "${printable(head.subarray(0, 24))}"`;
  }
  const hex = Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `${bytes.length} bytes of an unknown format, beginning with ${hex}`;
}

/** What bytes are by their beginning, whether it is decoded or not; undefined where that tells nothing. */
export function knownAs(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, 'RIFF') || startsWith(bytes, 'RF64') || startsWith(bytes, 'BW64')) {
    return `a RIFF file of another kind than WAVE (${printable(bytes.subarray(8, 12))})`;
  }
  if (isOggPage(bytes, 0)) {
    const [, codec = undefined] =
      OGG_CODECS.find(([signature]) => startsWith(bytes, signature, firstPacket(bytes))) ?? [];
    return `an Ogg file with ${codec ?? 'an unknown codec'}`;
  }
  if (startsWith(bytes, 'ftyp', 4)) return `an MP4 file (M4A)${withCodec(mp4Codec(bytes))}`;
  if (startsWith(bytes, '\x1a\x45\xdf\xa3')) return `a WebM or Matroska file${withCodec(tracksOf(bytes)[0]?.codec)}`;
  if (startsWith(bytes, 'caff')) return `a Core Audio file (CAF) with '${printable(bytes.subarray(28, 32))}' samples`;
  if (startsWith(bytes, 'ID3')) return 'a tag (ID3 or APE) that no sound follows';
  for (const [offset, signature, found] of SIGNATURES) if (startsWith(bytes, signature, offset)) return found;
  return bytes[0] === 0xff && (bytes[1]! & 0xf6) === 0xf0 ? 'an AAC file (ADTS)' : undefined;
}

const withCodec = (codec: string | undefined) => (codec ? ` with ${codec}` : '');

function isUtf8(bytes: Uint8Array): boolean {
  // A character may be cut at the end of what was taken: `stream` has the decoder expect more.
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function printable(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
}
