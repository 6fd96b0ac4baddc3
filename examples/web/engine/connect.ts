// model and backend → a classifier in a worker, on the next backend if that one does not run here

import { RemoteClassifier } from 'speech-emotion/worker';
import { BACKEND_TITLES, BACKENDS, type BackendName, whyNot } from './availability.ts';
import { type Choice, NO_MODEL } from './choice.ts';
import ClassifierWorker from './classifier.worker.ts?worker';

/** A classifier, what it computes with, and why not with what was wanted. */
export interface Connection {
  readonly classifier: RemoteClassifier;
  readonly backend: BackendName;
  readonly failures: readonly string[];
}

/** @throws {Error} when the model cannot be loaded, or no backend runs here */
export async function connect(wanted: Choice, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted();
  const failures: string[] = [];
  for (const backend of [wanted.backend, ...BACKENDS.filter((other) => other !== wanted.backend)]) {
    const reason = await whyNot(backend);
    try {
      if (reason) throw new Error(reason);
      const worker = new ClassifierWorker({ name: JSON.stringify({ ...wanted, backend } satisfies Choice) });
      return { classifier: await RemoteClassifier.connect(worker, { signal }), backend, failures };
    } catch (error) {
      signal.throwIfAborted();
      const { name, message } = error as Error;
      if (name === NO_MODEL) throw new Error(`The model cannot be loaded: ${message}`, { cause: error });
      failures.push(`${BACKEND_TITLES[backend].replace(/ .*/, '')} cannot be used: ${message}.`);
    }
  }
  throw new Error(failures.join(' '));
}
