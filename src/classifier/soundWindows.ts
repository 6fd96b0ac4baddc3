// samples as they come → the features of one stretch after the other

import { ResampleStream } from '../audio/resampleStream.ts';
import { checkNothingElse, checkNumber, checkOneOf } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { FeatureStream } from '../features/featureStream.ts';
import { SpeechGate } from './speechGate.ts';
import type { StreamOptions } from './stream.ts';

/** A stretch of the sound, in seconds, and what a model is to hear of it. */
export interface SoundWindow {
  readonly start: number;
  readonly end: number;
  /** How many stretches were left out right before. */
  readonly dropped: number;
  /** None where nobody speaks. */
  readonly features: FeatureMatrix | undefined;
}

const ACTION = 'stream';

/** Reads a source, ahead of whoever takes the stretches, and keeps what they are made of. */
export class SoundWindows {
  readonly #source: AsyncIterator<Float32Array>;
  readonly #resampler: ResampleStream;
  readonly #features: FeatureStream;
  readonly #gate: SpeechGate | undefined;
  readonly #rate: number;
  // All in samples at the extractor's rate, whole numbers of hops.
  readonly #hop: number;
  readonly #step: number;
  readonly #length: number;
  readonly #backlog: number;
  /** Samples at the source's rate that are taken at a time. */
  readonly #piece: number;
  readonly #waits: boolean;
  /** Where the next stretch begins. */
  #from = 0;
  /** Up to where the sound has been given. */
  #given = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;
  #wake = () => {};
  readonly #signal: AbortSignal | undefined;
  readonly #abort = () => this.#fail(this.#signal!.reason);

  private constructor(
    extractor: FeatureExtractor,
    source: AsyncIterable<Float32Array>,
    resampler: ResampleStream,
    options: StreamOptions,
  ) {
    const {
      sampleRate,
      hopSeconds = 0.5,
      windowSeconds = 2,
      gate = {},
      whenBehind = 'drop',
      backlogSeconds = 10,
      smoothing: _smoothing,
      topK: _topK,
      signal: _signal,
      ...rest
    } = options;
    checkNothingElse(ACTION, rest);
    checkNumber(ACTION, 'windowSeconds', windowSeconds, 0.1, 600);
    checkNumber(ACTION, 'hopSeconds', hopSeconds, 0.01, windowSeconds);
    checkNumber(ACTION, 'backlogSeconds', backlogSeconds, 0, 600);
    checkOneOf(ACTION, 'whenBehind', whenBehind, ['drop', 'wait']);
    const { sampleRate: rate, features } = extractor.options;
    this.#rate = rate;
    this.#hop = features.hopLength;
    const toSamples = (seconds: number) => this.#hop * Math.max(1, Math.round((seconds * rate) / this.#hop));
    this.#step = toSamples(hopSeconds);
    this.#length = toSamples(windowSeconds);
    this.#backlog = backlogSeconds * rate;
    this.#piece = Math.max(1, Math.floor((this.#step * sampleRate) / rate));
    this.#waits = whenBehind === 'wait';
    this.#resampler = resampler;
    this.#features = new FeatureStream(extractor, this.#length + this.#backlog + 4 * this.#step);
    const hops = Math.ceil((this.#length + this.#backlog) / this.#hop) + 4;
    this.#gate = gate === false ? undefined : new SpeechGate(rate, this.#hop, hops, gate);
    this.#source = source[Symbol.asyncIterator]();
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.#abort);
  }

  /**
   * Begins to read.
   *
   * @throws {RangeError | TypeError} when an option is out of its range, or the source is none
   */
  static async open(
    extractor: FeatureExtractor,
    source: AsyncIterable<Float32Array>,
    options: StreamOptions,
  ): Promise<SoundWindows> {
    if (typeof source?.[Symbol.asyncIterator] !== 'function') {
      throw new TypeError(`Cannot ${ACTION}: source must be an async iterable of Float32Array, got ${typeof source}`);
    }
    const resampler = await ResampleStream.open(options.sampleRate, extractor.options.sampleRate);
    const windows = new SoundWindows(extractor, source, resampler, options);
    void windows.#read(options.sampleRate);
    return windows;
  }

  /**
   * The next stretch, when it is there; undefined when there are no more.
   *
   * @throws what the source throws, or the signal's reason
   */
  async next(): Promise<SoundWindow | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const dropped = this.#skip();
      const to = this.#from + this.#length;
      if (to <= this.#features.end) {
        const window = this.#window(this.#from, to, dropped);
        this.#from += this.#step;
        this.#wake(); // there may be room now
        return window;
      }
      if (this.#ended) return this.#last();
      await this.#change();
    }
  }

  /** Ends the source; what it was waiting for is not waited for. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#wake();
    this.#source.return?.().catch(() => {}); // nobody is left to be told
  }

  /** Leaves out what has waited too long: all but the newest. */
  #skip(): number {
    if (this.#waits) return 0;
    const { end, start } = this.#features;
    const waiting = end - this.#from - this.#length;
    if (waiting <= this.#backlog && this.#from >= start) return 0;
    const dropped = Math.max(0, Math.floor(waiting / this.#step));
    this.#from += dropped * this.#step;
    return dropped;
  }

  /** The end of the sound, where it is not part of the stretch before. */
  #last(): SoundWindow | undefined {
    const { end } = this.#features;
    if (end <= this.#given) return undefined;
    const from = this.#hop * Math.max(0, Math.ceil((end - this.#length) / this.#hop));
    return this.#window(from, end, 0);
  }

  #window(from: number, to: number, dropped: number): SoundWindow {
    this.#given = to;
    const hop = this.#hop;
    const times = { start: from / this.#rate, end: to / this.#rate, dropped };
    if (!this.#gate) return { ...times, features: this.#features.features(from, to) };
    const speech = this.#gate.speechWithin(from / hop, Math.ceil(to / hop));
    const features = speech && this.#features.features(speech.from * hop, Math.min(to, speech.to * hop));
    return { ...times, features };
  }

  async #read(sampleRate: number): Promise<void> {
    let sinceTurn = 0; // samples
    try {
      while (!this.#closed && !this.#failure) {
        const { done, value } = await this.#source.next();
        if (done) break;
        if (!(value instanceof Float32Array)) {
          throw new TypeError(`Cannot ${ACTION}: the source must give Float32Array, got ${typeof value}`);
        }
        sinceTurn += value.length;
        if (sinceTurn > sampleRate) {
          await nextTask(); // a source that is always ready would leave nothing else a turn
          sinceTurn = 0;
        }
        for (let at = 0; at < value.length && !this.#closed; at += this.#piece) {
          this.#take(this.#resampler.push(value.subarray(at, at + this.#piece)));
          while (this.#isFull() && !this.#closed) await this.#change();
        }
      }
      if (!this.#closed) this.#take(this.#resampler.flush());
      this.#ended = true;
      this.#wake();
    } catch (error) {
      this.#fail(error);
    }
  }

  #take(samples: Float32Array): void {
    if (samples.length === 0) return;
    this.#features.push(samples);
    this.#gate?.push(samples);
    this.#wake();
  }

  #isFull(): boolean {
    return this.#waits && this.#features.end - this.#from - this.#length > this.#backlog;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  /** Resolves when something has happened: sound came or was taken, or it is over. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        this.#wake = () => {};
        before();
        resolve();
      };
    });
  }
}
