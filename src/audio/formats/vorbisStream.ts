// packets of a Vorbis stream → samples
//
// By libvorbis, from the package ogg-vorbis, which is given packets: how it would take Ogg apart itself (codec-parser 2.5) it holds
// back the last page until the next has come, and unpacks a forged page in one go.

import type { AudioPiece } from '../audioDecoder.ts';
import { keepDecoder } from './keptDecoders.ts';
import { startsWith } from './startsWith.ts';
import { openWasmDecoder } from './wasmDecoder.ts';

/** Samples, of all channels together, that are decoded in one go: some 20 ms of work. */
const MOST_SAMPLES = 2 ** 18;
/** Samples a channel that a packet holds at most: half of the longest window. (Vorbis I, section 4.2.2) */
const MOST_IN_A_PACKET = 4096;
/** Bytes that the decoder (0.1.20) has room for. */
const MOST_BYTES = 2 ** 17;

/** What the first and the third packet of a stream begin with. (Vorbis I, section 4.2.1) */
export const VORBIS_HEAD = '\x01vorbis';
const SETUP = '\x05vorbis';

/** A stream that is being decoded. */
export interface VorbisStream {
  /**
   * Decodes packets, in order, the headers among them.
   *
   * @param most samples a channel that are heard of them; what is beyond is the encoder's padding
   */
  decode(packets: readonly Uint8Array[], most?: number | undefined): AsyncGenerator<AudioPiece, void, undefined>;
  /** Lets the decoder go, which is only done when all went well. */
  close(): void;
}

/** A page of Ogg, with what the decoder reads of one. */
interface TakenApart {
  /** The first packet of the stream. */
  readonly data: Uint8Array;
  readonly codecFrames: readonly { readonly data: Uint8Array; readonly header: { readonly vorbisSetup: Uint8Array } }[];
}

/**
 * Opens a stream.
 *
 * @param name of the format, for messages
 * @throws {AudioFormatError} where WebAssembly is refused
 */
export async function openVorbis(name: string): Promise<VorbisStream> {
  const decoder = await openWasmDecoder(
    name,
    async () => new (await import('@wasm-audio-decoders/ogg-vorbis')).OggVorbisDecoder(),
    'Vorbis',
  );
  let head: Uint8Array | undefined;
  let setup: Uint8Array | undefined;
  const take = (packets: readonly Uint8Array[]) => {
    for (const packet of packets) {
      // Copies: they stay, and are not to keep all bytes around them.
      if (startsWith(packet, VORBIS_HEAD) && packet.length > 11) head ??= packet.slice();
      else if (startsWith(packet, SETUP) && packet.length <= MOST_BYTES) setup ??= packet.slice();
    }
  };
  async function* decode(packets: readonly Uint8Array[], most = Number.POSITIVE_INFINITY) {
    if (!setup) take(packets);
    if (!head || !setup) return;
    let left = most;
    for (const batch of batches(packets, head[11]!)) {
      const page = { data: head, codecFrames: batch.map((data) => ({ data, header: { vorbisSetup: setup! } })) };
      const { channelData, sampleRate } = await decoder.decodeOggPages([page] satisfies TakenApart[] as never);
      const length = channelData[0]?.length ?? 0;
      yield {
        channels: left < length ? channelData.map((samples) => samples.subarray(0, left)) : channelData,
        sampleRate,
      };
      left = Math.max(0, left - length);
    }
  }
  return { decode, close: () => keepDecoder(decoder) };
}

/** Lists of packets of sound, none of which decodes to much. Headers are odd at their first byte. */
function* batches(packets: readonly Uint8Array[], channels: number): Generator<Uint8Array[], void, undefined> {
  const sounding = packets.filter(({ length, 0: first }) => length > 0 && length <= MOST_BYTES && (first! & 1) === 0);
  const most = Math.max(1, Math.floor(MOST_SAMPLES / (MOST_IN_A_PACKET * Math.max(1, channels))));
  for (let at = 0; at < sounding.length; at += most) yield sounding.slice(at, at + most);
}
