// a classifier in another thread → the same methods here

import type { DecodeOptions } from '../audio/decode.ts';
import type { AudioInput } from '../audio/soundPieces.ts';
import { SoundSource } from '../audio/soundSource.ts';
import { toWaveform } from '../audio/toWaveform.ts';
import type { ClassifyOptions } from '../classifier/classifyWhole.ts';
import type { EmotionClassifier } from '../classifier/emotionClassifier.ts';
import type { EmotionResult } from '../classifier/emotionResult.ts';
import {
  type Enrolment,
  type PersonaliseOptions,
  resolveEnrolment,
  type SpeakerClip,
} from '../classifier/enrolment.ts';
import type { ExplainOptions, Explanation } from '../classifier/explanation.ts';
import type { AnyChannel, EachChannel } from '../classifier/hear.ts';
import type { ClipEvidence, EnrolledClip } from '../classifier/speakerWeights.ts';
import type { StreamSegment } from '../classifier/stream.ts';
import { isLive, type StreamOptions } from '../classifier/streamOptions.ts';
import type { EmotionSegment, TimelineOptions } from '../classifier/timeline.ts';
import { onAbort } from '../core/abortable.ts';
import { checkBoolean, checkNothingElse, checkOptions } from '../core/check.ts';
import { endable } from '../core/endable.ts';
import type { PortLike } from '../core/port.ts';
import type { ModelSettings } from '../model/trainedModel.ts';
import { type Call, type CallListeners, Calls } from './calls.ts';
import { Feed } from './feed.ts';
import type { Opening, PersonaliseRequest } from './messages.ts';
import { sendable } from './sendable.ts';

/** What `EmotionClassifier` and {@link RemoteClassifier} have in common: code that takes this takes either. */
export type AnyClassifier = Pick<
  EmotionClassifier,
  | 'labels'
  | 'settings'
  | 'adaptation'
  | 'classify'
  | 'timeline'
  | 'explain'
  | 'stream'
  | 'dispose'
  | typeof Symbol.dispose
> & {
  /** As {@link EmotionClassifier.personalise}. */
  personalise(clips: Iterable<SpeakerClip> | Uint8Array, options?: PersonaliseOptions): Promise<AnyClassifier>;
};

/** Whether the memory of the input is transferred. */
export interface TransferOptions {
  /**
   * Transfers the input's memory to the worker instead of copying it: it is empty here afterwards. A blob is never copied.
   * @default false
   */
  readonly transfer?: boolean | undefined;
}

/** Options of {@link RemoteClassifier.connect}. */
export interface ConnectOptions {
  /** Aborts, and ends the worker; `AbortSignal.timeout` gives up on one that does not answer. */
  readonly signal?: AbortSignal | undefined;
}

/** Workers and ports that belong to a classifier, which ends them. */
const taken = new WeakSet<PortLike>();

/**
 * An `EmotionClassifier` in a Web Worker or worker thread, so that the thread of the page or of the server stays free. The worker
 * calls `serveClassifier`. Results, errors and progress are those of the classifier there. The page itself loads no TensorFlow.js.
 *
 * @example
 * ```ts
 * const worker = new Worker(new URL('./emotion.worker.ts', import.meta.url), { type: 'module' });
 * const classifier = await RemoteClassifier.connect(worker);
 * const { label } = await classifier.classify(bytes);
 * classifier.dispose(); // ends the worker, too
 * ```
 */
export class RemoteClassifier implements AnyClassifier {
  /** How the model is fed and read, and where it comes from. */
  readonly settings: ModelSettings;
  readonly #calls: Calls;
  /** Which of the worker's classifiers it is: 0 is the one that the worker has loaded. */
  readonly #number: number;
  readonly #adaptation: Uint8Array | undefined;
  readonly #open = new Set<Call>();
  /** Why it cannot be used any more. */
  #over: Error | undefined;

  private constructor(settings: ModelSettings, calls: Calls, number = 0, adaptation?: Uint8Array) {
    this.settings = settings;
    this.#calls = calls;
    this.#number = number;
    this.#adaptation = adaptation;
  }

