// a classifier in another thread → the same calls here

import { type AudioInput, toWaveform } from '../audio/toWaveform.ts';
import type { ClassifyOptions, EmotionClassifier } from '../classifier/emotionClassifier.ts';
import type { EmotionResult } from '../classifier/emotionResult.ts';
import type { ExplainOptions, Explanation } from '../classifier/explanation.ts';
import type { StreamOptions, StreamSegment } from '../classifier/stream.ts';
import type { EmotionSegment, TimelineOptions, TimelineProgress } from '../classifier/timeline.ts';
import { fromPlainError, toPlainError } from '../core/plainError.ts';
import type { ModelSettings } from '../model/trainedModel.ts';
import type { Call, Reply, Request } from './messages.ts';
import { Port, type PortLike } from './port.ts';

/** What of an `EmotionClassifier` a {@link RemoteClassifier} has, too: code that takes this takes either. */
export type AnyClassifier = Pick<
  EmotionClassifier,
  'labels' | 'settings' | 'classify' | 'timeline' | 'explain' | 'stream' | 'dispose' | typeof Symbol.dispose
>;

/** Whether the memory of what is classified is given away. */
export interface TransferOptions {
  /**
   * Gives the input's memory to the worker in place of a copy: it is empty here afterwards. A blob is never copied.
   * @default false
   */
  readonly transfer?: boolean | undefined;
}

/** What waits for replies under a number. */
interface Waiting {
  readonly take: (reply: Reply) => void;
  readonly fail: (error: unknown) => void;
}

/** Why nothing can be asked any more. */
interface State {
  lost?: { readonly error: Error };
}

