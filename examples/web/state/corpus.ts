// chosen files → labelled recordings, and the settings of a training on them, or what is wrong with those

import { computed, signal } from '@preact/signals';
import type { ChosenFile, Corpus, SpeakerRule, TrainingSettings } from '../training/messages.ts';
import { TrainingClient } from '../training/trainingClient.ts';

/** The worker that trains; it starts with the first call. */
export const trainer = new TrainingClient();

/** How far the recordings are known. */
export type CorpusState =
  | { readonly is: 'none' }
  | { readonly is: 'opening' }
  | { readonly is: 'open'; readonly corpus: Corpus; readonly from: string }
  | { readonly is: 'failed'; readonly reason: string };

/** The recordings to train on. */
export const chosen = signal<CorpusState>({ is: 'none' });

/** The fields of the form, as they stand there. */
export const form = {
  name: signal('mine'),
  speakersBy: signal<SpeakerRule>('name'),
  size: signal<TrainingSettings['size']>('small'),
  epochs: signal('30'),
  batchSize: signal('32'),
  /** Names, numbers and ranges of numbers; empty for all. */
  speakers: signal(''),
  /** Undefined: about a fifth of them, evenly spread. */
  heldOut: signal<readonly string[] | undefined>(undefined),
} as const;

/** A field of the form. */
export type Field = keyof typeof form;

let files: readonly ChosenFile[] = [];
let from = '';

/** Looks at other recordings. */
export async function openFiles(chosenFiles: readonly ChosenFile[], name: string): Promise<void> {
  if (chosenFiles.length === 0) return;
  [files, from] = [chosenFiles, name];
  await reopen();
}

/** Knows speakers in another way from now on. */
export async function knowSpeakersBy(rule: SpeakerRule): Promise<void> {
  if (form.speakersBy.peek() === rule) return;
  form.speakersBy.value = rule;
  await reopen();
}

async function reopen(): Promise<void> {
  if (files.length === 0) return;
  const before = chosen.peek();
  chosen.value = { is: 'opening' };
  try {
    const corpus = await trainer.call('open', files, form.speakersBy.peek());
    const speakers = (one: Corpus) => one.speakers.map(([speaker]) => speaker).join();
    if (before.is !== 'open' || speakers(before.corpus) !== speakers(corpus)) {
      form.speakers.value = ''; // they were others
      form.heldOut.value = undefined;
    }
    chosen.value = { is: 'open', corpus, from };
  } catch (error) {
    chosen.value = { is: 'failed', reason: (error as Error).message };
  }
}

/** Writes settings into the form. Who speaks stays known as it was chosen, unless the training was begun otherwise. */
export async function fillForm(settings: TrainingSettings): Promise<void> {
  await knowSpeakersBy(settings.speakersBy);
  form.name.value = settings.name;
  form.size.value = settings.size;
  form.epochs.value = String(settings.epochs);
  form.batchSize.value = String(settings.batchSize);
  form.speakers.value = settings.speakers.join(', ');
  form.heldOut.value = settings.heldOut;
}

/** All speakers there are. */
const known = computed(() => {
  const { value } = chosen;
  return value.is === 'open' ? value.corpus.speakers.map(([speaker]) => speaker) : [];
});

/** Those that are used, or why it is not known which. */
const used = computed<readonly string[] | { readonly fault: string }>(() => {
  const text = form.speakers.value.trim();
  if (!text) return known.value;
  const wanted = new Set<string>();
  for (const part of text.split(',')) {
    const found = speakersOf(part.trim());
    if (found.length === 0) return { fault: `There is no speaker ${part.trim() || '(nothing)'} in these recordings.` };
    for (const speaker of found) wanted.add(speaker);
  }
  return known.value.filter((speaker) => wanted.has(speaker));
});

function speakersOf(part: string): string[] {
  const [, low, high] = /^(\d+)\s*[-–]\s*(\d+)$/.exec(part) ?? [];
  return known.value.filter((speaker) =>
    low === undefined
      ? speaker === part || (part !== '' && Number(speaker) === Number(part))
      : Number(speaker) >= Number(low) && Number(speaker) <= Number(high),
  );
}

