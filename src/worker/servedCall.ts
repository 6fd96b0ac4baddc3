// one call from another thread → its answers

import type { EmotionClassifier } from '../classifier/emotionClassifier.ts';
import { abortable } from '../core/abortable.ts';
import { fromPlainError, toPlainError } from '../core/plainError.ts';
import type { Opening, Reply, Sequel } from './messages.ts';

/** A call, from its request to its end. */
export class ServedCall {
  /** Resolves at its end, whatever that is. */
  readonly done: Promise<void>;
  readonly #id: number;
  readonly #send: (reply: Reply) => void;
  readonly #controller = new AbortController();
  // Of a stream: resolve what waits for the other end.
  #wanted = () => {};
  #piece: (sequel: Sequel) => void = () => {};

  constructor(
    opening: Opening & { readonly id: number },
    loading: Promise<EmotionClassifier>,
    send: (reply: Reply) => void,
  ) {
    this.#id = opening.id;
    this.#send = send;
    this.done = this.#run(opening, loading)
      .catch((error) => send({ id: opening.id, error: toPlainError(error) }))
      .finally(() => this.stop());
  }

  /** Handles a later message of the call. */
  take(sequel: Sequel): void {
    if ('next' in sequel) this.#wanted();
    else if ('piece' in sequel || 'failed' in sequel) this.#piece(sequel);
    else if ('abort' in sequel) this.stop();
  }

  /** Stops the work: the call is aborted or over. */
  stop(): void {
    this.#controller.abort(new DOMException('stopped', 'AbortError'));
  }

  async #run(opening: Opening, loading: Promise<EmotionClassifier>): Promise<void> {
    const id = this.#id;
    const { signal } = this.#controller;
    const classifier = await abortable(loading, signal);
    if (opening.call === 'classify') {
      this.#send({ id, value: await classifier.classify(opening.input, { ...opening.options, signal }) });
    } else if (opening.call === 'explain') {
      this.#send({ id, value: await classifier.explain(opening.input, { ...opening.options, signal }) });
    } else if (opening.call === 'timeline') {
      const onProgress = (progress: unknown) => this.#send({ id, progress });
      this.#send({ id, value: await classifier.timeline(opening.input, { ...opening.options, onProgress, signal }) });
    } else {
      await this.#stream(classifier, opening.options);
    }
  }

  async #stream(
    classifier: EmotionClassifier,
    options: Extract<Opening, { call: 'stream' }>['options'],
  ): Promise<void> {
    const { signal } = this.#controller;
    const segments = classifier.stream(this.#source(), { ...options, signal });
    let value: unknown; // none at first: the stream is open
    try {
      for (;;) {
        const wanted = new Promise<void>((resolve) => {
          this.#wanted = resolve;
        });
        this.#send({ id: this.#id, value });
        await abortable(wanted, signal);
        const result = await segments.next();
        value = result.value;
        if (result.done) return this.#send({ id: this.#id, value: undefined });
      }
    } finally {
      segments.return().catch(() => {}); // an error has been sent already
    }
  }

  /** The source at the other end, which is asked for each piece. */
  async *#source(): AsyncGenerator<Float32Array> {
    for (;;) {
      const answer = new Promise<Sequel>((resolve) => {
        this.#piece = resolve;
      });
      this.#send({ id: this.#id, pull: true });
      const sequel = await abortable(answer, this.#controller.signal);
      if ('failed' in sequel) throw fromPlainError(sequel.failed);
      if (!('piece' in sequel) || sequel.piece === undefined) return;
      yield sequel.piece;
    }
  }
}
