// bytes of an Ogg file with Vorbis → pieces of sound

import type { ByteReader } from '../../core/byteReader.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { oggPackets } from './oggPackets.ts';
import { holdsStream } from './oggPages.ts';
import { openVorbis, VORBIS_HEAD, type VorbisStream } from './vorbisStream.ts';

/** Vorbis in Ogg, also beside video and chained, decoded by libvorbis. */
export const vorbis: AudioFormat = {
  name: 'Ogg Vorbis',
  sniff: (bytes) => (holdsStream(bytes, VORBIS_HEAD) ? 'an Ogg file with Vorbis' : undefined),
  decode: decodeVorbis,
};

async function* decodeVorbis(reader: ByteReader): AsyncGenerator<AudioPiece> {
  let stream: VorbisStream | undefined;
  for await (const page of oggPackets(reader, VORBIS_HEAD)) {
    if (page?.begins) {
      stream?.close();
      stream = await openVorbis(vorbis.name);
    }
    if (page && stream) yield* stream.decode(page.packets, page.most);
    else yield { channels: [], sampleRate: 0 };
  }
  stream?.close();
}
