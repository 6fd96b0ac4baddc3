// sound that a client sends → what the classifier reads, and a client that waits while it is behind

/** A connection that can be told to wait. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/** Bytes that may wait here: seconds of a call. More are left to the network, which tells the client to wait. */
const MOST = 2 ** 18;

/** Sound between a socket and the classifier. */
export class SoundQueue implements AsyncIterable<Uint8Array> {
  readonly #client: Pausable;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #isPaused = false;
  #isOver = false;
  #tell = () => {};

  constructor(client: Pausable) {
    this.#client = client;
  }

  push(bytes: Uint8Array): void {
    if (this.#isOver || bytes.length === 0) return;
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > MOST && !this.#isPaused) {
      this.#isPaused = true;
      this.#client.pause();
    }
    this.#tell();
  }

  /** No more comes; what waits is still read. */
  end(): void {
    this.#isOver = true;
    this.#tell();
  }

  /** Nothing more is read, either: as a `Readable` has it, which `pcm` ends so. */
  destroy(): void {
    this.end();
    this.#take();
  }

  /** All that has come at a time: the busier the classifier, the fewer messages. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const [first, ...others] = this.#take();
        if (first) yield others.length === 0 ? first : Buffer.concat([first, ...others]);
        else if (this.#isOver) return;
        else await this.#change();
      }
    } finally {
      this.#isOver = true;
      this.#take();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  #take(): Uint8Array[] {
    const taken = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#client.resume();
    }
    return taken;
  }
}
