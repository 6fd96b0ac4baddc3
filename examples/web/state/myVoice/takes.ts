// sound of one's own voice and how it was meant → takes: heard, kept in this browser, three of each emotion

import { computed, effect, signal } from '@preact/signals';
import { keep, keptUnder, letGo } from '../../engine/keptVoice.ts';
import { type Picture, thumbnail, withoutEnds } from '../../pictures/picture.ts';
import { announce } from '../announcement.ts';
import { classifier, everyonesClassifier } from '../classifier.ts';
import { percent } from '../figures.ts';
import { drawAgain, hear } from '../listening.ts';
import { newRecording, type Outcome, type Recording } from '../recording.ts';
import { settings } from '../settings.ts';
import { ROUNDS, USUAL, wayOf } from './sentences.ts';

/** A take: a sentence, said in one way. */
export interface Take {
  readonly id: string;
  readonly label: string;
  /** Which sentence it is, from 0. */
  readonly round: number;
  /** The sound, and what the model hears in it that does not know one's voice. */
  readonly recording: Recording;
}

/** A take as it is kept. */
interface KeptTake extends Pick<Take, 'id' | 'label' | 'round'> {
  readonly sound: Blob;
  /** A small one. */
  readonly picture: Picture;
  readonly outcome: Outcome;
  /** The model that heard it. */
  readonly model: string;
}

const NAME = 'take/';

const all = signal<readonly Take[]>([]);

/** Whether those of earlier visits are there; they are looked for once. */
export const areFound = signal(false);

/** The model's labels, in the order in which they are asked for. */
export const labels = computed<readonly string[]>(() => {
  const { value } = classifier;
  if (value.is !== 'ready') return USUAL;
  const own = value.classifier.labels;
  return [...USUAL.filter((label) => own.includes(label)), ...own.filter((label) => !USUAL.includes(label))];
});

/** The takes that this model can learn from, by emotion and sentence. */
export const takes = computed<readonly Take[]>(() =>
  labels.value.flatMap((label) => all.value.filter((take) => take.label === label).sort((a, b) => a.round - b.round)),
);

/** The takes of an emotion by sentence; undefined where one is missing. */
export function roundsOf(label: string): readonly (Take | undefined)[] {
  return Array.from({ length: ROUNDS }, (_, round) =>
    takes.value.find((one) => one.label === label && one.round === round),
  );
}

/** Whether all of them have been heard. */
export const areHeard = computed(() => takes.value.every(({ recording }) => recording.progress.value.is === 'heard'));

/** Looks for takes of earlier visits. */
export async function findTakes(): Promise<void> {
  if (areFound.peek()) return;
  try {
    for (const { id, label, round, sound, picture, outcome, model } of await keptUnder<KeptTake>(NAME)) {
      const take = newTake(id, label, round, sound);
      take.recording.thumbnail.value = picture;
      if (model === settings.model.peek()) take.recording.progress.value = { is: 'heard', ...outcome };
      all.value = [...all.value, take];
    }
  } catch (error) {
    announce(`Earlier takes cannot be read: ${(error as Error).message}`);
  }
  areFound.value = true;
}

function newTake(id: string, label: string, round: number, sound: Blob): Take {
  const name = `${wayOf(label)}, take ${round + 1}`;
  return {
    id,
    label,
    round,
    recording: newRecording({ id: `take-${id}`, name, kind: 'take', sound: async () => sound }),
  };
}

/** Takes what was said, in place of an earlier take of it. */
export function addTake(label: string, round: number, sound: Blob): Take {
  const take = newTake(crypto.randomUUID(), label, round, sound);
  removeTake(roundsOf(label)[round]);
  all.value = [...all.value, take];
  return take;
}

/** Removes a take for good. */
export function removeTake(take: Take | undefined): void {
  if (!take) return;
  all.value = all.value.filter((one) => one !== take);
  if (lookedAt.value === take) lookedAt.value = undefined;
  void letGo(NAME + take.id).catch(() => {});
}

/** Removes all of them for good. */
export async function removeTakes(): Promise<void> {
  const gone = all.value;
  all.value = [];
  lookedAt.value = undefined;
  await letGo(...gone.map(({ id }) => NAME + id));
}

/** Puts takes back that were removed. */
export async function putBack(gone: readonly Take[]): Promise<void> {
  all.value = [...all.value, ...gone];
  await Promise.all(gone.map(keepTake));
}

/** What went wrong with the last take. */
export const trouble = signal<string | undefined>(undefined);

/** The take that is looked at, in place of the next one to say. */
export const lookedAt = signal<Take | undefined>(undefined);

const hearing = signal<{ readonly take: Take; readonly abort: AbortController } | undefined>(undefined);
let heardBy = settings.model.peek();

/** Takes are heard one after the other, as they come, by the model that does not know the voice. */
effect(() => {
  if (classifier.value.is !== 'ready') return;
  const model = settings.model.value;
  for (const { recording } of model === heardBy ? [] : all.value) recording.progress.value = { is: 'waiting' };
  heardBy = model;
  const { value: now } = hearing;
  if (now && !all.value.includes(now.take)) now.abort.abort();
  const waiting = takes.value.find(({ recording }) => recording.progress.value.is === 'waiting');
  if (waiting && !now) void hearTake(waiting);
});

async function hearTake(take: Take): Promise<void> {
  const abort = new AbortController();
  hearing.value = { take, abort };
  try {
    await hear(take.recording, abort.signal, everyonesClassifier);
    const { picture, thumbnail: small } = take.recording;
    small.value = picture.value && thumbnail(withoutEnds(picture.value));
    await tell(take);
  } catch (error) {
    if (!abort.signal.aborted) drop(take, (error as Error).message);
  }
  if (lookedAt.peek() !== take) take.recording.picture.value = undefined;
  hearing.value = undefined;
}

async function tell(take: Take): Promise<void> {
  const { value } = take.recording.progress;
  if (value.is !== 'heard') return;
  if (!value.result.speech)
    return drop(take, 'nobody was heard speaking in it. Say it again, nearer to the microphone.');
  trouble.value = undefined;
  announce(`${take.recording.name}: heard as ${value.result.label}, ${percent(value.result.confidence)}.`);
  await keepTake(take);
}

function drop(take: Take, reason: string): void {
  removeTake(take);
  trouble.value = `“${take.recording.name}” is left out: ${reason}`;
  announce(trouble.value);
}

/** Draws what is looked at, and lets go of its picture afterwards. */
effect(() => {
  const { value: take } = lookedAt;
  if (!take) return;
  const { recording } = take;
  const left = new AbortController();
  if (!recording.picture.peek() && recording.progress.peek().is === 'heard') {
    drawAgain(recording, left.signal).catch(() => {}); // what was heard is there without it
  }
  return () => {
    left.abort();
    recording.picture.value = undefined;
  };
});

async function keepTake(take: Take): Promise<void> {
  const { id, label, round, recording } = take;
  const { value } = recording.progress;
  if (value.is !== 'heard' || !recording.thumbnail.value) return;
  const { is: _, ...outcome } = value;
  const one: KeptTake = {
    ...{ id, label, round, outcome, picture: recording.thumbnail.value },
    ...{ sound: await recording.sound(), model: settings.model.peek() },
  };
  await keep(NAME + id, one).catch((error: Error) => {
    trouble.value = `This browser keeps no takes: ${error.message}`;
  });
}
