// classes by name, and samples of each → lessons for the model; they stay in this browser

import { computed, effect, type Signal, signal } from '@preact/signals';
import { type KeptLesson, keepLessons, keptLessons } from '../engine/keptLessons.ts';
import { draw } from '../pictures/draw.ts';
import { thumbnail } from '../pictures/picture.ts';
import type { Lesson } from '../training/messages.ts';
import { announce } from './announcement.ts';
import { ownLabels } from './ownLabels.ts';
import { player, stopPlaying } from './player.ts';
import { newRecording, type Recording } from './recording.ts';
import { maySound } from './soundFiles.ts';

/** Something to tell apart from the others. */
export interface Class {
  readonly id: number;
  readonly name: Signal<string>;
  readonly samples: Signal<readonly Recording[]>;
  /** What went wrong with a sample, where something did. */
  readonly trouble: Signal<string | undefined>;
}

/** So many samples of each there must be: one is held out, the others are learnt from. */
const LEAST_SAMPLES = 3;

let last = 0;
const newClass = (name: string): Class => ({
  ...{ id: ++last, name: signal(name), samples: signal([]), trouble: signal(undefined) },
});

const FIRST_NAMES = ['yes', 'no'];

/** The classes, in the order of their numbers. */
export const classes = signal<readonly Class[]>(FIRST_NAMES.map(newClass));

/** The label of a class: its name, or its number. */
export function labelOf({ name, id }: Class): string {
  return name.value.trim() || `class ${1 + classes.value.findIndex((one) => one.id === id)}`;
}

/** What keeps them from being taught; undefined where nothing does. */
export const fault = computed<string | undefined>(() => {
  const labels = classes.value.map(labelOf);
  if (labels.length < 2) return 'There must be two classes at least.';
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice) return `Two classes are called “${twice}”.`;
  const few = classes.value.find(({ samples }) => samples.value.length < LEAST_SAMPLES);
  return (
    few &&
    `Each class needs ${LEAST_SAMPLES} samples at least, better ten: “${labelOf(few)}” has ${few.samples.value.length}.`
  );
});

/** Labels and sounds, for the worker. */
export function lessons(): Promise<Lesson[]> {
  return Promise.all(
    classes.value.map(async (one) => {
      const samples = await Promise.all(one.samples.value.map(({ sound }) => sound()));
      return { label: labelOf(one), samples };
    }),
  );
}

/** One more. */
export function addClass(): void {
  classes.value = [...classes.value, newClass('')];
}

/** One less, and its samples. */
export function removeClass(one: Class): void {
  announce(`“${labelOf(one)}” is removed.`);
  for (const sample of one.samples.value) stopIfPlayed(sample);
  classes.value = classes.value.filter((other) => other !== one);
}

let samplesSoFar = 0;

/** Adds sounds to a class; those that cannot be read are left out, which is said. */
export async function addSamples(one: Class, files: readonly File[], kind: 'file' | 'take'): Promise<void> {
  one.trouble.value = undefined;
  const strange = files.filter((file) => !maySound(file));
  if (strange.length > 0) one.trouble.value = `${strange[0]!.name} is no sound file.`;
  const added = files.filter(maySound).map((file) => sampleOf(file, kind));
  one.samples.value = [...one.samples.value, ...added];
  for (const sample of added) await drawSample(one, sample);
  if (added.length > 0) announce(`“${labelOf(one)}” has ${one.samples.value.length} samples.`);
}

function sampleOf(file: File, kind: 'file' | 'take'): Recording {
  return newRecording({ id: `sample-${++samplesSoFar}`, name: file.name, kind, sound: async () => file });
}

/** The whole picture is not kept: samples are shown small. */
async function drawSample(one: Class, sample: Recording): Promise<void> {
  try {
    await draw(await sample.sound(), 'mix', {
      signal: new AbortController().signal,
      onLength() {},
      onPicture(picture) {
        sample.thumbnail.value = thumbnail(picture);
      },
    });
  } catch (error) {
    one.trouble.value = `${sample.name} cannot be read: ${(error as Error).message.replace(/^Cannot [^:]*: /, '').replace(/; .*$/s, '')}.`;
    removeSample(one, sample);
  }
}

/** Drops a sample. */
export function removeSample(one: Class, sample: Recording): void {
  stopIfPlayed(sample);
  one.samples.value = one.samples.value.filter((other) => other !== sample);
}

function stopIfPlayed(sample: Recording): void {
  if (player.recording.peek() === sample) stopPlaying();
}

effect(() => {
  ownLabels.value = classes.value.map(labelOf);
});

let isFound = false;

/** Whether nothing was named or added yet: what was is not replaced by what an earlier visit left. */
function isUntouched(): boolean {
  const now = classes.peek();
  const isFirst = ({ name, samples }: Class, i: number) =>
    name.peek() === FIRST_NAMES[i] && samples.peek().length === 0;
  return now.length === FIRST_NAMES.length && now.every(isFirst);
}

/** Looks for the classes of an earlier visit, once; from then on they are kept as they change. */
export async function findLessons(): Promise<void> {
  if (isFound) return;
  isFound = true;
  const kept = await keptLessons().catch(() => undefined);
  if (kept?.length && isUntouched()) classes.value = kept.map(keptClass);
  let timer: ReturnType<typeof setTimeout>;
  effect(() => {
    const now = classes.value.map(({ name, samples }) => ({ name: name.value, samples: samples.value }));
    for (const { samples } of now) for (const { thumbnail } of samples) thumbnail.value;
    clearTimeout(timer);
    timer = setTimeout(() => void keep(now), KEEP_AFTER);
  });
}

/** After the last change, in milliseconds. */
const KEEP_AFTER = 400;

function keptClass({ name, samples }: KeptLesson): Class {
  const one = newClass(name);
  one.samples.value = samples.map(({ name, sound, thumbnail }) => {
    const sample = sampleOf(new File([sound], name), 'file');
    sample.thumbnail.value = thumbnail;
    return sample;
  });
  return one;
}

async function keep(now: readonly { readonly name: string; readonly samples: readonly Recording[] }[]): Promise<void> {
  const kept = now.map(async ({ name, samples }) => ({
    ...{ name },
    samples: await Promise.all(
      samples.map(async ({ name, sound, thumbnail }) => ({ name, sound: await sound(), thumbnail: thumbnail.peek() })),
    ),
  }));
  await Promise.all(kept)
    .then(keepLessons)
    .catch(() => {}); // they are there until the page is closed
}
