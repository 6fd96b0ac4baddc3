// pieces of all channels → one stream of mono pieces a channel
//
// The sound is read once and nothing but a piece of it is held: so the streams are in step. They are objects rather than generators,
// as those that were never begun, or wait, cannot be ended at once.

import { AudioFormatError } from '../core/errors.ts';
import type { AudioPiece } from './audioDecoder.ts';
import { checkFinite } from './checkWaveform.ts';
import type { MonoPiece } from './monoPieces.ts';

/**
 * Reads the beginning, and gives a stream for each channel that there is. The next piece is read when every stream has been asked for
 * it: take them all at the same time. Where one is ended, the source is, and with it the others; what the source throws, all throw,
 * and so they do with what is thrown into one.
 *
 * @returns a stream for each channel; none where there is no sound
 * @throws {AudioFormatError} when the number of channels changes, or a sample is not finite
 */
export async function separateChannels(
  action: string,
  pieces: AsyncIterable<AudioPiece>,
): Promise<AsyncGenerator<MonoPiece, void, undefined>[]> {
  const source = pieces[Symbol.asyncIterator]();
  const first = await source.next();
  const count = first.done ? 0 : first.value.channels.length;
  const step = new LockStep(source, first, count);
  return Array.from({ length: count }, (_, channel) => streamOf(action, step, channel, count));
}

/** Gives each piece of a source to so many takers before it reads the next one. */
class LockStep {
  readonly #source: AsyncIterator<AudioPiece>;
  readonly #takers: number;
  /** The first piece, until it is taken. */
  #first: IteratorResult<AudioPiece> | undefined;
  #waiting: Taker[] = [];
  /** What ended it. */
  #end: { readonly error?: { readonly thrown: unknown } | undefined } | undefined;

  constructor(source: AsyncIterator<AudioPiece>, first: IteratorResult<AudioPiece>, takers: number) {
    this.#source = source;
    this.#first = first;
    this.#takers = takers;
  }

  /** The next piece; undefined at the end. */
  take(): Promise<AudioPiece | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (this.#end) this.#settle();
      else if (this.#waiting.length === this.#takers) void this.#advance();
    });
  }

  /** Ends the source, and gives all takers the end, or an error. */
  async end(error?: { readonly thrown: unknown }): Promise<void> {
    if (this.#end) return;
    this.#end = { error };
    this.#settle();
    await this.#source.return?.();
  }

  async #advance(): Promise<void> {
    try {
      const { done, value } = this.#first ?? (await this.#source.next());
      this.#first = undefined;
      if (done) this.#end ??= {};
      else this.#settle(value);
    } catch (thrown) {
      this.#end ??= { error: { thrown } };
    }
    if (this.#end) this.#settle();
  }

  #settle(piece?: AudioPiece): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve, reject } of waiting) {
      if (this.#end?.error) reject(this.#end.error.thrown);
      else resolve(this.#end ? undefined : piece);
    }
  }
}

/** One that waits for the next piece. */
interface Taker {
  readonly resolve: (piece: AudioPiece | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

function streamOf(
  action: string,
  step: LockStep,
  channel: number,
  count: number,
): AsyncGenerator<MonoPiece, void, undefined> {
  let place = 0;
  let isOver = false;
  const over = { done: true, value: undefined } as const;

  const mono = ({ channels, sampleRate, totalSamples }: AudioPiece): MonoPiece => {
    if (channels.length !== count) {
      throw new AudioFormatError(
        `Cannot ${action}: found ${count} channels and, from ${+(place / sampleRate).toFixed(3)} seconds on, ${channels.length}, ` +
          'as of files that were joined; they cannot be told apart',
      );
    }
    const samples = new Float32Array(channels[channel]!);
    checkFinite(action, samples, place);
    place += samples.length;
    return { samples, sampleRate, totalSamples };
  };
  const leave = async (error?: { readonly thrown: unknown }): Promise<void> => {
    isOver = true;
    await step.end(error);
  };

  return {
    async next() {
      if (isOver) return over;
      const piece = await step.take();
      if (!piece || isOver) {
        isOver = true;
        return over;
      }
      try {
        return { done: false, value: mono(piece) };
      } catch (thrown) {
        await leave({ thrown });
        throw thrown;
      }
    },
    async return() {
      await leave();
      return over;
    },
    async throw(thrown) {
      await leave({ thrown });
      throw thrown;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await leave();
    },
  };
}
