// Web Worker, worker thread or message port → one interface to send, to receive, and to notice that the other end is gone

/** A channel for messages: a `Worker` of the web or of Node, a `MessagePort`, and within a worker its global scope or `parentPort`. */
export interface PortLike {
  /** Sends a message and transfers memory. */
  postMessage(message: unknown, transfer?: never): void;
  /** Of the web. */
  addEventListener?: unknown;
  /** Of Node. */
  on?: unknown;
}

type Listener = (value: unknown) => void;

/** Callbacks of a {@link Port}. */
export interface PortListeners<Message> {
  /** Called with each message of the library; the page or the worker may send others. */
  readonly onMessage: (message: Message) => void;
  /** Called when a message could not be read. */
  readonly onUnreadable: Listener;
  /** Called when the other end is closed or has ended. */
  readonly onClosed: Listener;
  /** Called when the other end fails. A worker leaves its own errors to the other end. */
  readonly onError?: Listener | undefined;
}

/** The property under which the library's messages are sent. */
const MARK = 'speech-emotion';

/** Channels of the web and of Node behind one interface. */
export class Port<Incoming, Outgoing> {
  readonly #target: PortLike;
  #detach: () => void = () => {};

  /** @throws {TypeError} when the target is no channel for messages */
  constructor(action: string, target: PortLike, listeners: PortListeners<Incoming>) {
    const { on, addEventListener, postMessage } = (target ?? {}) as Partial<PortLike>;
    if (typeof postMessage !== 'function' || ![typeof on, typeof addEventListener].includes('function')) {
      throw new TypeError(`Cannot ${action}: there must be a Worker or a MessagePort, in Node's workers parentPort`);
    }
    this.#target = target;
    const onData: Listener = (data) => {
      const message = typeof data === 'object' && (data as { [MARK]?: unknown } | null)?.[MARK];
      if (typeof message === 'object' && message !== null) listeners.onMessage(message as Incoming);
    };
    if (typeof on === 'function') this.#listenAsNode(target as NodePort, onData, listeners);
    else this.#listenAsWeb(target as unknown as WebPort, onData, listeners);
  }

  /**
   * Sends a message; transferred memory is empty here afterwards.
   *
   * @throws {DataCloneError} when it cannot be sent
   */
  send(message: Outgoing, transfer: readonly Transferable[] = []): void {
    this.#target.postMessage({ [MARK]: message }, transfer as never);
  }

  /**
   * Stops listening, and ends what can be ended from here: a worker at the other end, a port, or the worker that this runs in.
   *
   * @returns resolves once it has ended, where that can be told
   */
  async close(): Promise<void> {
    this.#detach();
    const { terminate, close } = this.#target as {
      terminate?: (() => unknown) | undefined;
      close?: (() => void) | undefined;
    };
    if (typeof terminate === 'function') await terminate.call(this.#target);
    else if (typeof close === 'function') close.call(this.#target);
  }

  #listenAsNode(
    target: NodePort,
    onData: Listener,
    { onUnreadable, onClosed, onError }: PortListeners<Incoming>,
  ): void {
    const events: [string, Listener][] = [
      ['message', onData],
      ['messageerror', onUnreadable],
      ['exit', (code) => onClosed(new Error(`it ended with exit code ${code}`))],
      ['close', () => onClosed(new Error('it was closed'))],
      ...(onError ? [['error', onError] as [string, Listener]] : []),
    ];
    for (const [event, listener] of events) target.on(event, listener);
    this.#detach = () => {
      for (const [event, listener] of events) target.off(event, listener);
      if (onError) target.on('error', () => {}); // a thread that fails while it is ended would take the process with it
    };
  }

  #listenAsWeb(target: WebPort, onData: Listener, { onUnreadable, onClosed, onError }: PortListeners<Incoming>): void {
    const events: [string, (event: Event) => void][] = [
      ['message', (event) => onData((event as MessageEvent).data)],
      ['messageerror', () => onUnreadable(new Error('a message could not be read'))],
      ['close', () => onClosed(new Error('it was closed'))],
    ];
    if (onError) {
      events.push([
        'error',
        (event) => {
          event.preventDefault(); // the calls report it, so the page need not
          const { error, message } = event as ErrorEvent;
          onError(error ?? new Error(message || 'its module cannot be loaded')); // of that, browsers tell nothing
        },
      ]);
    }
    for (const [event, listener] of events) target.addEventListener(event, listener);
    target.start?.(); // ports queue messages until then
    this.#detach = () => {
      for (const [event, listener] of events) target.removeEventListener(event, listener);
    };
  }
}

interface NodePort extends PortLike {
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
}

interface WebPort extends PortLike {
  addEventListener(event: string, listener: (event: Event) => void): void;
  removeEventListener(event: string, listener: (event: Event) => void): void;
  start?(): void;
}
