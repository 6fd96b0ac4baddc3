// encoded bytes → the decoder of their format
//
// One ordered table: a format is a file in formats/ and a line here. Those that a host registers are asked before these.

import { checkFunction, checkObject, checkString } from '../core/check.ts';
import type { AudioDecoder } from './audioDecoder.ts';
import { aiff } from './formats/aiff.ts';
import { au } from './formats/au.ts';
import { caf } from './formats/caf.ts';
import { flac } from './formats/flac.ts';
import { mp3 } from './formats/mp3.ts';
import { opus } from './formats/opus.ts';
import { sphere } from './formats/sphere.ts';
import { vorbis } from './formats/vorbis.ts';
import { w64 } from './formats/w64.ts';
import { wav } from './formats/wav.ts';
import { webm } from './formats/webm.ts';

/** The library's own decoders. */
const DECODERS: readonly AudioDecoder[] = [
  wav, // RIFF, RF64, BW64; plain samples, ADPCM, GSM 6.10, MP3
  flac, // by itself, behind an ID3 tag, in Ogg
  vorbis, // in Ogg
  opus, // in Ogg
  webm, // Opus and Vorbis in WebM or Matroska
  aiff, // and AIFF-C
  au, // .au, .snd
  w64, // Sony's Wave64
  sphere, // NIST's, of speech corpora
  caf, // of plain samples
  mp3, // MPEG 1, 2 and 2.5, layer III; the last one, as it is found wherever its frames are
];

const registered: AudioDecoder[] = [];

/**
 * Adds a format, which `toWaveform`, `decodeAudio` and all that reads recordings can decode from then on, in this thread.
 *
 * A host's decoders are asked before the library's own, the one registered last first: they can take over a format that the
 * library decodes as well.
 *
 * @param decoder what recognises and decodes the format; registering it once more changes nothing
 * @throws {TypeError} when it is not a decoder
 * @throws {RangeError} when another decoder has its name
 * @example
 * registerDecoder({
 *   name: 'raw PCM',
 *   sniff: (bytes) => (bytes[0] === 0x52 ? 'raw PCM' : undefined),
 *   *decode(bytes) {
 *     yield { channels: [Float32Array.from(bytes, (byte) => byte / 128 - 1)], sampleRate: 8000 };
 *   },
 * });
 */
export function registerDecoder(decoder: AudioDecoder): void {
  const { name, sniff, decode } = checkObject('register a decoder', 'decoder', decoder);
  checkString('register a decoder', 'name', name);
  checkFunction('register a decoder', 'sniff', sniff);
  checkFunction('register a decoder', 'decode', decode);
  const same = [...DECODERS, ...registered].find((other) => other.name === name);
  if (same === decoder) return;
  if (same) throw new RangeError(`Cannot register a decoder: name must be a new one, got '${name}'`);
  registered.unshift(decoder);
}

/** The decoder of some bytes, and what they are in words; undefined where there is none. */
export function findDecoder(bytes: Uint8Array): { decoder: AudioDecoder; found: string } | undefined {
  for (const decoder of [...registered, ...DECODERS]) {
    const found = decoder.sniff(bytes);
    if (found !== undefined) return { decoder, found };
  }
  return undefined;
}

/** The names of all formats that are decoded, for messages: the library's own, then those of the host. */
export function decoderNames(): string[] {
  return [...DECODERS, ...registered.toReversed()].map(({ name }) => name);
}