/** The speakers in use, each held out or not. */
export const speakers = computed<readonly { readonly speaker: string; readonly isHeldOut: boolean }[]>(() => {
  const { value: all } = used;
  if ('fault' in all) return [];
  const held = Math.max(1, Math.round(all.length / 5));
  const isSpread = (place: number) =>
    all.length > 1 && Math.floor(((place + 1) * held) / all.length) > Math.floor((place * held) / all.length);
  const { value: own } = form.heldOut;
  return all.map((speaker, place) => ({ speaker, isHeldOut: own ? own.includes(speaker) : isSpread(place) }));
});

/** Holds a speaker out, or does not. */
export function toggleHeldOut(speaker: string): void {
  const held = speakers.peek().flatMap(({ speaker, isHeldOut }) => (isHeldOut ? [speaker] : []));
  form.heldOut.value = held.includes(speaker) ? held.filter((one) => one !== speaker) : [...held, speaker];
}

/** What is wrong with a field, by its name; `corpus` for what no field can mend. */
export const faults = computed<Partial<Record<Field | 'corpus', string>>>(() => {
  const { value: state } = chosen;
  if (state.is !== 'open') return {};
  const { labels, withoutSpeaker } = state.corpus;
  const { value: all } = used;
  const found: Partial<Record<Field | 'corpus', string | undefined>> = {
    corpus:
      labels.length < 2
        ? `All recordings are ${labels[0]![0]}: there must be two labels at least to tell apart.`
        : undefined,
    name: form.name.value.trim() ? undefined : 'The model needs a name.',
    epochs: wholeFault(form.epochs.value, 1000),
    batchSize: wholeFault(form.batchSize.value, 256),
    speakers: 'fault' in all ? all.fault : undefined,
    ...speakerFaults(withoutSpeaker),
  };
  return Object.fromEntries(Object.entries(found).filter(([, fault]) => fault));
});

const WAYS = 'choose another way to know who speaks, or that speakers are not told apart';

function speakerFaults(withoutSpeaker: number): Partial<Record<Field, string>> {
  const { value: all } = used;
  if (known.value.length === 0 || 'fault' in all) return {};
  if (withoutSpeaker > 0)
    return { speakersBy: `The names of ${withoutSpeaker} recordings do not say who speaks: ${WAYS}.` };
  if (known.value.length === 1) {
    return {
      speakersBy:
        `All recordings are of one speaker, ${known.value[0]}. How well a model does on others can only be known from ` +
        `others: add recordings of somebody else, or ${WAYS}.`,
    };
  }
  if (all.length < 2) return { speakers: 'There must be two speakers at least: one to train on, one to hold out.' };
  const held = speakers.value.filter(({ isHeldOut }) => isHeldOut).length;
  if (held === 0) return { heldOut: 'Nobody is held out: tick a speaker at least.' };
  if (held === all.length) return { heldOut: 'Everybody is held out: leave somebody to train on.' };
  return {};
}

function wholeFault(text: string, most: number): string | undefined {
  const value = Number(text);
  const isRight = text.trim() !== '' && Number.isInteger(value) && value >= 1 && value <= most;
  return isRight ? undefined : `A whole number from 1 to ${most}, please.`;
}

/** What the fields say; undefined where something is wrong, or there are no recordings. */
export const settingsOfForm = computed<TrainingSettings | undefined>(() => {
  if (chosen.value.is !== 'open' || Object.keys(faults.value).length > 0) return undefined;
  const { value: all } = used;
  return {
    ...{ name: form.name.value.trim(), speakersBy: form.speakersBy.value, size: form.size.value },
    ...{ epochs: Number(form.epochs.value), batchSize: Number(form.batchSize.value) },
    speakers: form.speakers.value.trim() && !('fault' in all) ? all : [],
    heldOut: speakers.value.flatMap(({ speaker, isHeldOut }) => (isHeldOut ? [speaker] : [])),
  };
});

/** How many recordings are trained on, and how many are held out; undefined where speakers are not told apart. */
export const parts = computed<{ readonly trained: number; readonly heldOut: number } | undefined>(() => {
  const { value: state } = chosen;
  if (state.is !== 'open' || known.value.length === 0) return undefined;
  const counts = new Map(state.corpus.speakers);
  const sum = (isWanted: boolean) =>
    speakers.value
      .filter(({ isHeldOut }) => isHeldOut === isWanted)
      .reduce((all, { speaker }) => all + counts.get(speaker)!, 0);
  return { trained: sum(false), heldOut: sum(true) };
});
