// samples as they come → the features of one window after the other

import { PreprocessStream } from '../audio/preprocessStream.ts';
import { checkRate } from '../audio/resampleStream.ts';
import type { SampleSource } from '../audio/soundSource.ts';
import { onAbort } from '../core/abortable.ts';
import { Change } from '../core/change.ts';
import { checkNothingElse, checkNumber, checkOneOf } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { FeatureStream } from '../features/featureStream.ts';
import type { StreamOptions } from './streamOptions.ts';
import { type ResolvedVoiceActivity, resolveVoiceActivity } from './voiceActivity.ts';
import type { VoiceActivity } from './voiceActivityOptions.ts';

/** A window of the sound, in seconds, and its features. */
export interface SoundWindow {
  readonly start: number;
  readonly end: number;
  /** How many windows were dropped right before. */
  readonly dropped: number;
  /** Of the speech in it; undefined where there is none. */
  readonly features: FeatureMatrix | undefined;
}

/** The options that are about windows, not about their source or results. */
type WindowOptions = Pick<StreamOptions, 'hopSeconds' | 'windowSeconds' | 'vad' | 'whenBehind' | 'backlogSeconds'>;

/** {@link WindowOptions}, checked. */
export interface ResolvedWindows {
  // All in samples at the extractor's rate, the first two whole numbers of hops.
  readonly step: number;
  readonly length: number;
  readonly backlog: number;
  /** Of how many samples the features are kept. */
  readonly kept: number;
  readonly vad: ResolvedVoiceActivity | false;
  readonly waits: boolean;
}

const ACTION = 'stream';
/** Each piece counts as at least so much sound towards the next yield to the host: a source may give empty ones for ever. */
const LEAST_PIECE_SECONDS = 0.01;

/** Reads a source ahead of whoever takes the windows, and keeps what the next ones need. */
export class SoundWindows {
  readonly #source: SampleSource;
  readonly #preprocess: PreprocessStream;
  readonly #features: FeatureStream;
  readonly #vad: VoiceActivity | undefined;
  readonly #rate: number;
  // All in samples at the extractor's rate, whole numbers of hops.
  readonly #hop: number;
  readonly #step: number;
  readonly #length: number;
  readonly #backlog: number;
  /** Samples at the source's rate that are taken at a time. */
  readonly #piece: number;
  readonly #waits: boolean;
  /** Where the next window begins. */
  #from = 0;
  /** Where the last window given ends. */
  #given = 0;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #closed = false;
  /** Sound was read or taken, or it is over. */
  readonly #change = new Change();
  readonly #stopListening: () => void;

  /**
   * Starts reading.
   *
   * @param source belongs to the windows from now on: they end it
   * @param sampleRate of the source, in Hz
   * @param vad is to know of {@link ResolvedWindows.kept} samples
   * @param signal its reason is what {@link SoundWindows.next} throws when it aborts
   * @throws {RangeError | TypeError} when the rate cannot be brought to the extractor's
   */
  constructor(
    extractor: FeatureExtractor,
    source: SampleSource,
    sampleRate: number | undefined,
    { step, length, backlog, kept, waits }: ResolvedWindows,
    vad: VoiceActivity | undefined,
    signal: AbortSignal,
  ) {
    checkRate(ACTION, 'sampleRate', sampleRate);
    const { sampleRate: rate, features } = extractor.options;
    this.#preprocess = new PreprocessStream(sampleRate, rate);
    this.#rate = rate;
    this.#hop = features.hopLength;
    this.#step = step;
    this.#length = length;
    this.#backlog = backlog;
    this.#piece = Math.max(1, Math.floor((step * sampleRate) / rate));
    this.#waits = waits;
    this.#features = new FeatureStream(extractor, kept + (vad?.lookahead ?? 0));
    this.#vad = vad;
    this.#source = source;
    this.#stopListening = onAbort(signal, (reason) => this.#fail(reason));
    void this.#read(sampleRate);
  }

