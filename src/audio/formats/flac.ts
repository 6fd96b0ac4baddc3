// bytes of a FLAC file, in Ogg or not → pieces of sound

import type { ByteReader } from '../../core/byteReader.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { flacFrames, inLists, isFrame } from './flacFrames.ts';
import { keepDecoder } from './keptDecoders.ts';
import { oggPackets } from './oggPackets.ts';
import { holdsStream, isOggPage } from './oggPages.ts';
import { startsWith } from './startsWith.ts';
import { type Decoded, openWasmDecoder } from './wasmDecoder.ts';

/** What the first packet of a stream in Ogg begins with. (RFC 9639, section 10.1) */
const OGG_HEAD = '\x7fFLAC';

/** FLAC, by itself, behind ID3 or APE tags, where it is tolerated, or in Ogg, decoded by libFLAC. */
export const flac: AudioFormat = {
  name: 'FLAC',
  sniff(bytes) {
    if (startsWith(bytes, 'fLaC')) return 'a FLAC file';
    return holdsStream(bytes, OGG_HEAD) ? 'an Ogg file with FLAC' : undefined;
  },
  decode: decodeFlac,
};

async function* decodeFlac(reader: ByteReader): AsyncGenerator<AudioPiece> {
  const decoder = await openWasmDecoder(
    flac.name,
    async () => new (await import('@wasm-audio-decoders/flac')).FLACDecoder(),
  );
  const isInOgg = isOggPage(await reader.ahead(4), 0);
  for await (const frames of inLists(isInOgg ? framesInOgg(reader) : flacFrames(reader))) {
    yield rescaled(await decoder.decodeFrames(frames));
  }
  keepDecoder(decoder);
}

/** The frames of the streams in Ogg: each is a packet, behind some of headers. Undefined behind each page, so that it is heard. */
async function* framesInOgg(reader: ByteReader): AsyncGenerator<Uint8Array | undefined> {
  for await (const page of oggPackets(reader, OGG_HEAD)) {
    for (const packet of page?.packets ?? []) if (isFrame(packet)) yield packet;
    yield undefined;
  }
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
