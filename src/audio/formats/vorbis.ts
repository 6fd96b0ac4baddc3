// bytes of an Ogg file with Vorbis → pieces of sound

import { joinArrays } from '../../core/joinArrays.ts';
import type { AudioFormat, AudioPiece } from '../audioDecoder.ts';
import { type OggPage, oggPieces } from './ogg.ts';
import { holdsStream, wholePages } from './oggPages.ts';
import { startsWith } from './startsWith.ts';
import { openWasmDecoder } from './wasmDecoder.ts';
import { wholly } from './wholly.ts';

/** Samples a channel that a packet holds at most: half of the longest window. (Vorbis I, section 4.2.2) */
const MOST_IN_A_PACKET = 4096;
/** What the first packet of a stream begins with. */
const HEAD = '\x01vorbis';

/** Vorbis in Ogg, also beside video and chained, decoded by libvorbis. */
export const vorbis: AudioFormat = {
  name: 'Ogg Vorbis',
  sniff: (bytes) => (holdsStream(bytes, HEAD) ? 'an Ogg file with Vorbis' : undefined),
  decode: wholly((bytes) => decodeVorbis(links(bytes))),
};

/** A turn for the host. */
const NOTHING: AudioPiece = { channels: [], sampleRate: 0 };

/**
 * The streams of a file that are heard, one after the other: the whole file where it holds one, else the pages of the first Vorbis
 * of those that begin together. Undefined now and then, that the host may have its turn.
 */
function* links(bytes: Uint8Array): Generator<Uint8Array | undefined, void, undefined> {
  const found: { readonly serial: number; readonly pages: Uint8Array[] }[] = [];
  let others = 0;
  for (const page of wholePages(bytes)) {
    const link = found.at(-1);
    if (page === undefined) yield undefined;
    else if (page.isFirst && startsWith(page.body, HEAD) && link?.pages.length !== 1) {
      found.push({ serial: page.serial, pages: [page.bytes] });
    } else if (page.serial === link?.serial) link.pages.push(page.bytes);
    else others++;
  }
  if (found.length === 0 || (found.length === 1 && others === 0)) yield bytes;
  else for (const { pages } of found) yield joinArrays(Uint8Array, pages);
}

/** Decodes streams of Vorbis in Ogg, each from its beginning to its end; undefined is a turn for the host. */
export async function* decodeVorbis(links: Iterable<Uint8Array | undefined>): AsyncGenerator<AudioPiece> {
  const decoder = await openWasmDecoder(
    vorbis.name,
    async () => new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder(),
  );
  for (const link of links) {
    if (link === undefined) {
      yield NOTHING;
      continue;
    }
    for (const piece of vorbisPieces(link)) {
      const { channelData, sampleRate } = await decoder.decode(piece);
      yield { channels: channelData, sampleRate };
    }
    const { channelData, sampleRate } = await decoder.flush(); // it can begin anew then
    yield { channels: channelData, sampleRate };
  }
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
