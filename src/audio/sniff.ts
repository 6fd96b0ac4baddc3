// bytes → the format they are in, by their content

/** Formats that are decoded here. */
export type DecodedFormat = 'wav' | 'flac' | 'mp3' | 'vorbis';

/** What bytes turned out to be. */
export interface Sniffed {
  /** Set where the format is decoded here; otherwise the platform may know it. */
  readonly format?: DecodedFormat | undefined;
  /** In words, for messages: `an AIFF file`. */
  readonly found: string;
}

/** Formats with a fixed beginning: [offset, bytes as Latin-1, what it is, format if it is decoded here]. */
const SIGNATURES: readonly (readonly [number, string, string, DecodedFormat?])[] = [
  [0, 'fLaC', 'a FLAC file', 'flac'],
  [0, 'RIFX', 'a big-endian WAV file (RIFX)'],
  [0, 'FORM', 'an AIFF file'],
  [0, 'caff', 'a Core Audio file (CAF)'],
  [0, '.snd', 'a Sun/NeXT audio file (AU)'],
  [0, 'wvpk', 'a WavPack file'],
  [0, 'MAC ', "a Monkey's Audio file"],
  [0, 'ADIF', 'an AAC file'],
  [0, '#!AMR', 'an AMR file'],
  [4, 'ftyp', 'an MP4 file (M4A)'],
  [0, '\x1a\x45\xdf\xa3', 'a WebM or Matroska file'],
  [0, '\x30\x26\xb2\x75', 'a Windows Media file (WMA)'],
  [0, 'PK\x03\x04', 'a zip archive'],
  [0, '\x1f\x8b', 'a gzip file'],
  [0, '%PDF', 'a PDF document'],
  [0, '\x89PNG', 'a PNG picture'],
  [0, '\xff\xd8\xff', 'a JPEG picture'],
];

/** What an Ogg stream's first packet begins with. */
const OGG_CODECS: readonly (readonly [string, string, DecodedFormat?])[] = [
  ['\x01vorbis', 'Vorbis', 'vorbis'],
  ['\x7fFLAC', 'FLAC', 'flac'],
  ['OpusHead', 'Opus'],
  ['Speex   ', 'Speex'],
];

/** Tells the format of encoded audio from its bytes; reads no further than the first frames. */
export function sniff(bytes: Uint8Array): Sniffed {
  if (bytes.length === 0) return { found: 'no bytes at all' };
  if (startsWith(bytes, 'RIFF') || startsWith(bytes, 'RF64') || startsWith(bytes, 'BW64')) {
    if (startsWith(bytes, 'WAVE', 8)) return { format: 'wav', found: 'a WAV file' };
    return { found: `a RIFF file of another kind than WAVE (${printable(bytes.subarray(8, 12))})` };
  }
  if (startsWith(bytes, 'OggS')) return sniffOgg(bytes);
  if (startsWith(bytes, 'ID3')) return sniffTagged(bytes);
  for (const [offset, signature, found, format] of SIGNATURES) {
    if (startsWith(bytes, signature, offset)) return format ? { format, found } : { found };
  }
  if (mpegFramesAt(bytes, 0)) return { format: 'mp3', found: 'an MP3 file' };
  if (bytes[0] === 0xff && (bytes[1]! & 0xf6) === 0xf0) return { found: 'an AAC file (ADTS)' };
  const head = bytes.subarray(0, 64);
  if (head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13) && isUtf8(head)) {
    return { found: `text, beginning with "${printable(head.subarray(0, 24))}"` };
  }
  const hex = Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return { found: `${bytes.length} bytes of an unknown format, beginning with ${hex}` };
}

function sniffOgg(bytes: Uint8Array): Sniffed {
  const packet = 27 + (bytes[26] ?? 0); // a page is 27 bytes, as many segment sizes as the last of these says, packets
  for (const [signature, codec, format] of OGG_CODECS) {
    if (startsWith(bytes, signature, packet)) {
      const found = `an Ogg file with ${codec}`;
      return format ? { format, found } : { found };
    }
  }
  return { found: 'an Ogg file with an unknown codec' };
}

/** ID3v2 tags may precede MP3, where they belong, and FLAC, where they are tolerated; tags are often padded. */
function sniffTagged(bytes: Uint8Array): Sniffed {
  const start = afterId3(bytes);
  if (startsWith(bytes, 'fLaC', start)) return { format: 'flac', found: 'a FLAC file with an ID3 tag' };
  const end = Math.min(bytes.length, start + 2 ** 16);
  for (let at = start; at < end; at++) {
    if (mpegFramesAt(bytes, at)) return { format: 'mp3', found: 'an MP3 file' };
  }
  return { found: 'an ID3 tag that no MP3 or FLAC follows' };
}

/** Where the ID3v2 tags at the beginning end; 0 without any. */
function afterId3(bytes: Uint8Array): number {
  let at = 0;
  while (startsWith(bytes, 'ID3', at) && at + 10 <= bytes.length) {
    const [flags, a, b, c, d] = bytes.subarray(at + 5, at + 10) as unknown as [number, number, number, number, number];
    // The size is four times seven bits; a footer, if any, is not counted in it.
    at += 10 + (((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127)) + (flags & 0x10 ? 10 : 0);
  }
  return at;
}

const LAYER3_KBPS = [
  [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], // MPEG 1
  [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160], // MPEG 2 and 2.5
] as const;
const MPEG1_RATES = [44_100, 48_000, 32_000] as const;

/** Whether a layer III frame begins here and another of its kind follows, or the bytes end: eleven bits prove nothing. */
function mpegFramesAt(bytes: Uint8Array, at: number): boolean {
  const length = mpegFrameLength(bytes, at);
  if (length === 0) return false;
  const next = at + length;
  if (next + 4 > bytes.length) return at + 4 <= bytes.length && next <= bytes.length;
  return mpegFrameLength(bytes, next) > 0 && ((bytes[at + 1]! ^ bytes[next + 1]!) & 0xfe) === 0;
}

function mpegFrameLength(bytes: Uint8Array, at: number): number {
  const [sync = 0, kind = 0, rates = 0] = bytes.subarray(at, at + 3);
  const version = (kind >> 3) & 3; // 0: MPEG 2.5, 1: reserved, 2: MPEG 2, 3: MPEG 1
  const isLayer3 = ((kind >> 1) & 3) === 1;
  const kbps = LAYER3_KBPS[version === 3 ? 0 : 1][(rates >> 4) - 1];
  const mpeg1Rate = MPEG1_RATES[(rates >> 2) & 3];
  if (sync !== 0xff || kind < 0xe0 || version === 1 || !isLayer3 || !kbps || !mpeg1Rate) return 0;
  const rate = mpeg1Rate / [4, 1, 2, 1][version]!;
  const padding = (rates >> 1) & 1;
  return Math.floor(((version === 3 ? 144_000 : 72_000) * kbps) / rate) + padding;
}

function startsWith(bytes: Uint8Array, signature: string, offset = 0): boolean {
  if (offset + signature.length > bytes.length) return false;
  for (let i = 0; i < signature.length; i++) if (bytes[offset + i] !== signature.charCodeAt(i)) return false;
  return true;
}

function isUtf8(bytes: Uint8Array): boolean {
  // A character may be cut at the end of what was taken, so the decoder is told that more follows.
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
