// bytes of an Ogg file, a codec → the packets of its streams that are heard
//
// RFC 3533, section 6.

import type { ByteReader } from '../../core/byteReader.ts';
import { joinArrays } from '../../core/joinArrays.ts';
import { type WholePage, wholePages } from './oggPages.ts';
import { startsWith } from './startsWith.ts';

/** Bytes of a packet that are kept: none of sound has more, comments with a picture do. */
const MOST_BYTES = 2 ** 20;

/** The packets that end on a page. */
export interface PagePackets {
  /** Whether a stream begins here: with its first packet, which names the codec. */
  readonly begins: boolean;
  readonly packets: readonly Uint8Array[];
  /** What of these is heard, as the codec counts, where the page ends the stream: what is beyond is the encoder's padding. */
  readonly most: number | undefined;
}

/**
 * The packets of the streams of one codec, page by page: of streams that begin together the first, of chained ones each in turn.
 * Undefined now and then, that the host may have its turn.
 *
 * @param signature what the first packet of a stream begins with
 */
export async function* oggPackets(
  reader: ByteReader,
  signature: string,
): AsyncGenerator<PagePackets | undefined, void, undefined> {
  let stream: Stream | undefined;
  for await (const page of wholePages(reader)) {
    if (page === undefined) yield undefined;
    else if (page.isFirst && startsWith(page.body, signature)) {
      if (stream?.pages === 1) continue; // beside one that has not begun: the first is heard
      stream = { serial: page.serial, packets: new Packets(), pages: 1, granule: 0 };
      yield { begins: true, packets: stream.packets.take(page), most: undefined };
    } else if (page.serial === stream?.serial) {
      stream.pages++;
      const packets = stream.packets.take(page);
      const most = page.isLast && page.granule >= 0 ? Math.max(0, page.granule - stream.granule) : undefined;
      if (page.granule >= 0) stream.granule = page.granule;
      if (packets.length > 0) yield { begins: false, packets, most };
    }
  }
}

/** A stream that is heard. */
interface Stream {
  readonly serial: number;
  readonly packets: Packets;
  /** How many there have been. */
  pages: number;
  /** What the codec has counted up to here. */
  granule: number;
}

/** Puts the packets of one stream together. */
class Packets {
  /** What has come of a packet that goes on; undefined where its beginning is lost. */
  #rest: Uint8Array[] | undefined;
  #restLength = 0;
  #sequence: number | undefined;

  /** The packets that end on a page. What a lost page tears is left out. */
  take({ sequence, continues, lacing, body }: WholePage): Uint8Array[] {
    const follows = this.#sequence !== undefined && sequence === ((this.#sequence + 1) & 0xffffffff) >>> 0;
    this.#sequence = sequence;
    if (!continues) this.#restart();
    else if (!follows) this.#rest = undefined;
    const packets: Uint8Array[] = [];
    let start = 0;
    let end = 0;
    for (const length of lacing) {
      end += length;
      if (length === 255) continue;
      const last = body.subarray(start, end);
      if (this.#rest) packets.push(this.#rest.length === 0 ? last : joinArrays(Uint8Array, [...this.#rest, last]));
      this.#restart();
      start = end;
    }
    if (lacing.at(-1) === 255 && this.#restLength < MOST_BYTES) {
      this.#rest?.push(body.slice(start, end)); // a copy: it may wait long, and is not to keep all bytes around it
      this.#restLength += end - start;
    }
    return packets;
  }

  #restart(): void {
    this.#rest = [];
    this.#restLength = 0;
  }
}
