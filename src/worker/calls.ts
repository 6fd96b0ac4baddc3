// requests to a worker → its answers, each call under its own number

import type { AudioInput } from '../audio/soundPieces.ts';
import { abortable } from '../core/abortable.ts';
import { fromPlainError } from '../core/plainError.ts';
import { Port, type PortLike } from '../core/port.ts';
import type { ModelSettings } from '../model/trainedModel.ts';
import type { Opening, Reply, Request, Sequel } from './messages.ts';

/** Callbacks while a call is in progress. */
export interface CallListeners {
  readonly onProgress?: ((progress: never) => void) | undefined;
  /** The worker wants more of a source. */
  readonly onPull?: (() => void) | undefined;
  /** The worker cannot decode what it was sent, and sends it back. */
  readonly onUndecoded?: ((input: AudioInput) => void) | undefined;
}

/** The calls to a worker. */
export class Calls {
  readonly #port: Port<Reply, Request>;
  readonly #open = new Map<number, Call>();
  readonly #ready: Promise<ModelSettings>;
  #settle!: { readonly resolve: (settings: ModelSettings) => void; readonly reject: (error: unknown) => void };
  #last = 0;
  #lastSpeaker = 0;
  #users = 1;
  /** Why no calls can be made any more. */
  #over: { readonly error: unknown } | undefined;

  /** @throws {TypeError} when `worker` is no worker and no port */
  constructor(worker: PortLike) {
    this.#ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#ready.catch(() => {}); // reported to whoever waits for it
    const lose = (cause: unknown) => this.#lose(cause);
    this.#port = new Port<Reply, Request>('connect', worker, {
      onMessage: (reply) => this.#take(reply),
      onUnreadable: lose,
      onClosed: lose,
      onError: lose,
    });
    this.#port.send({ hello: true });
  }

  /**
   * Waits for the worker's classifier and gives its settings.
   *
   * @throws what loading it threw there
   * @throws {Error} when the worker is gone
   */
  ready(signal: AbortSignal | undefined): Promise<ModelSettings> {
    return abortable(this.#ready, signal);
  }

  /** Opens a call to one of the worker's classifiers, which has to be ended. */
  open(of: number, listeners: CallListeners): Call {
    const id = ++this.#last;
    const call = new Call(listeners, {
      send: (message, transfer) => this.#port.send({ ...message, id, of }, transfer),
      over: () => this.#over,
      forget: () => this.#open.delete(id),
    });
    this.#open.set(id, call);
    return call;
  }

  /** A number for one more classifier of the worker. */
  nextSpeaker(): number {
    return ++this.#lastSpeaker;
  }

  /** Lets the worker drop a classifier. */
  forget(speaker: number): void {
    if (!this.#over) this.#port.send({ forget: speaker });
  }

  /** One more classifier here calls the worker. */
  share(): this {
    this.#users++;
    return this;
  }

  /** One less does: the last one ends the worker. */
  release(error: unknown): void {
    if (--this.#users === 0) this.end(error);
  }

  /** Fails all calls, now and later, and ends the worker, whether it answers or not. */
  end(error: unknown): void {
    if (this.#over) return;
    this.#over = { error };
    this.#settle.reject(error);
    for (const call of this.#open.values()) call.fail(error);
    try {
      this.#port.send({ dispose: true }); // a worker at the other end of a port lives on
    } finally {
      void this.#port.close();
    }
  }

  #take(reply: Reply): void {
    if ('ready' in reply) this.#settle.resolve(reply.ready);
    else if ('unable' in reply) this.end(fromPlainError(reply.unable));
    else this.#open.get(reply.id)?.take(reply);
  }

  #lose(cause: unknown): void {
    const message = `Cannot use the classifier: its worker is gone: ${(cause as Error | undefined)?.message}`;
    this.end(new Error(message, { cause }));
  }
}

/** The connection of a call. */
interface Line {
  readonly send: (message: Opening | Sequel, transfer?: readonly Transferable[]) => void;
  readonly over: () => { readonly error: unknown } | undefined;
  readonly forget: () => void;
}

/** One call, from its first request to its end. */
export class Call {
  readonly #listeners: CallListeners;
  readonly #line: Line;
  #settle: { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void } | undefined;

  constructor(listeners: CallListeners, line: Line) {
    this.#listeners = listeners;
    this.#line = line;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @throws what was thrown there, or by a listener here, or the signal's reason
   * @throws {DOMException} when the request cannot be sent
   */
  async ask(
    request: Opening | Sequel,
    signal: AbortSignal | undefined,
    transfer?: readonly Transferable[],
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const over = this.#line.over();
    if (over) throw over.error;
    const answer = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#line.send(request, transfer);
    });
    return abortable(answer, signal);
  }

  /** Sends a message without waiting for an answer. */
  tell(message: Sequel, transfer?: readonly Transferable[]): void {
    if (!this.#line.over()) this.#line.send(message, transfer);
  }

  /** Handles a message of the worker. */
  take(reply: Reply): void {
    try {
      if ('progress' in reply) this.#listeners.onProgress?.(reply.progress as never);
      else if ('pull' in reply) this.#listeners.onPull?.();
      else if ('undecoded' in reply) this.#listeners.onUndecoded?.(reply.undecoded);
      else if ('error' in reply) this.fail(fromPlainError(reply.error));
      else if ('value' in reply) this.#settle?.resolve(reply.value);
    } catch (error) {
      this.fail(error); // of a callback, as the classifier itself would throw it
    }
  }

  /** Rejects the current request. */
  fail(error: unknown): void {
    this.#settle?.reject(error);
  }

  /** Ends the call: the worker stops if it is not done. */
  end(): void {
    this.#line.forget();
    this.tell({ abort: true });
  }
}
