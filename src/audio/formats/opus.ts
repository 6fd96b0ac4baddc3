// bytes of an Ogg file with Opus → pieces of sound

import type { ByteReader } from '../../core/byteReader.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { oggPackets } from './oggPackets.ts';
import { holdsStream } from './oggPages.ts';
import { readOpusHead } from './opusPackets.ts';
import { type OpusStream, openOpus } from './opusStream.ts';

/** What the first packet of a stream begins with. */
const HEAD = 'OpusHead';

/** Opus in Ogg, as voice messages are, also beside video and chained, decoded by libopus. (RFC 7845) */
export const opus: AudioFormat = {
  name: 'Ogg Opus',
  sniff: (bytes) => (holdsStream(bytes, HEAD) ? 'an Ogg file with Opus' : undefined),
  decode: decodeOpus,
};

async function* decodeOpus(reader: ByteReader): AsyncGenerator<AudioPiece> {
  let stream: OpusStream | undefined;
  let headers = 0; // of two, the identification and the comments, those that are still to come
  for await (const page of oggPackets(reader, HEAD)) {
    if (page?.begins) {
      stream?.close();
      stream = await openOpus(readOpusHead(page.packets[0] ?? new Uint8Array(0)));
      headers = 2;
    }
    const packets = page?.packets.slice(headers) ?? [];
    headers = Math.max(0, headers - (page?.packets.length ?? 0));
    if (stream && packets.length > 0) yield* stream.decode(packets, page?.most);
    else yield { channels: [], sampleRate: 0 };
  }
  stream?.close();
}
