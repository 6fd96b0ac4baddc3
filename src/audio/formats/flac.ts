// bytes of a FLAC file, in Ogg or not → pieces of sound

import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { flacFrames, samplesInFrame } from './flacFrames.ts';
import { firstPacket, isOggPage, oggPieces } from './ogg.ts';
import { startsWith } from './startsWith.ts';
import { type Decoded, openWasmDecoder } from './wasmDecoder.ts';
import { wholly } from './wholly.ts';

/** FLAC, by itself, behind ID3 or APE tags, where it is tolerated, or in Ogg, decoded by libFLAC. */
export const flac: AudioFormat = {
  name: 'FLAC',
  sniff(bytes) {
    if (startsWith(bytes, 'fLaC')) return 'a FLAC file';
    return startsWith(bytes, '\x7fFLAC', firstPacket(bytes)) ? 'an Ogg file with FLAC' : undefined;
  },
  decode: wholly(decodeFlac),
};

async function* decodeFlac(bytes: Uint8Array): AsyncGenerator<AudioPiece> {
  const decoder = await openWasmDecoder(
    flac.name,
    async () => new (await import('@wasm-audio-decoders/flac')).FLACDecoder(),
  );
  if (isOggPage(bytes, 0)) {
    for (const piece of oggFlacPieces(bytes)) yield rescaled(await decoder.decode(piece));
    yield rescaled(await decoder.flush());
  } else {
    for (const frames of flacFrames(bytes)) yield rescaled(await decoder.decodeFrames(frames));
  }
  decoder.free();
}

/**
 * Pieces of FLAC in Ogg, in order and without a gap.
 *
 * @throws {AudioFormatError} at a page that holds more than sound would
 */
export function oggFlacPieces(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  return oggPieces(bytes, ({ body }) => samplesIn(body));
}

/** Samples in whatever looks like the beginning of a frame. */
function samplesIn(page: Uint8Array): number {
  let samples = 0;
  for (let at = 0; at + 3 < page.length; at++) {
    if (page[at] === 0xff && (page[at + 1]! & 0xfe) === 0xf8) samples += samplesInFrame(page, at);
  }
  return samples;
}

/**
 * Puts samples on the scale of every other format, so that a FLAC gives exactly what its WAV does: the decoder (0.2.11) divides
 * 16-bit integers by 32767, all else here divides by 32768.
 */
function rescaled({ channelData, sampleRate, bitDepth = 16 }: Decoded): AudioPiece {
  const fullScale = 2 ** (bitDepth - 1);
  for (const channel of channelData) {
    for (let i = 0; i < channel.length; i++) channel[i] = Math.round(channel[i]! * (fullScale - 1)) / fullScale;
  }
  return { channels: channelData, sampleRate };
}
