// bytes of an MP3 file → pieces of sound

import type { AudioDecoder, AudioPiece } from '../audioDecoder.ts';
import { afterId3 } from './id3.ts';
import { slices } from './slices.ts';
import { openWasmDecoder } from './wasmDecoder.ts';

/** Bytes behind an ID3 tag in which the first frame is looked for: tags are often padded. */
const MOST_PADDING = 2 ** 16;

/** MP3: MPEG 1, 2 and 2.5, layer III, decoded by mpg123. */
export const mp3: AudioDecoder = {
  name: 'MP3',
  sniff(bytes) {
    const start = afterId3(bytes);
    const end = start === 0 ? 1 : Math.min(bytes.length, start + MOST_PADDING);
    for (let at = start; at < end; at++) if (framesAt(bytes, at)) return 'an MP3 file';
    return undefined;
  },
  decode: decodeMp3,
};

async function* decodeMp3(bytes: Uint8Array): AsyncGenerator<AudioPiece> {
  const decoder = await openWasmDecoder(mp3.name, async () => new (await import('mpg123-decoder')).MPEGDecoder());
  for (const slice of slices(bytes)) {
    const { channelData, sampleRate } = await decoder.decode(slice);
    yield { channels: channelData, sampleRate };
  }
  decoder.free();
}

const LAYER3_KBPS = [
  [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], // MPEG 1
  [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160], // MPEG 2 and 2.5
] as const;
const MPEG1_RATES = [44_100, 48_000, 32_000] as const;

/** Whether a layer III frame begins here and another of its kind follows, or the bytes end: eleven bits prove nothing. */
function framesAt(bytes: Uint8Array, at: number): boolean {
  const length = frameLength(bytes, at);
  if (length === 0) return false;
  const next = at + length;
  if (next + 4 > bytes.length) return at + 4 <= bytes.length && next <= bytes.length;
  return frameLength(bytes, next) > 0 && ((bytes[at + 1]! ^ bytes[next + 1]!) & 0xfe) === 0;
}

/** The bytes of the frame whose header is here; 0 where none is. */
function frameLength(bytes: Uint8Array, at: number): number {
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
