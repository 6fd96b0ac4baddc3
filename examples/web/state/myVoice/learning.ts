// takes → what is learnt of them; used, forgotten, taken along as a file

import { signal } from '@preact/signals';
import { announce } from '../announcement.ts';
import { everyonesClassifier } from '../classifier.ts';
import { settings } from '../settings.ts';
import { forgetVoice, useVoice, type Voice, voice } from '../voice.ts';
import { putBack, removeTakes, type Take, takes } from './takes.ts';
import { leaveTake } from './taking.ts';
import { clipOf, removeTrial, type Trial, trial } from './trial.ts';

/** How far the learning is. */
type Learning =
  | { readonly is: 'idle' }
  | { readonly is: 'learning'; readonly done: number; readonly total: number }
  | { readonly is: 'failed'; readonly reason: string };

/** Learning the voice, or reading a file of it. */
export const learning = signal<Learning>({ is: 'idle' });

/** Learns from all takes, and listens with what was learnt from then on. */
export async function learn(): Promise<void> {
  const from = takes.value;
  learning.value = { is: 'learning', done: 0, total: from.length };
  try {
    const everyones = await everyonesClassifier();
    using learnt = await everyones.personalise(await Promise.all(from.map(clipOf)), {
      onProgress({ completed, total }) {
        learning.value = { is: 'learning', done: completed, total };
      },
    });
    await use({ adaptation: learnt.adaptation!, model: settings.model.value, takes: from.map(({ id }) => id) });
  } catch (error) {
    learning.value = { is: 'failed', reason: (error as Error).message };
  }
}

async function use(learnt: Voice): Promise<void> {
  await useVoice(learnt);
  learning.value = { is: 'idle' };
  announce('Your voice is in use, for recordings and live.');
}

/** What was learnt, as a file's content. */
export function saveVoice({ adaptation }: Voice): void {
  const address = URL.createObjectURL(new Blob([adaptation as Uint8Array<ArrayBuffer>]));
  Object.assign(document.createElement('a'), { href: address, download: VOICE_FILE }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // when the browser has surely taken it
  announce(`${VOICE_FILE} is saved.`);
}

const VOICE_FILE = 'my-voice.adaptation';

/** Listens with what a file holds; the model says whether it can. */
export async function loadVoice(file: File): Promise<void> {
  learning.value = { is: 'learning', done: 0, total: 1 };
  try {
    const adaptation = new Uint8Array(await file.arrayBuffer());
    const everyones = await everyonesClassifier();
    using _ = await everyones.personalise(adaptation); // refused if it is not this model's
    await use({ adaptation, model: settings.model.value, takes: [] });
  } catch (error) {
    learning.value = { is: 'failed', reason: `${file.name} cannot be used. ${(error as Error).message}` };
  }
}

/** What was forgotten last, as long as the page is open. */
export const forgotten = signal<
  { readonly takes: readonly Take[]; readonly voice: Voice | undefined; readonly trial: Trial | undefined } | undefined
>(undefined);

/** Removes takes and what was learnt of them from this browser. */
export async function forget(): Promise<void> {
  leaveTake();
  forgotten.value = { takes: takes.value, voice: voice.value, trial: trial.value };
  learning.value = { is: 'idle' };
  await Promise.all([removeTakes(), forgetVoice(), removeTrial()]);
  announce('Your takes and what was learnt of them are removed from this device.');
}

/** Puts back what was forgotten. */
export async function putAllBack(): Promise<void> {
  const { value } = forgotten;
  if (!value) return;
  forgotten.value = undefined;
  trial.value = value.trial;
  await putBack(value.takes);
  if (value.voice) await useVoice(value.voice);
}
