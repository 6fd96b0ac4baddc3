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

/** Both kinds behind one face. */
export class Port {
  readonly #target: PortLike;
  #detach: () => void = () => {};

  /**
   * @param onMessage called with each message
   * @param onLost called when the other end has failed or ended
   */
  constructor(target: PortLike, onMessage: Listener, onLost: Listener = () => {}) {
    this.#target = target;
    if (typeof target.on === 'function') this.#listenAsNode(target as NodePort, onMessage, onLost);
    else this.#listenAsWeb(target as unknown as WebPort, onMessage, onLost);
  }

  /** Sends a message; what is transferred is no longer here. */
  send(message: unknown, transfer: readonly Transferable[] = []): void {
    this.#target.postMessage(message, transfer as never);
  }

  /** Listens no more, and closes what can be closed from here: a port, or the worker that this runs in. */
  close(): void {
    this.#detach();
    (this.#target as { close?: () => void }).close?.();
  }

  #listenAsNode(target: NodePort, onMessage: Listener, onLost: Listener): void {
    const events: [string, Listener][] = [
      ['message', onMessage],
      ['error', onLost],
      ['messageerror', onLost],
      ['exit', (code) => onLost(new Error(`it ended with exit code ${code}`))],
      ['close', () => onLost(new Error('it was closed'))],
    ];
    for (const [event, listener] of events) target.on(event, listener);
    this.#detach = () => {
      for (const [event, listener] of events) target.off(event, listener);
    };
  }

  #listenAsWeb(target: WebPort, onMessage: Listener, onLost: Listener): void {
    const events: [string, (event: Event) => void][] = [
      ['message', (event) => onMessage((event as MessageEvent).data)],
      [
        'error',
        (event) => {
          event.preventDefault(); // it is told where it belongs, so the page need not report it
          onLost((event as ErrorEvent).error ?? new Error((event as ErrorEvent).message));
        },
      ],
      ['messageerror', () => onLost(new Error('a message could not be read'))],
    ];
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
