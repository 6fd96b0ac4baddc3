// what was learnt of one's own voice, kept in this browser → the adaptation that the page listens with, where it is to

import { computed, signal } from '@preact/signals';
import { keep, kept, letGo } from '../engine/keptVoice.ts';
import { announce } from './announcement.ts';
import { settings } from './settings.ts';

/** What a model has learnt of one's own voice: some kB, in which nobody can hear it. */
export interface Voice {
  readonly adaptation: Uint8Array;
  /** The model that learnt, by its name on the page; no other can use it. */
  readonly model: string;
  /** The takes that it was learnt from; none are known of a file that was loaded. */
  readonly takes: readonly string[];
}

const NAME = 'voice';

/** What was learnt, of whichever model. */
export const voice = signal<Voice | undefined>(undefined);

/** What the chosen model has learnt. */
export const ownVoice = computed(() => (voice.value?.model === settings.model.value ? voice.value : undefined));

/** What the page listens with; undefined where it listens as to everybody. */
export const voiceInUse = computed(() => (settings.ownVoice.value ? ownVoice.value : undefined));

/** Why what was learnt is not used, though it was to be. */
export const refusal = signal<string | undefined>(undefined);

/** Looks for what was learnt on an earlier visit. */
export async function findVoice(): Promise<void> {
  voice.value = await kept<Voice>(NAME).catch(() => undefined);
}

/** Keeps what was learnt, and listens with it. */
export async function useVoice(learnt: Voice): Promise<void> {
  voice.value = learnt;
  refusal.value = undefined;
  settings.ownVoice.value = true;
  await keep(NAME, learnt);
}

/** Another model has taken the place of the one that learnt, or what was kept is damaged: it is of no use any more. */
export async function refuseVoice(reason: string): Promise<void> {
  refusal.value = `What was learnt of your voice is not used any more. ${reason}`;
  announce(refusal.value);
  await forgetVoice();
}

/** Lets go of what was learnt. */
export async function forgetVoice(): Promise<void> {
  settings.ownVoice.value = false;
  voice.value = undefined;
  await letGo(NAME);
}
