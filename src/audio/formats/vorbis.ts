// bytes of an Ogg file with Vorbis → pieces of sound

import type { AudioDecoder, AudioPiece } from '../audioDecoder.ts';
import { firstPacket, type OggPage, oggPieces } from './ogg.ts';
import { startsWith } from './startsWith.ts';
import { openWasmDecoder } from './wasmDecoder.ts';

/** Samples a channel that a packet holds at most: half of the longest window. (Vorbis I, section 4.2.2) */
const MOST_IN_A_PACKET = 4096;

/** Vorbis in Ogg, decoded by libvorbis. */
export const vorbis: AudioDecoder = {
  name: 'Ogg Vorbis',
  sniff: (bytes) => (startsWith(bytes, '\x01vorbis', firstPacket(bytes)) ? 'an Ogg file with Vorbis' : undefined),
  decode: decodeVorbis,
};

async function* decodeVorbis(bytes: Uint8Array): AsyncGenerator<AudioPiece> {
  const decoder = await openWasmDecoder(
    vorbis.name,
    async () => new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder(),
  );
  for (const piece of vorbisPieces(bytes)) {
    const { channelData, sampleRate } = await decoder.decode(piece);
    yield { channels: channelData, sampleRate };
  }
  const { channelData, sampleRate } = await decoder.flush();
  yield { channels: channelData, sampleRate };
  decoder.free();
}

/**
 * Pieces of a file, in order and without a gap.
 *
 * @throws {AudioFormatError} at a page that holds more than sound would
 */
export function vorbisPieces(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  let channels = 1;
  return oggPieces(bytes, ({ body, packets }: OggPage) => {
    if (isHead(body)) channels = Math.max(channels, body[11]!);
    return packets * MOST_IN_A_PACKET * channels;
  });
}

/** Whether a page begins with the identification header, '\x01vorbis', which holds the number of channels. */
function isHead(page: Uint8Array): boolean {
  return page.length > 11 && page[0] === 1 && page[1] === 0x76 && page[6] === 0x73;
}
