// chosen model and backend → the classifier that all views share

import { effect, signal } from '@preact/signals';
import { listStoredModels } from 'speech-emotion/browser';
import type { RemoteClassifier } from 'speech-emotion/worker';
import { BACKEND_TITLES } from '../engine/availability.ts';
import { type Choice, SHIPPED } from '../engine/choice.ts';
import { type Connection, connect } from '../engine/connect.ts';
import { settings } from './settings.ts';

/** How far the classifier is. */
export type ClassifierState =
  | { readonly is: 'loading' }
  | { readonly is: 'ready'; readonly classifier: RemoteClassifier; readonly words: string }
  | { readonly is: 'failed'; readonly words: string };

/** The classifier of the chosen model. */
export const classifier = signal<ClassifierState>({ is: 'loading' });

/** Names of the models that are stored in this browser. */
export const storedModels = signal<readonly string[]>([]);

/** Looks for stored models: after one is saved or removed. */
export async function findStoredModels(): Promise<void> {
  storedModels.value = await listStoredModels().catch(() => []);
}

/** The model's name on the page. */
export function modelName(model: string): string {
  return model === SHIPPED ? 'the one that ships' : model;
}

let coming: Promise<Connection> = Promise.reject(new Error('There is no model yet.'));
coming.catch(() => {});
let attempt = new AbortController();
const attempts = signal(0);

/** The classifier, once it is there. It is disposed when another is chosen; who waits then gets that one. */
export async function readyClassifier(): Promise<RemoteClassifier> {
  for (;;) {
    const mine = coming;
    try {
      const { classifier } = await mine;
      if (mine === coming) return classifier;
    } catch (error) {
      if (mine === coming) throw error;
    }
  }
}

/** Loads it once more, after a failure. */
export function loadAgain(): void {
  attempts.value++;
}

/** Loads what is chosen, now and whenever something else is. */
export function keepClassifier(): void {
  void findStoredModels();
  effect(() => {
    attempts.value;
    void load({ model: settings.model.value, backend: settings.backend.value });
  });
}

async function load(choice: Choice): Promise<void> {
  attempt.abort(new DOMException('Something else was chosen.', 'AbortError'));
  attempt = new AbortController();
  const { signal } = attempt;
  coming.then(({ classifier }) => classifier.dispose()).catch(() => {});
  coming = connect(choice, signal);
  classifier.value = { is: 'loading' };
  try {
    const { classifier: found, backend, failures } = await coming;
    if (signal.aborted) return; // the next one disposes it
    const words = [...failures, `Ready, computing with ${BACKEND_TITLES[backend]}.`].join(' ');
    classifier.value = { is: 'ready', classifier: found, words };
  } catch (error) {
    if (!signal.aborted) classifier.value = { is: 'failed', words: (error as Error).message };
  }
}