  /**
   * Waits for the next window; undefined when there are no more.
   *
   * @throws what the source throws, or the signal's reason
   */
  async next(): Promise<SoundWindow | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const dropped = this.#skip();
      const to = this.#from + this.#length;
      if (to <= (this.#ended ? this.#features.end : this.#heard)) {
        const window = this.#window(this.#from, to, dropped);
        this.#from += this.#step;
        this.#change.tell(); // there may be room now
        return window;
      }
      if (this.#ended) return this.#last();
      await this.#change.wait();
    }
  }

  /** Ends the source without waiting for what it was about to give. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#change.tell();
    this.#source.end();
  }

  /** Up to where windows may end while the sound goes on: what is behind them has to be heard, too. */
  get #heard(): number {
    return this.#features.end - (this.#vad?.lookahead ?? 0);
  }

  /** Drops what has waited too long: all windows but the newest. */
  #skip(): number {
    if (this.#waits) return 0;
    const waiting = this.#heard - this.#from - this.#length;
    if (waiting <= this.#backlog && this.#from >= this.#features.start) return 0;
    const dropped = Math.max(0, Math.floor(waiting / this.#step));
    this.#from += dropped * this.#step;
    return dropped;
  }

  /** The last window, which ends with the sound, unless that was part of the window before. */
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
    if (!this.#vad) return { ...times, features: this.#features.features(from, to) };
    const speech = this.#vad.speechWithin(from, to);
    if (!speech) return { ...times, features: undefined };
    // Stretches are whole numbers of hops, unless they end with the sound.
    const begin = hop * Math.floor(speech.from / hop);
    const end = Math.min(to, hop * Math.ceil(speech.to / hop));
    return { ...times, features: this.#features.features(begin, end) };
  }

  async #read(sampleRate: number): Promise<void> {
    try {
      let sinceTurn = 0; // samples
      const turn = async (samples: number) => {
        sinceTurn += Math.max(samples, LEAST_PIECE_SECONDS * sampleRate);
        if (sinceTurn < sampleRate) return;
        sinceTurn = 0;
        await nextTask(); // a source that is always ready would block the host
      };
      while (!this.#isOver()) {
        const samples = await this.#source.next();
        if (!samples) break;
        await turn(0);
        for (let at = 0; at < samples.length && !this.#isOver(); at += this.#piece) {
          const piece = samples.subarray(at, at + this.#piece);
          await this.#take(this.#preprocess.push(piece));
          await turn(piece.length);
          while (this.#isFull() && !this.#isOver()) await this.#change.wait();
        }
      }
      if (!this.#isOver()) await this.#take(this.#preprocess.flush());
      if (!this.#isOver()) await this.#vad?.end();
      this.#ended = true;
      this.#change.tell();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #take(samples: Float32Array): Promise<void> {
    if (samples.length === 0) return;
    await this.#vad?.push(samples); // first, so that it knows of each window that features has
    this.#features.push(samples);
    this.#change.tell();
  }

  #isFull(): boolean {
    return this.#waits && this.#heard - this.#from - this.#length > this.#backlog;
  }

  #isOver(): boolean {
    return this.#closed || this.#failure !== undefined;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#change.tell();
  }
}

/**
 * Checks the options, before anything is read.
 *
 * @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown
 */
export function resolveWindows(extractor: FeatureExtractor, options: WindowOptions): ResolvedWindows {
  const { hopSeconds = 0.5, windowSeconds = 2, vad, whenBehind = 'drop', backlogSeconds = 10, ...rest } = options;
  checkNothingElse(ACTION, rest);
  checkNumber(ACTION, 'windowSeconds', windowSeconds, 0.1, 600);
  checkNumber(ACTION, 'hopSeconds', hopSeconds, 0.01, windowSeconds);
  checkNumber(ACTION, 'backlogSeconds', backlogSeconds, 0, 600);
  checkOneOf(ACTION, 'whenBehind', whenBehind, ['drop', 'wait']);
  const { sampleRate, features } = extractor.options;
  const hop = features.hopLength;
  const toSamples = (seconds: number) => hop * Math.max(1, Math.round((seconds * sampleRate) / hop));
  const [step, length, backlog] = [toSamples(hopSeconds), toSamples(windowSeconds), backlogSeconds * sampleRate];
  return {
    ...{ step, length, backlog, kept: length + backlog + 4 * step, waits: whenBehind === 'wait' },
    vad: resolveVoiceActivity(ACTION, vad),
  };
}
