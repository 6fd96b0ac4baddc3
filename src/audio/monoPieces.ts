// pieces of all channels → pieces of one, checked
//
// Every sample passes here, once: what lies behind trusts that it is finite.

import { isFloat32Array } from '../core/realm.ts';
import type { AudioPiece } from './audioDecoder.ts';
import { ChannelMix } from './channelMix.ts';
import type { Channel, ChannelUse } from './channels.ts';
import { checkFinite } from './checkWaveform.ts';
import type { Waveform } from './waveform.ts';

/** Mono sound that follows that of the piece before. */
export interface MonoPiece extends Waveform {
  /** Samples in all, where that is known beforehand. */
  readonly totalSamples: number | undefined;
}

/** Mono sound, piece by piece. */
export interface MonoPieces extends AsyncIterable<MonoPiece> {
  /** What was done with its channels: complete behind the last piece; undefined for sound that has one only. */
  readonly channels: ChannelUse | undefined;
}

/** Options of {@link monoPieces}. */
export interface MonoPiecesOptions {
  /** @default 'mix' */
  readonly channel?: Channel | undefined;
}

/**
 * Mixes the channels, or takes one of them.
 *
 * @param options must be checked: see `checkChannel`
 * @throws {AudioFormatError} when a sample is not finite
 * @throws {RangeError} when the sound begins without the channel; where it lacks it later, it is silent
 */
export function monoPieces(
  action: string,
  pieces: AsyncIterable<AudioPiece>,
  { channel = 'mix' }: MonoPiecesOptions = {},
): MonoPieces {
  const merger = channel === 'mix' ? new ChannelMix() : new ChannelPick(action, channel);
  return {
    get channels() {
      return merger.use;
    },
    [Symbol.asyncIterator]: () => merged(action, pieces, merger),
  };
}

async function* merged(
  action: string,
  pieces: AsyncIterable<AudioPiece>,
  merger: ChannelMix | ChannelPick,
): AsyncGenerator<MonoPiece, void, undefined> {
  let place = 0;
  let last: AudioPiece | undefined;
  for await (const piece of pieces) {
    last = piece;
    const { channels, sampleRate, totalSamples } = piece;
    for (const samples of channels) {
      // 64 bits are rounded to 32 later on, where they must be finite, too.
      checkFinite(action, isFloat32Array(samples) ? samples : new Float32Array(samples), place);
    }
    place += channels[0]?.length ?? 0;
    for (const samples of merger.push(channels, sampleRate)) yield { samples, sampleRate, totalSamples };
  }
  if (!last) return;
  const { sampleRate, totalSamples } = last;
  for (const samples of merger.flush()) yield { samples, sampleRate, totalSamples };
}

/** Takes one channel. */
class ChannelPick {
  readonly #action: string;
  readonly #channel: number;
  /** How many channels there are. */
  #of = 0;

  constructor(action: string, channel: number) {
    this.#action = action;
    this.#channel = channel;
  }

  get use(): ChannelUse | undefined {
    return this.#of > 1 ? { of: this.#of, used: [this.#channel], flipped: [] } : undefined;
  }

  *push(channels: AudioPiece['channels']): Generator<Float32Array, void, undefined> {
    if (this.#of === 0 && this.#channel >= channels.length) {
      throw new RangeError(
        `Cannot ${this.#action}: channel must be below ${channels.length}, the number of channels, got ${this.#channel}`,
      );
    }
    this.#of = Math.max(this.#of, channels.length);
    const samples = channels[this.#channel];
    yield samples ? new Float32Array(samples) : new Float32Array(channels[0]!.length);
  }

  *flush(): Generator<Float32Array, void, undefined> {}
}
