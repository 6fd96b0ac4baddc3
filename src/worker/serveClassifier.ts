// calls from another thread → what a classifier in this one says

import type { EmotionClassifier } from '../classifier/emotionClassifier.ts';
import type { StreamSegment } from '../classifier/stream.ts';
import { fromPlainError, toPlainError } from '../core/plainError.ts';
import type { Reply, Request } from './messages.ts';
import { Port, type PortLike } from './port.ts';

/**
 * Makes a classifier of this worker's available to the thread that started it: see `RemoteClassifier.connect`. Call it at once
 * when the worker's module runs; what is asked for meanwhile waits until the model is loaded.
 *
 * When the other end disposes of the classifier, it is disposed of here and the worker ends.
 *
 * @param load starts a backend, loads the model
 * @param port what leads to the other thread: in Node `parentPort` of `node:worker_threads`
 *
 * @example
 * ```ts
 * // emotion.worker.ts
 * serveClassifier(async () => {
 *   await setBackend('wasm');
 *   return EmotionClassifier.load(pretrained);
 * });
 * ```
 */
export function serveClassifier(
  load: () => Promise<EmotionClassifier>,
  port: PortLike = globalThis as unknown as PortLike,
): void {
  const calls = new Map<number, Served>();
  const loading = load();
  const send = (reply: Reply, transfer?: Transferable[]) => channel.send(reply, transfer);
  const channel = new Port(port, (message) => {
    const request = message as Request;
    if ('dispose' in request) void end();
    else if ('call' in request) {
      const served = new Served(request, loading, send);
      calls.set(request.id, served);
      void served.done.then(() => calls.delete(request.id));
    } else calls.get(request.id)?.take(request);
  });
  loading.then(
    ({ settings }) => send({ ready: settings }),
    (error) => send({ unable: toPlainError(error) }),
  );

  async function end(): Promise<void> {
    for (const call of calls.values()) call.take({ id: 0, abort: true });
    await Promise.allSettled([...calls.values()].map(({ done }) => done));
    await loading.then((classifier) => classifier.dispose()).catch(() => {});
    channel.close();
  }
}

/** One call, from its request to its end. */
class Served {
  readonly done: Promise<void>;
  readonly #id: number;
  readonly #send: (reply: Reply) => void;
  readonly #controller = new AbortController();
  /** Of a stream. */
  #segments: AsyncIterator<StreamSegment> | undefined;
  #over: () => void = () => {};
  #piece: ((request: Request) => void) | undefined;

  constructor(
    request: Extract<Request, { call: string }>,
    loading: Promise<EmotionClassifier>,
    send: (reply: Reply) => void,
  ) {
    this.#id = request.id;
    this.#send = send;
    this.done = this.#run(request, loading).catch((error) => send({ id: request.id, error: toPlainError(error) }));
  }

  async #run(request: Extract<Request, { call: string }>, loading: Promise<EmotionClassifier>): Promise<void> {
    const classifier = await loading;
    const { signal } = this.#controller;
    const id = this.#id;
    if (request.call === 'classify') {
      this.#send({ id, value: await classifier.classify(request.input, { ...request.options, signal }) });
    } else if (request.call === 'explain') {
      this.#send({ id, value: await classifier.explain(request.input, { ...request.options, signal }) });
    } else if (request.call === 'timeline') {
      const onProgress = (progress: unknown) => this.#send({ id, progress });
      this.#send({ id, value: await classifier.timeline(request.input, { ...request.options, onProgress, signal }) });
    } else {
      const over = new Promise<void>((resolve) => {
        this.#over = resolve;
      });
      this.#segments = classifier.stream(this.#source(), { ...request.options, signal });
      this.#send({ id, value: undefined }); // it can be asked for segments now
      await over;
    }
  }

  /** What belongs to the call and came after its request. */
  take(request: Request): void {
    if ('next' in request) void this.#next();
    else if ('piece' in request || 'failed' in request) this.#piece?.(request);
    else if ('abort' in request) {
      this.#controller.abort(new DOMException('stopped', 'AbortError'));
      this.#piece?.({ id: this.#id, piece: undefined });
      this.#over();
      void this.#segments?.return?.().catch(() => {});
    }
  }

  async #next(): Promise<void> {
    try {
      const { done, value } = await this.#segments!.next();
      this.#send({ id: this.#id, value: done ? undefined : value });
      if (done) this.#over();
    } catch (error) {
      this.#send({ id: this.#id, error: toPlainError(error) });
      this.#over();
    }
  }

  /** The source at the other end: each piece is asked for. */
  async *#source(): AsyncGenerator<Float32Array> {
    for (;;) {
      const answer = new Promise<Request>((resolve) => {
        this.#piece = resolve;
      });
      this.#send({ id: this.#id, pull: true });
      const request = await answer;
      if ('failed' in request) throw fromPlainError(request.failed);
      if (!('piece' in request) || request.piece === undefined) return;
      yield request.piece;
    }
  }
}
