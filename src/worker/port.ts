// Web Worker, worker thread or message port → one way to send, to be told, and to learn that the other end is gone

/** What messages go through: a `Worker` of either kind, a `MessagePort`, and within a worker its global scope or `parentPort`. */
export interface PortLike {
  /** Sends a message, and gives away what is transferred. */
  postMessage(message: unknown, transfer?: never): void;
  /** Of the web's kind. */
  addEventListener?: unknown;
  /** Of Node's kind. */
  on?: unknown;
}

type Listener = (value: unknown) => void;

/** What is to be told. */
export interface PortListeners<Message> {
  /** Called with each message of the library's: the page or the worker may have others. */
  readonly onMessage: (message: Message) => void;
  /** Called with what came and could not be read. */
  readonly onUnreadable: Listener;
  /** Called when the other end is closed or has ended. */
  readonly onClosed: Listener;
  /** Called when the other end fails. Of one's own faults others should be told. */
  readonly onError?: Listener | undefined;
}

/** What the library's messages stand in. */
const MARK = 'speech-emotion';

/** Both kinds behind one face. */
export class Port<Incoming, Outgoing> {
  readonly #target: PortLike;
  #detach: () => void = () => {};

  /** @throws {TypeError} when the target is nothing that messages go through */
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
   * Sends a message; what is transferred is no longer here.
   *
   * @throws {DataCloneError} when it cannot be sent
   */
  send(message: Outgoing, transfer: readonly Transferable[] = []): void {
    this.#target.postMessage({ [MARK]: message }, transfer as never);
  }

  /** Listens no more, and ends what can be ended from here: a worker at the other end, a port, or the worker that this runs in. */
  close(): void {
    this.#detach();
    const { terminate, close } = this.#target as {
      terminate?: (() => unknown) | undefined;
      close?: (() => void) | undefined;
    };
    if (typeof terminate === 'function') terminate.call(this.#target);
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
          event.preventDefault(); // it is told where it belongs, so the page need not report it
          onError((event as ErrorEvent).error ?? new Error((event as ErrorEvent).message));
        },
      ]);
    }
    for (const [event, listener] of events) target.addEventListener(event, listener);
    target.start?.(); // ports hold messages back until then
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
