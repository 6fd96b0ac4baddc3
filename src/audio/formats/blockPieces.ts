// bytes of a codec of fixed blocks → pieces of sound

import type { AudioPiece } from '../audioDecoder.ts';

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

/** Samples of a piece, of all channels together: some 10 ms of work. */
const MOST_SAMPLES = 2 ** 18;

/**
 * The pieces of all blocks.
 *
 * @param bytes the blocks, nothing else
 * @param counted samples a channel, by the file: the last block may be padded
 */
export function* blockPieces(
  bytes: Uint8Array,
  codec: BlockCodec,
  counted?: number | undefined,
): Generator<AudioPiece, void> {
  const { channels, sampleRate, blockBytes } = codec;
  const inBlock = codec.samplesIn(blockBytes);
  const decoded = Math.floor(bytes.length / blockBytes) * inBlock + codec.samplesIn(bytes.length % blockBytes);
  const isPadding = counted !== undefined && counted <= decoded && counted > decoded - inBlock;
  const totalSamples = isPadding ? counted : decoded;
  const most = Math.max(1, Math.floor(MOST_SAMPLES / (inBlock * channels)));
  let done = 0;
  for (let at = 0; done < totalSamples; at += most * blockBytes) {
    const part = bytes.subarray(at, at + most * blockBytes);
    const length = Math.floor(part.length / blockBytes) * inBlock + codec.samplesIn(part.length % blockBytes);
    const whole = Array.from({ length: channels }, () => new Int16Array(length));
    for (let block = 0, from = 0; from < length; block += blockBytes, from += inBlock) {
      codec.decode(part.subarray(block, block + blockBytes), whole, from);
    }
    const kept = Math.min(length, totalSamples - done);
    const planes = whole.map((samples) => Float32Array.from(samples.subarray(0, kept), (sample) => sample / 2 ** 15));
    done += kept;
    yield { channels: planes, sampleRate, totalSamples };
  }
}
