// chosen model and backend, one's own voice → the classifier that all views share

import { effect, signal } from '@preact/signals';
import { listStoredModels } from 'speech-emotion/browser';
import type { RemoteClassifier } from 'speech-emotion/worker';
import { BACKEND_TITLES } from '../engine/availability.ts';
import { type Choice, SHIPPED } from '../engine/choice.ts';
import { type Connection, connect } from '../engine/connect.ts';
import { settings } from './settings.ts';
import { findVoice, refuseVoice, type Voice, voiceInUse } from './voice.ts';

/** How far the classifier is. */
export type ClassifierState =
  | { readonly is: 'loading' }
  | { readonly is: 'ready'; readonly classifier: RemoteClassifier; readonly words: string }
  | { readonly is: 'failed'; readonly words: string };

/** The classifier of the chosen model, for one's own voice where that is in use. */
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

/** How sure the model says that it must be, once it is there. */
export function modelsThreshold(): number | undefined {
  const { value } = classifier;
  return value.is === 'ready' ? value.classifier.settings.calibration.sureAbove : undefined;
}

const none = Promise.reject<never>(new Error('There is no model yet.'));
none.catch(() => {});

let connecting: Promise<Connection> = none;
let everyones: Promise<RemoteClassifier> = none;
/** For one's own voice, where that is in use. */
let personal: Promise<RemoteClassifier> | undefined;
/** One of these. */
let own: Promise<RemoteClassifier> = none;
let attempt = new AbortController();
const attempts = signal(0);

/** The classifier, once it is there. It is disposed when another is chosen; who waits then gets that one. */
export const readyClassifier = () => latest(() => own);

/** The same, not knowing one's own voice. */
export const everyonesClassifier = () => latest(() => everyones);

async function latest<T>(get: () => Promise<T>): Promise<T> {
  for (;;) {
    const mine = get();
    try {
      const found = await mine;
      if (mine === get()) return found;
    } catch (error) {
      if (mine === get()) throw error;
    }
  }
}

/** Loads it once more, after a failure. */
export function loadAgain(): void {
  attempts.value++;
}

/** Loads what is chosen, now and whenever something else is. */
export async function keepClassifier(): Promise<void> {
  void findStoredModels();
  if (settings.ownVoice.peek()) await findVoice();
  else void findVoice();
  effect(() => {
    attempts.value;
    load({ model: settings.model.value, backend: settings.backend.value });
  });
  effect(() => {
    const { value } = voiceInUse;
    if (value !== listeningFor) void listenFor(value);
  });
}

function load(choice: Choice): void {
  attempt.abort(new DOMException('Something else was chosen.', 'AbortError'));
  attempt = new AbortController();
  everyones.then((one) => one.dispose()).catch(() => {});
  connecting = connect(choice, attempt.signal);
  everyones = connecting.then(({ classifier }) => classifier);
  void listenFor(voiceInUse.peek());
}

let listeningFor: Voice | undefined;

/** Goes on with the same model, for one's own voice or for everybody's. */
async function listenFor(voice: Voice | undefined): Promise<void> {
  listeningFor = voice;
  const [mine, { signal }, connection] = [everyones, attempt, connecting];
  personal?.then((one) => one.dispose()).catch(() => {});
  personal = voice && mine.then((one) => one.personalise(voice.adaptation, { signal }));
  own = personal ?? mine;
  const now = own;
  classifier.value = { is: 'loading' };
  try {
    const found = await now;
    if (now !== own) return; // the next one disposes it
    const { backend, failures } = await connection;
    const words = [...failures, `Ready, computing with ${BACKEND_TITLES[backend]}.`].join(' ');
    classifier.value = { is: 'ready', classifier: found, words };
  } catch (error) {
    if (now !== own) return;
    const { name, message } = error as Error;
    if (voice && name === 'ModelFormatError') await refuseVoice(message);
    else classifier.value = { is: 'failed', words: message };
  }
}
