// samples as they come → the features of one window after the other

import { PreprocessStream } from '../audio/preprocessStream.ts';
import { checkRate } from '../audio/resampleStream.ts';
import type { SampleSource } from '../audio/soundSource.ts';
import { onAbort } from '../core/abortable.ts';
import { Change } from '../core/change.ts';
import { checkNothingElse, checkNumber, checkObject, checkOneOf, type Resolved } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { FeatureStream } from '../features/featureStream.ts';
import type { StreamOptions } from './streamOptions.ts';
import { VoiceActivityDetector } from './voiceActivity.ts';

/** A window of the sound, in seconds, and its features. */
export interface SoundWindow {
  readonly start: number;
  readonly end: number;
  /** How many windows were dropped right before. */
  readonly dropped: number;
  /** Of the speech in it; undefined where there is none. */
  readonly features: FeatureMatrix | undefined;
}

/** The options that are about windows, not about their results. */
export type SoundWindowsOptions = Omit<StreamOptions, 'topK' | 'smoothing' | 'signal' | 'channel' | 'maxSeconds'>;

type ResolvedOptions = Resolved<SoundWindowsOptions> & { readonly sampleRate: number };

const ACTION = 'stream';
/** Each piece counts as at least so much sound towards the next yield to the host: a source may give empty ones for ever. */
const LEAST_PIECE_SECONDS = 0.01;

/** Reads a source ahead of whoever takes the windows, and keeps what the next ones need. */
export class SoundWindows {
  readonly #source: SampleSource;
  readonly #preprocess: PreprocessStream;
  readonly #features: FeatureStream;
  readonly #vad: VoiceActivityDetector | undefined;
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

  private constructor(
    extractor: FeatureExtractor,
    source: SampleSource,
    preprocess: PreprocessStream,
    options: ResolvedOptions,
    signal: AbortSignal,
  ) {
    const { sampleRate, hopSeconds, windowSeconds, vad, whenBehind, backlogSeconds } = options;
    const { sampleRate: rate, features } = extractor.options;
    this.#rate = rate;
    this.#hop = features.hopLength;
    const toSamples = (seconds: number) => this.#hop * Math.max(1, Math.round((seconds * rate) / this.#hop));
    this.#step = toSamples(hopSeconds);
    this.#length = toSamples(windowSeconds);
    this.#backlog = backlogSeconds * rate;
    this.#piece = Math.max(1, Math.floor((this.#step * sampleRate) / rate));
    this.#waits = whenBehind === 'wait';
    this.#preprocess = preprocess;
    this.#features = new FeatureStream(extractor, this.#length + this.#backlog + 4 * this.#step);
    const hops = Math.ceil((this.#length + this.#backlog) / this.#hop) + 4;
    this.#vad = vad === false ? undefined : new VoiceActivityDetector(rate, this.#hop, hops, vad);
    this.#source = source;
    this.#stopListening = onAbort(signal, (reason) => this.#fail(reason));
  }

  /**
   * Starts reading.
   *
   * @param source belongs to the windows from now on: they end it
   * @throws {RangeError | TypeError} when an option is out of its range or of the wrong type
   * @throws the signal's reason when it aborts
   */
  static async open(
    extractor: FeatureExtractor,
    source: SampleSource,
    options: SoundWindowsOptions,
    signal: AbortSignal,
  ): Promise<SoundWindows> {
    const resolved = resolveOptions(options);
    const preprocess = new PreprocessStream(resolved.sampleRate, extractor.options.sampleRate);
    const windows = new SoundWindows(extractor, source, preprocess, resolved, signal);
    void windows.#read(resolved.sampleRate);
    return windows;
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
      if (to <= this.#features.end) {
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

  /** Drops what has waited too long: all windows but the newest. */
  #skip(): number {
    if (this.#waits) return 0;
    const { end, start } = this.#features;
    const waiting = end - this.#from - this.#length;
    if (waiting <= this.#backlog && this.#from >= start) return 0;
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
    const speech = this.#vad.speechWithin(from / hop, Math.ceil(to / hop));
    const features = speech && this.#features.features(speech.from * hop, Math.min(to, speech.to * hop));
    return { ...times, features };
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
          this.#take(this.#preprocess.push(piece));
          await turn(piece.length);
          while (this.#isFull() && !this.#isOver()) await this.#change.wait();
        }
      }
      if (!this.#isOver()) this.#take(this.#preprocess.flush());
      this.#ended = true;
      this.#change.tell();
    } catch (error) {
      this.#fail(error);
    }
  }

  #take(samples: Float32Array): void {
    if (samples.length === 0) return;
    this.#features.push(samples);
    this.#vad?.push(samples);
    this.#change.tell();
  }

  #isFull(): boolean {
    return this.#waits && this.#features.end - this.#from - this.#length > this.#backlog;
  }

  #isOver(): boolean {
    return this.#closed || this.#failure !== undefined;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#change.tell();
  }
}

function resolveOptions(options: SoundWindowsOptions): ResolvedOptions {
  const {
    sampleRate,
    hopSeconds = 0.5,
    windowSeconds = 2,
    vad = {},
    whenBehind = 'drop',
    backlogSeconds = 10,
    ...rest
  } = options;
  checkNothingElse(ACTION, rest);
  checkRate(ACTION, 'sampleRate', sampleRate);
  checkNumber(ACTION, 'windowSeconds', windowSeconds, 0.1, 600);
  checkNumber(ACTION, 'hopSeconds', hopSeconds, 0.01, windowSeconds);
  checkNumber(ACTION, 'backlogSeconds', backlogSeconds, 0, 600);
  checkOneOf(ACTION, 'whenBehind', whenBehind, ['drop', 'wait']);
  if (vad !== false) checkObject(ACTION, 'vad', vad);
  return { sampleRate, hopSeconds, windowSeconds, vad, whenBehind, backlogSeconds };
}
