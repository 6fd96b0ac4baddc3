// bytes of an Opus packet, of an identification header → how long it sounds, what it says
//
// RFC 6716, section 3 (packets), and RFC 7845, section 5.1 (header).

import { AudioFormatError } from '../../core/errors.ts';
import { startsWith } from './startsWith.ts';

/** Samples a second that Opus is decoded to, whatever was encoded. */
export const OPUS_RATE = 48_000;
/** Samples a channel that a packet has at most: 120 ms. */
const MOST_IN_A_PACKET = 5760;

/** What a stream's identification header says. */
export interface OpusHead {
  readonly channels: number;
  /** Samples at the beginning that belong to the encoder's delay and are not heard. */
  readonly preSkip: number;
  /** What samples are multiplied by. */
  readonly gain: number;
  readonly streamCount: number;
  readonly coupledStreamCount: number;
  readonly channelMappingTable: number[];
}

/**
 * Reads an identification header, as Ogg's first packet and Matroska's CodecPrivate hold it.
 *
 * @throws {AudioFormatError} when it is damaged, or the channels are of a kind that only ambisonic players know
 */
export function readOpusHead(bytes: Uint8Array): OpusHead {
  const channels = bytes[9] ?? 0;
  const family = bytes[18] ?? 0;
  if (!startsWith(bytes, 'OpusHead') || bytes.length < 19 || channels === 0 || (bytes[8]! & 0xf0) !== 0) {
    throw new AudioFormatError('Cannot decode Opus: found a damaged header');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shared = { channels, preSkip: view.getUint16(10, true), gain: 10 ** (view.getInt16(16, true) / 256 / 20) };
  if (family === 0 && channels <= 2) {
    const channelMappingTable = channels === 1 ? [0] : [0, 1];
    return { ...shared, streamCount: 1, coupledStreamCount: channels - 1, channelMappingTable };
  }
  const [streamCount = 0, coupledStreamCount = 0] = bytes.subarray(19, 21);
  const channelMappingTable = Array.from(bytes.subarray(21, 21 + channels));
  const decoded = streamCount + coupledStreamCount;
  const isMapped = channelMappingTable.every((index) => index < decoded || index === 255);
  if (![1, 2, 255].includes(family) || channelMappingTable.length < channels || !isMapped) {
    throw new AudioFormatError(`Cannot decode Opus: found ${channels} channels of mapping family ${family}`);
  }
  if (streamCount === 0 || coupledStreamCount > streamCount || decoded > 255) {
    throw new AudioFormatError('Cannot decode Opus: found a damaged header');
  }
  return { ...shared, streamCount, coupledStreamCount, channelMappingTable };
}

/** Samples a channel that a packet decodes to; 0 where it is none. */
export function opusSamples(packet: Uint8Array): number {
  if (packet.length === 0) return 0;
  const config = packet[0]! >> 3;
  const code = packet[0]! & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const samples = frames * frameSamples(config);
  return samples > MOST_IN_A_PACKET ? 0 : samples;
}

/** Samples of a frame: SILK of 10 to 60 ms, hybrid of 10 or 20 ms, CELT of 2.5 to 20 ms. (RFC 6716, table 2) */
function frameSamples(config: number): number {
  if (config >= 16) return 120 << (config & 3);
  if (config >= 12) return 480 << (config & 1);
  return (config & 3) === 3 ? 2880 : 480 << (config & 3);
}
