// bytes of a codec of fixed blocks → pieces of sound

import type { AudioPiece } from '../audioDecoder.ts';
import type { SampleBytes } from './sampleBytes.ts';

/** A codec that packs a number of samples into blocks of one size. */
export interface BlockCodec {
  readonly channels: number;
  /** In Hz. */
  readonly sampleRate: number;
  /** Bytes of a block, of all channels together. */
  readonly blockBytes: number;
  /** Samples a channel of a block of so many bytes, the last one perhaps fewer. */
  samplesIn(bytes: number): number;
  /** Decodes a block into the channels, from a sample on, as whole numbers of 16 bits. */
  decode(block: Uint8Array, channels: readonly Int16Array[], from: number): void;
}

/** Seconds of a piece, which a live stream takes to bring it, and samples of it, of all channels together: some 10 ms of work. */
const LONGEST = 1;
const MOST_SAMPLES = 2 ** 18;

/**
 * The pieces of all blocks.
 *
 * @param counted samples a channel, by the file: the last block may be padded
 */
export async function* blockPieces(
  bytes: SampleBytes,
  codec: BlockCodec,
  counted?: number | undefined,
): AsyncGenerator<AudioPiece, void> {
  const { channels, sampleRate, blockBytes } = codec;
  const inBlock = codec.samplesIn(blockBytes);
  const samplesIn = (size: number) => Math.floor(size / blockBytes) * inBlock + codec.samplesIn(size % blockBytes);
  /** How many of the samples there are that are not padding. */
  const kept = (decoded: number) =>
    counted !== undefined && counted <= decoded && counted > decoded - inBlock ? counted : decoded;
  const totalSamples = bytes.size === undefined ? undefined : kept(samplesIn(bytes.size));
  const most = blockBytes * Math.max(1, Math.floor(Math.min(LONGEST * sampleRate, MOST_SAMPLES / channels) / inBlock));
  let done = 0;
  for (let isLast = false; !isLast; ) {
    const ahead = await bytes.ahead(most + blockBytes); // the last part has a whole block, if there is one: padding may be as long
    isLast = ahead.length < most + blockBytes;
    const part = await bytes.take(isLast ? ahead.length : most);
    const length = samplesIn(part.length);
    const planes = Array.from({ length: channels }, () => new Int16Array(length));
    for (let block = 0, from = 0; from < length; block += blockBytes, from += inBlock) {
      codec.decode(part.subarray(block, block + blockBytes), planes, from);
    }
    const end = isLast ? kept(done + length) - done : length;
    done += length;
    yield {
      channels: planes.map((samples) => Float32Array.from(samples.subarray(0, end), (sample) => sample / 2 ** 15)),
      sampleRate,
      totalSamples,
    };
  }
}
