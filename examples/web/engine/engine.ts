// chosen model and backend → a classifier in a worker, on the next backend if that one does not run here

import { RemoteClassifier } from 'speech-emotion/worker';
import { BACKEND_TITLES, BACKENDS, type BackendName, whyNot } from './availability.ts';
import { type Choice, NO_MODEL, SHIPPED } from './choice.ts';
import ClassifierWorker from './classifier.worker.ts?worker';

/** The classifier that the views share. */
export class Engine {
  #choice: Choice = { model: SHIPPED, backend: 'wasm' };
  #classifier: Promise<RemoteClassifier>;
  #stop = new AbortController();
  readonly #listeners: ((words: string, wrong: boolean) => void)[] = [];
  readonly #changes: (() => void)[] = [];

  constructor() {
    this.#classifier = Promise.reject(new Error('There is no model yet.'));
    this.#classifier.catch(() => {});
  }

  /** The current model and backend. */
  get choice(): Choice {
    return this.#choice;
  }

  /** The classifier, once it is loaded. It is disposed when another is chosen. */
  get classifier(): Promise<RemoteClassifier> {
    return this.#classifier;
  }

  /** Registers a listener for messages about loading. */
  onWords(listener: (words: string, wrong: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** Registers a listener for changes of the classifier, which make earlier results stale. */
  onChange(listener: () => void): void {
    this.#changes.push(listener);
  }

  /** Switches to another model or backend. */
  async choose(change: Partial<Choice>): Promise<void> {
    this.#choice = { ...this.#choice, ...change };
    this.#stop.abort(new DOMException('something else was chosen', 'AbortError'));
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const former = this.#classifier;
    this.#classifier = former.then(
      (classifier) => {
        classifier.dispose();
        return this.#start(signal);
      },
      () => this.#start(signal), // there was none
    );
    this.#classifier.catch(() => {});
    for (const listener of this.#changes) listener();
    try {
      await this.#classifier;
    } catch (error) {
      if (!signal.aborted) this.#tell((error as Error).message, true);
    }
  }

  async #start(signal: AbortSignal): Promise<RemoteClassifier> {
    signal.throwIfAborted();
    this.#tell('Loading the model …');
    const wanted = this.#choice.backend;
    const failures: string[] = [];
    for (const backend of [wanted, ...BACKENDS.filter((other) => other !== wanted)]) {
      const reason = await whyNot(backend);
      try {
        if (reason) throw new Error(reason);
        const worker = new ClassifierWorker({ name: JSON.stringify({ ...this.#choice, backend } satisfies Choice) });
        const classifier = await RemoteClassifier.connect(worker, { signal });
        this.#choice = { ...this.#choice, backend };
        this.#tell([...failures, `Ready, computing with ${BACKEND_TITLES[backend]}.`].join(' '));
        return classifier;
      } catch (error) {
        signal.throwIfAborted();
        const { name, message } = error as Error;
        if (name === NO_MODEL) throw new Error(`The model cannot be loaded: ${message}`, { cause: error });
        failures.push(`${titleOf(backend)} cannot be used: ${message}.`);
      }
    }
    throw new Error(failures.join(' '));
  }

  #tell(words: string, wrong = false): void {
    for (const listener of this.#listeners) listener(words, wrong);
  }
}

function titleOf(backend: BackendName): string {
  return BACKEND_TITLES[backend].replace(/ .*/, '');
}