  /**
   * Waits until the worker's classifier is loaded.
   *
   * @param worker a `Worker` of the web or of Node that calls `serveClassifier`, or a `MessagePort` that leads there; it belongs to the
   *   classifier from now on, and is ended when this fails or aborts, too
   * @throws what loading the classifier threw there
   * @throws {TypeError} when it is no worker and no port, or an option is of the wrong type or unknown
   * @throws {Error} when the worker has a classifier here already, or fails or ends first
   * @throws the signal's reason when it aborts
   */
  static async connect(worker: PortLike, options: ConnectOptions = {}): Promise<RemoteClassifier> {
    if (taken.has(worker)) {
      throw new Error('Cannot connect: the worker must be without a classifier, got one that was connected to before');
    }
    const calls = new Calls(worker);
    taken.add(worker);
    try {
      const { signal, ...rest } = checkOptions('connect', options);
      checkNothingElse('connect', rest);
      return new RemoteClassifier(await calls.ready(signal), calls);
    } catch (error) {
      calls.end(error);
      throw error;
    }
  }

  /** The model's labels, in the order of the network's outputs. */
  get labels(): readonly string[] {
    return this.settings.labels;
  }

  /** As {@link EmotionClassifier.classify}. */
  classify(input: AudioInput, options: EachChannel<ClassifyOptions> & TransferOptions): Promise<EmotionResult[]>;
  classify(input: AudioInput, options?: ClassifyOptions & TransferOptions): Promise<EmotionResult>;
  classify(
    input: AudioInput,
    options?: AnyChannel<ClassifyOptions> & TransferOptions,
  ): Promise<EmotionResult | EmotionResult[]>;
  async classify(
    input: AudioInput,
    options: AnyChannel<ClassifyOptions> & TransferOptions = {},
  ): Promise<EmotionResult | EmotionResult[]> {
    return (await this.#call('classify', 'classify', input, options)) as EmotionResult | EmotionResult[];
  }

  /** As {@link EmotionClassifier.timeline}. */
  timeline(input: AudioInput, options: EachChannel<TimelineOptions> & TransferOptions): Promise<EmotionSegment[][]>;
  timeline(input: AudioInput, options?: TimelineOptions & TransferOptions): Promise<EmotionSegment[]>;
  timeline(
    input: AudioInput,
    options?: AnyChannel<TimelineOptions> & TransferOptions,
  ): Promise<EmotionSegment[] | EmotionSegment[][]>;
  async timeline(
    input: AudioInput,
    options: AnyChannel<TimelineOptions> & TransferOptions = {},
  ): Promise<EmotionSegment[] | EmotionSegment[][]> {
    return (await this.#call('timeline', 'make a timeline', input, options)) as EmotionSegment[] | EmotionSegment[][];
  }

  /** As {@link EmotionClassifier.explain}. */
  async explain(input: AudioInput, options: ExplainOptions & TransferOptions = {}): Promise<Explanation> {
    return (await this.#call('explain', 'explain', input, options)) as Explanation;
  }

  /** As {@link EmotionClassifier.stream}; the source is read here, when the worker asks for it. */
  stream(
    source: AsyncIterable<Float32Array> | AudioInput,
    options: StreamOptions = {},
  ): AsyncGenerator<StreamSegment, void, undefined> {
    return endable((controller) => this.#stream(source, options, controller));
  }

  async *#stream(
    source: AsyncIterable<Float32Array> | AudioInput,
    options: StreamOptions,
    controller: AbortController,
  ): AsyncGenerator<StreamSegment, void, undefined> {
    // First, so that a live source is ended whatever else is wrong.
    const live = isLive(options) ? new SoundSource('stream', source as AsyncIterable<Float32Array>) : undefined;
    const sound = live
      ? { input: { pulled: {} }, memory: [], source: live }
      : sendable('stream', await withoutBuffer(source as AudioInput), false);
    const feed = new Feed(sound.source);
    const call = this.#begin({ onPull: () => void feed.answer(call) });
    let stopListening = () => {};
    try {
      const { signal, ...rest } = checkOptions('stream', options);
      stopListening = onAbort(signal, (reason) => controller.abort(reason));
      const opening = { call: 'stream', input: sound.input, options: rest } as const;
      await call.ask(opening, controller.signal, sound.memory).catch(unsent('stream'));
      for (;;) {
        const segment = await call.ask({ next: true }, controller.signal);
        if (segment === undefined) return;
        yield segment as StreamSegment;
      }
    } finally {
      stopListening();
      this.#end(call);
      feed.end();
    }
  }

  /** As {@link EmotionClassifier.personalise}, by the same worker, which ends with the last of the classifiers that it has. */
  async personalise(
    clips: Iterable<SpeakerClip> | Uint8Array,
    options: PersonaliseOptions = {},
  ): Promise<RemoteClassifier> {
    const enrolment = resolveEnrolment(this.labels, clips, options);
    const speaker = enrolment.adaptation ?? (await this.#enrol(enrolment, options));
    const as = this.#calls.nextSpeaker();
    const call = this.#begin({});
    try {
      const adaptation = await call.ask({ call: 'personalise', as, speaker }, options.signal);
      return new RemoteClassifier(this.settings, this.#calls.share(), as, adaptation as Uint8Array);
    } catch (error) {
      this.#calls.forget(as);
      throw error;
    } finally {
      this.#end(call);
    }
  }

  /** As {@link EmotionClassifier.adaptation}. */
  get adaptation(): Uint8Array | undefined {
    return this.#adaptation?.slice();
  }

  /**
   * Frees the model there, and ends the worker unless classifiers for single speakers still use it. Calls in progress fail, as later
   * ones do. Idempotent.
   */
  dispose(): void {
    if (this.#over) return;
    this.#over = new Error('Cannot use the classifier: it is disposed');
    for (const call of this.#open) call.fail(this.#over);
    if (this.#number > 0) this.#calls.forget(this.#number);
    this.#calls.release(this.#over);
  }

  /** {@link RemoteClassifier.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** What the model there reads in a speaker's clips. */
  async #enrol(
    { clips, shares, hearing }: Enrolment,
    { onProgress }: PersonaliseOptions,
  ): Promise<PersonaliseRequest['speaker']> {
    const enrolled: EnrolledClip[] = [];
    for (const [i, { sound, label }] of clips.entries()) {
      const evidence = (await this.#call('hearClip', 'personalise', sound, hearing)) as ClipEvidence | undefined;
      if (evidence) enrolled.push({ ...evidence, label });
      onProgress?.({ type: 'clip', completed: i + 1, total: clips.length, speech: evidence !== undefined });
    }
    return { clips: enrolled, shares };
  }

  #begin(listeners: CallListeners): Call {
    if (this.#over) throw this.#over;
    const call = this.#calls.open(this.#number, listeners);
    this.#open.add(call);
    return call;
  }

  #end(call: Call): void {
    this.#open.delete(call);
    call.end();
  }

  /** A call about a whole recording. */
  async #call(
    name: Exclude<Opening['call'], 'stream' | 'personalise'>,
    action: string,
    input: AudioInput,
    options: TransferOptions & {
      readonly signal?: AbortSignal | undefined;
      readonly onProgress?: ((progress: never) => void) | undefined;
    },
  ): Promise<unknown> {
    const { signal, onProgress, transfer = false, ...rest } = checkOptions(action, options);
    checkBoolean(action, 'transfer', transfer);
    const own = await withoutBuffer(input);
    const sound = sendable(action, own, transfer || own !== input);
    const feed = new Feed(sound.source);
    const { maxSeconds } = rest as DecodeOptions;
    const onUndecoded = async (undecoded: AudioInput) => {
      try {
        const decoded = await toWaveform(undecoded, { maxSeconds, signal });
        call.tell({ decoded }, [decoded.samples.buffer as ArrayBuffer]);
      } catch (error) {
        call.fail(error); // what it is, and what the page can decode
      }
    };
    const call = this.#begin({ onProgress, onUndecoded, onPull: () => void feed.answer(call) });
    try {
      const opening = { call: name, input: sound.input, options: rest };
      return await call.ask(opening, signal, sound.memory).catch(unsent(action));
    } finally {
      this.#end(call);
      feed.end();
    }
  }
}

/** An AudioBuffer cannot be sent, its samples can. */
async function withoutBuffer(input: AudioInput): Promise<AudioInput> {
  return typeof (input as AudioBuffer | undefined)?.getChannelData === 'function' ? toWaveform(input) : input;
}

/** What cannot be sent is a wrong argument. */
function unsent(action: string): (error: unknown) => never {
  return (error) => {
    if ((error as DOMException | undefined)?.name !== 'DataCloneError') throw error;
    const message = `Cannot ${action}: input and options must be such as can be sent to a worker: ${(error as Error).message}`;
    throw new TypeError(message, { cause: error });
  };
}