/**
 * An `EmotionClassifier` in a Web Worker or worker thread, so that the thread of the page or of the server stays free. The worker
 * calls `serveClassifier`. Results, errors and progress are those of the classifier there.
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
  readonly #port: Port;
  readonly #waiting: Map<number, Waiting>;
  readonly #state: State;
  #calls = 0;

  private constructor(settings: ModelSettings, port: Port, waiting: Map<number, Waiting>, state: State) {
    this.settings = settings;
    this.#port = port;
    this.#waiting = waiting;
    this.#state = state;
  }

  /**
   * Waits until the worker's classifier is there.
   *
   * @param worker a `Worker` of the web or of Node that calls `serveClassifier`, or a `MessagePort` that leads there; the
   *   classifier's from now on
   * @throws what loading the classifier threw there
   * @throws {Error} when the worker fails or ends first
   * @throws the signal's reason when it aborts
   */
  static async connect(
    worker: PortLike,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<RemoteClassifier> {
    const { signal } = options;
    signal?.throwIfAborted();
    const waiting = new Map<number, Waiting>();
    const state: State = {};
    let port!: Port;
    try {
      const settings = await new Promise<ModelSettings>((resolve, reject) => {
        const lost = (cause: unknown) => {
          const error = new Error(`Cannot use the classifier: its worker is gone: ${(cause as Error)?.message}`, {
            cause,
          });
          state.lost ??= { error };
          reject(error);
          for (const { fail } of waiting.values()) fail(error);
        };
        port = new Port(
          worker,
          (message) => {
            const reply = message as Reply;
            if ('ready' in reply) resolve(reply.ready);
            else if ('unable' in reply) reject(fromPlainError(reply.unable));
            else waiting.get(reply.id)?.take(reply);
          },
          lost,
        );
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
      return new RemoteClassifier(settings, port, waiting, state);
    } catch (error) {
      port.send({ dispose: true } satisfies Request);
      port.close();
      throw error;
    }
  }

  /** What the classifier tells apart. */
  get labels(): readonly string[] {
    return this.settings.labels;
  }

  /** As {@link EmotionClassifier.classify}. */
  async classify(input: AudioInput, options: ClassifyOptions & TransferOptions = {}): Promise<EmotionResult> {
    return (await this.#hear('classify', input, options)) as EmotionResult;
  }

  /** As {@link EmotionClassifier.timeline}. */
  async timeline(input: AudioInput, options: TimelineOptions & TransferOptions = {}): Promise<EmotionSegment[]> {
    const { onProgress, ...rest } = options;
    return (await this.#hear('timeline', input, rest, onProgress)) as EmotionSegment[];
  }

  /** As {@link EmotionClassifier.explain}. */
  async explain(input: AudioInput, options: ExplainOptions & TransferOptions = {}): Promise<Explanation> {
    return (await this.#hear('explain', input, options)) as Explanation;
  }

  /** As {@link EmotionClassifier.stream}: the source is read here, as fast as it is there. */
  async *stream(
    source: AsyncIterable<Float32Array>,
    options: StreamOptions,
  ): AsyncGenerator<StreamSegment, void, undefined> {
    const { signal, ...rest } = options;
    const id = ++this.#calls;
    const pieces = source[Symbol.asyncIterator]();
    const send = async () => {
      try {
        const { done, value } = await pieces.next();
        const piece = done ? undefined : value;
        if (this.#waiting.has(id)) this.#port.send({ id, piece } satisfies Request); // copied: it may be a view of more
      } catch (error) {
        this.#port.send({ id, failed: toPlainError(error) } satisfies Request);
      }
    };
    try {
      await this.#exchange(id, { call: 'stream', options: rest, id }, { signal, onPull: send });
      for (;;) {
        const segment = await this.#exchange(id, { id, next: true }, { signal, onPull: send });
        if (segment === undefined) return;
        yield segment as StreamSegment;
      }
    } finally {
      this.#waiting.delete(id);
      if (!this.#state.lost) this.#port.send({ id, abort: true } satisfies Request);
      pieces.return?.().catch(() => {});
    }
  }

  /** Frees the model there and ends the worker; calls under way fail, as later ones do. More than once is once. */
  dispose(): void {
    if (this.#state.lost) return;
    const error = new Error('Cannot use the classifier: it is disposed');
    this.#state.lost = { error };
    for (const { fail } of this.#waiting.values()) fail(error);
    this.#port.send({ dispose: true } satisfies Request);
  }

  /** {@link RemoteClassifier.dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** One call about a whole recording. */
  async #hear(
    call: Exclude<Call['call'], 'stream'>,
    input: AudioInput,
    { signal, transfer = false, ...options }: TransferOptions & { readonly signal?: AbortSignal | undefined },
    onProgress?: Circumstances['onProgress'],
  ): Promise<unknown> {
    const sent = await sendable(input);
    const memory = transfer ? memoryOf(sent) : [];
    return this.#ask({ call, input: sent, options }, { signal, transfer: memory, onProgress });
  }

  async #ask(call: Call, circumstances: Circumstances): Promise<unknown> {
    const id = ++this.#calls;
    try {
      return await this.#exchange(id, { ...call, id }, circumstances);
    } catch (error) {
      if (circumstances.signal?.aborted) this.#port.send({ id, abort: true } satisfies Request);
      throw error;
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** Sends a request and waits for the value under its number. */
  #exchange(
    id: number,
    request: Request,
    { signal, transfer = [], onProgress, onPull }: Circumstances,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#state.lost) return reject(this.#state.lost.error);
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => fail(signal!.reason);
      const end = () => signal?.removeEventListener('abort', abort);
      const fail = (error: unknown) => {
        end();
        reject(error);
      };
      const take = (reply: Reply) => {
        if ('progress' in reply) onProgress?.(reply.progress as TimelineProgress);
        else if ('pull' in reply) void onPull?.();
        else if ('error' in reply) fail(fromPlainError(reply.error));
        else if ('value' in reply) {
          end();
          resolve(reply.value);
        }
      };
      this.#waiting.set(id, { take, fail });
      signal?.addEventListener('abort', abort);
      this.#port.send(request, transfer);
    });
  }
}

interface Circumstances {
  readonly signal?: AbortSignal | undefined;
  readonly transfer?: readonly Transferable[];
  readonly onProgress?: ((progress: TimelineProgress) => void) | undefined;
  readonly onPull?: () => void;
}

/** An `AudioBuffer` cannot be sent: its samples can. */
async function sendable(input: AudioInput): Promise<AudioInput> {
  const isBuffer = typeof (input as AudioBuffer | undefined)?.getChannelData === 'function';
  return isBuffer ? toWaveform(input) : input;
}

function memoryOf(input: AudioInput): Transferable[] {
  if (input instanceof ArrayBuffer) return [input];
  if (ArrayBuffer.isView(input)) return [input.buffer as ArrayBuffer];
  return 'samples' in input ? [input.samples.buffer as ArrayBuffer] : [];
}
