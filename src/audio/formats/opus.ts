// bytes of an Ogg file with Opus → pieces of sound

import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { holdsStream, Packets, type WholePage, wholePages } from './oggPages.ts';
import { opusSamples, readOpusHead } from './opusPackets.ts';
import { type OpusStream, openOpus } from './opusStream.ts';
import { startsWith } from './startsWith.ts';
import { wholly } from './wholly.ts';

/** What the first packet of a stream begins with. */
const HEAD = 'OpusHead';

/** Opus in Ogg, as voice messages are, also beside video and chained, decoded by libopus. (RFC 7845) */
export const opus: AudioFormat = {
  name: 'Ogg Opus',
  sniff: (bytes) => (holdsStream(bytes, HEAD) ? 'an Ogg file with Opus' : undefined),
  decode: wholly(decodeOpus),
};

/** A stream of the file. */
interface Link {
  readonly serial: number;
  readonly stream: OpusStream;
  readonly packets: Packets;
  /** Packets so far: the second is the comments. */
  count: number;
  /** The samples that the file counts up to here, if it is known. */
  granule: number | undefined;
}

async function* decodeOpus(bytes: Uint8Array): AsyncGenerator<AudioPiece> {
  let link: Link | undefined;
  for (const page of wholePages(bytes)) {
    if (page === undefined) yield { channels: [], sampleRate: 0 };
    else if (page.isFirst && startsWith(page.body, HEAD)) {
      if (link?.count === 1) continue; // beside one that has not begun: the first is heard
      link?.stream.free();
      const stream = await openOpus(readOpusHead(page.body));
      link = { serial: page.serial, stream, packets: new Packets(), count: 1, granule: undefined };
      link.packets.take(page);
    } else if (page.serial === link?.serial) {
      yield* heard(link, page);
    }
  }
  link?.stream.free();
}

/** What a page sounds like. Where its count says that the encoder's padding ends the stream, that is left out. */
function* heard(link: Link, page: WholePage): Generator<AudioPiece, void, undefined> {
  const ended = link.packets.take(page);
  const packets = ended.slice(Math.max(0, 2 - link.count));
  link.count += ended.length;
  if (packets.length === 0) return;
  const samples = packets.reduce((sum, packet) => sum + opusSamples(packet), 0);
  const before = link.granule ?? (page.isLast ? 0 : page.granule - samples);
  const most = page.isLast && page.granule >= 0 ? Math.max(0, page.granule - before) : undefined;
  if (page.granule >= 0) link.granule = page.granule;
  yield* link.stream.decode(packets, most);
}
