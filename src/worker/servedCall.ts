// one call from another thread → its answers

import type { AudioInput } from '../audio/soundPieces.ts';
import { isUnknownHere } from '../audio/unknownHere.ts';
import type { Waveform } from '../audio/waveform.ts';
import type { EmotionClassifier } from '../classifier/emotionClassifier.ts';
import type { HearingOptions } from '../classifier/enrolment.ts';
import { insides } from '../classifier/insides.ts';
import { abortable } from '../core/abortable.ts';
import { fromPlainError, toPlainError } from '../core/plainError.ts';
import type { Opening, PersonaliseRequest, PulledInput, Reply, SentInput, Sequel } from './messages.ts';
import type { Speakers } from './speakers.ts';

/** A call, from its request to its end. */
export class ServedCall {
  /** Resolves at its end, whatever that is. */
  readonly done: Promise<void>;
  readonly #id: number;
  readonly #send: (reply: Reply) => void;
  readonly #speakers: Speakers;
  readonly #controller = new AbortController();
  // Of a stream: resolve what waits for the other end.
  #wanted = () => {};
  #piece: (sequel: Sequel) => void = () => {};
  /** Whoever waits for the other end to decode. */
  #sound: (waveform: Waveform) => void = () => {};

  constructor(
    opening: Opening & { readonly id: number },
    loading: Promise<EmotionClassifier>,
    speakers: Speakers,
    send: (reply: Reply) => void,
  ) {
    this.#id = opening.id;
    this.#speakers = speakers;
    this.#send = send;
    this.done = this.#run(opening, loading)
      .catch((error) => send({ id: opening.id, error: toPlainError(error) }))
      .finally(() => this.stop());
  }

  /** Handles a later message of the call. */
  take(sequel: Sequel): void {
    if ('next' in sequel) this.#wanted();
    else if ('piece' in sequel || 'failed' in sequel) this.#piece(sequel);
    else if ('decoded' in sequel) this.#sound(sequel.decoded);
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
    if (opening.call === 'personalise') return this.#personalise(classifier, opening);
    const sent = opening.input;
    const input = isPulled(sent) ? this.#source(sent) : sent;
    if (opening.call === 'stream') return this.#stream(classifier, input, opening.options);
    try {
      this.#send({ id, value: await this.#hear(classifier, opening, input as AudioInput) });
    } catch (error) {
      if (isPulled(sent) || !isUnknownHere(error)) throw error; // what was read is gone
      this.#send({ id, value: await this.#hear(classifier, opening, await this.#decoded(sent)) });
    }
  }

  /** What the classifier says of a whole recording. */
  #hear(
    classifier: EmotionClassifier,
    { call, options }: Exclude<Opening, { call: 'stream' | 'personalise' }>,
    input: AudioInput,
  ): Promise<unknown> {
    const { signal } = this.#controller;
    if (call === 'hearClip') return this.#hearClip(classifier, input, options);
    const onProgress = (progress: unknown) => this.#send({ id: this.#id, progress });
    if (call === 'classify') return classifier.classify(input, { ...options, onProgress, signal });
    if (call === 'explain') return classifier.explain(input, { ...options, onProgress, signal });
    return classifier.timeline(input, { ...options, onProgress, signal });
  }

  async #hearClip(classifier: EmotionClassifier, input: AudioInput, options: HearingOptions): Promise<unknown> {
    const { model, loadPersonalise } = insides.get(classifier)!;
    const { hearClip } = await loadPersonalise();
    return hearClip(model, input, { ...options, signal: this.#controller.signal });
  }

  /** Makes a classifier for a speaker, which is kept; what can be kept of it there is sent. */
  async #personalise(classifier: EmotionClassifier, { as, speaker }: PersonaliseRequest): Promise<void> {
    const { signal } = this.#controller;
    const { model, loadPersonalise } = insides.get(classifier)!;
    const { adaptationFrom } = await loadPersonalise();
    const adaptation =
      'clips' in speaker ? await adaptationFrom(model, speaker.clips, speaker.shares, signal) : speaker;
    const personal = await classifier.personalise(adaptation, { signal });
    this.#speakers.keep(as, personal);
    this.#send({ id: this.#id, value: personal.adaptation });
  }

  /** What the other end makes of sound that no decoder here knows: a page has its platform's, a worker has not. */
  async #decoded(input: AudioInput): Promise<AudioInput> {
    const answer = new Promise<Waveform>((resolve) => {
      this.#sound = resolve;
    });
    this.#send({ id: this.#id, undecoded: input });
    return abortable(answer, this.#controller.signal);
  }

  async #stream(
    classifier: EmotionClassifier,
    input: AudioInput | AsyncIterable<Float32Array>,
    options: Extract<Opening, { call: 'stream' }>['options'],
  ): Promise<void> {
    const { signal } = this.#controller;
    const segments = classifier.stream(input, { ...options, signal });
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

  /** The source at the other end, which is asked for each piece: of bytes or of samples, as the call has it. */
  #source({ pulled }: PulledInput): AsyncIterable<never> {
    return Object.assign(this.#pull() as AsyncGenerator<never>, pulled);
  }

  async *#pull(): AsyncGenerator<Float32Array | Uint8Array> {
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

function isPulled(input: SentInput): input is PulledInput {
  return typeof input === 'object' && input !== null && 'pulled' in input;
}
