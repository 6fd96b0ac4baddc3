// packets of an Opus stream → samples
//
// By libopus, from the package opus-decoder. Its sibling ogg-opus-decoder would take Ogg apart as well; it brings 10 MB, and trims
// by the whole file.

import type { AudioPiece } from '../audioDecoder.ts';
import { keepDecoder } from './keptDecoders.ts';
import { OPUS_RATE, type OpusHead, opusSamples } from './opusPackets.ts';
import { openWasmDecoder } from './wasmDecoder.ts';

/** Samples, of all channels together, that are decoded in one go: some 20 ms of work. */
const MOST_SAMPLES = 2 ** 18;
/** Bytes a channel that the decoder (0.7.12) has room for; what is longer lies: it is 120 ms at 256 kbit/s. */
const MOST_BYTES = 3840;

/** A stream that is being decoded. */
export interface OpusStream {
  /**
   * Decodes packets, in order; damaged ones are left out.
   *
   * @param most samples a channel that are heard of them; what is beyond is the encoder's padding
   */
  decode(packets: readonly Uint8Array[], most?: number | undefined): Generator<AudioPiece, void, undefined>;
  /** Lets the decoder go, which is only done when all went well. */
  close(): void;
}

/**
 * Opens a stream.
 *
 * @throws {AudioFormatError} where WebAssembly is refused
 */
export async function openOpus(head: OpusHead): Promise<OpusStream> {
  const { channels, gain, preSkip, ...streams } = head;
  const layout = { channels, ...streams };
  const decoder = await openWasmDecoder(
    'Opus',
    async () => new (await import('opus-decoder')).OpusDecoder(layout),
    `Opus ${JSON.stringify(layout)}`,
  );
  let toSkip = preSkip;
  function* decode(packets: readonly Uint8Array[], most = Number.POSITIVE_INFINITY) {
    let left = most;
    for (const batch of batches(packets, channels)) {
      const { channelData } = decoder.decodeFrames(batch);
      const length = channelData[0]?.length ?? 0;
      const start = Math.min(toSkip, length);
      const end = Math.max(start, Math.min(length, left));
      toSkip -= start;
      left -= length;
      yield {
        channels: channelData.map((channel) => amplified(channel.subarray(start, end), gain)),
        sampleRate: OPUS_RATE,
      };
    }
  }
  return { decode, close: () => keepDecoder(decoder) };
}

/** Lists of packets, none of which decodes to much; without those that are none. */
function* batches(packets: readonly Uint8Array[], channels: number): Generator<Uint8Array[], void, undefined> {
  let batch: Uint8Array[] = [];
  let samples = 0;
  for (const packet of packets) {
    const more = opusSamples(packet) * channels;
    if (more === 0 || packet.length > MOST_BYTES * channels) continue;
    if (samples + more > MOST_SAMPLES && batch.length > 0) {
      yield batch;
      batch = [];
      samples = 0;
    }
    batch.push(packet);
    samples += more;
  }
  if (batch.length > 0) yield batch;
}

function amplified(samples: Float32Array, gain: number): Float32Array {
  return gain === 1 ? samples : samples.map((sample) => sample * gain);
}
