// takes → each judged by a model that did not learn from it, before and after: whether learning the voice helps

import { effect, signal } from '@preact/signals';
import { keep, kept, letGo } from '../../engine/keptVoice.ts';
import { classifier, everyonesClassifier } from '../classifier.ts';
import { settings } from '../settings.ts';
import { ROUNDS } from './sentences.ts';
import { areFound, areHeard, type Take, takes } from './takes.ts';
import { isTaking } from './taking.ts';

/** Takes, and whether each was recognised. */
export interface Trial {
  /** The model, and the takes by their ids. */
  readonly of: string;
  /** In the order of the takes. */
  readonly before: readonly boolean[];
  /** By models that learnt from the takes of the other sentences. */
  readonly after: readonly boolean[];
}

/** The last one. */
export const trial = signal<Trial | undefined>(undefined);

/** How much of the next one is done; undefined where none is needed. */
export const trying = signal<{ readonly done: number; readonly total: number } | undefined>(undefined);

/** Why it could not be made. */
export const trialFailure = signal<string | undefined>(undefined);

const NAME = 'trial';

/** Whether there is enough to leave something out: a second sentence, and more than one emotion. */
export function canTry(all: readonly Take[]): boolean {
  return new Set(all.map(({ round }) => round)).size > 1 && hasSeveral(all);
}

/** Whether there is something to tell apart. */
export function hasSeveral(all: readonly Take[]): boolean {
  return new Set(all.map(({ label }) => label)).size > 1;
}

/** Looks for the trial of an earlier visit. */
export async function findTrial(): Promise<void> {
  trial.value ??= await kept<Trial>(NAME).catch(() => undefined);
}

/** Forgets it. */
export async function removeTrial(): Promise<void> {
  trial.value = undefined;
  await letGo(NAME);
}

const keyOf = (model: string, all: readonly Take[]) => [model, ...all.map(({ id }) => id)].join();

/** Takes are tried anew when they have changed, and nothing is being said: a take is heard first. */
effect(() => {
  const all = takes.value;
  const key = keyOf(settings.model.value, all);
  if (!areFound.value || !areHeard.value || classifier.value.is !== 'ready' || isTaking.value) return;
  if (trial.value?.of === key || !canTry(all)) return;
  const left = new AbortController();
  void tryAll(all, key, left.signal);
  return () => {
    left.abort();
    trying.value = undefined;
  };
});

async function tryAll(all: readonly Take[], key: string, signal: AbortSignal): Promise<void> {
  trialFailure.value = undefined;
  try {
    const before = all.map((take) => isRecognised(take, labelOf(take)));
    const after = await learntWithout(all, signal);
    const made: Trial = { of: key, before, after };
    trial.value = made; // nothing is to be tried then
    await keep(NAME, made).catch(() => {}); // it is made again on the next visit
  } catch (error) {
    if (signal.aborted) return;
    trialFailure.value = (error as Error).message;
    trying.value = undefined;
  }
}

/** Whether each take is recognised by a model that has learnt from the takes of the other sentences. */
async function learntWithout(all: readonly Take[], signal: AbortSignal): Promise<boolean[]> {
  const after = all.map(() => false);
  const total = ROUNDS * all.length;
  let done = 0;
  const tell = () => {
    if (!signal.aborted) trying.value = { done: done++, total };
  };
  tell();
  const everyones = await everyonesClassifier();
  for (let round = 0; round < ROUNDS; round++) {
    const clips = all.filter((take) => take.round !== round).map(clipOf);
    using learnt = await everyones.personalise(await Promise.all(clips), { signal, onProgress: tell });
    for (const [i, take] of all.entries()) {
      if (take.round !== round) continue;
      const { label } = await learnt.classify(await take.recording.sound(), { channel: 'mix', signal });
      after[i] = isRecognised(take, label);
      tell();
    }
  }
  return after;
}

/** A take to learn from. */
export async function clipOf({ label, recording }: Take): Promise<{ sound: Blob; label: string }> {
  return { sound: await recording.sound(), label };
}

function isRecognised({ label }: Take, heard: string | undefined): boolean {
  return heard === label;
}

function labelOf({ recording: { progress } }: Take): string | undefined {
  const { value } = progress;
  return value.is === 'heard' ? value.result.label : undefined;
}
