// chosen, dropped and recorded sound → recordings, heard one after the other

import { computed, effect, signal } from '@preact/signals';
import { SHIPPED } from '../engine/choice.ts';
import { announce } from './announcement.ts';
import { classifier } from './classifier.ts';
import { drawStored, exampleOf, examples } from './examples.ts';
import { duration } from './figures.ts';
import { heardAs, wordsOf } from './heard.ts';
import { drawAgain, hear } from './listening.ts';
import { isMicrophoneOpen } from './microphones.ts';
import { player, stopPlaying } from './player.ts';
import { newRecording, type Recording } from './recording.ts';
import { go, route } from './route.ts';
import { settings } from './settings.ts';
import { type Voice, voiceInUse } from './voice.ts';

/** One's own recordings, in the order they came. */
export const recordings = signal<readonly Recording[]>([]);

/** Where several came from: the folder or archive by its name. */
export const collection = signal<string | undefined>(undefined);

/** Which recording is on the screen; undefined where the table of all is. */
export const shown = computed<Recording | undefined>(() => {
  const { view, rest } = route.value;
  if (view !== 'recordings' && view !== '') return undefined;
  const own = recordings.value;
  const named = own.find(({ id }) => id === rest) ?? exampleOf(rest);
  if (named) return named;
  if (own.length > 1) return undefined;
  return own[0] ?? examples[0];
});

/** How sure the model must be, as chosen or as the model says. */
export function thresholdFor(sureAbove: number | undefined): number {
  const chosen = settings.threshold.value;
  return chosen === 'model' ? (sureAbove ?? 0) : chosen;
}

let last = 0;

/** Adds sound and hears it. One is shown at once; of several, all are listed. While live sound is listened to, it waits in its view. */
export function add(files: readonly File[], kind: 'file' | 'take' = 'file', from?: string): void {
  if (files.length === 0) return;
  const added = files.map((file) =>
    newRecording({ id: String(++last), name: file.name, kind, sound: async () => file }),
  );
  recordings.value = [...recordings.value, ...added];
  collection.value = recordings.value.length === added.length ? from : undefined;
  if (!isMicrophoneOpen.peek()) go('recordings', added.length === 1 ? added[0]!.id : '');
  void hearWaiting();
}

/** One's own, then the examples. */
const all = () => [...recordings.peek(), ...examples];

/** Takes a recording off the list. */
export function remove(recording: Recording): void {
  if (current?.recording === recording) current.abort.abort(cancelled());
  if (player.recording.peek() === recording) stopPlaying();
  recordings.value = recordings.value.filter((one) => one !== recording);
  if (route.value.rest === recording.id) go('recordings');
}

/** Takes all off the list. */
export function removeAll(): void {
  cancel();
  recordings.value = [];
  collection.value = undefined;
  go('recordings');
}

/** Hears one again that failed or was cancelled. */
export function retry(recording: Recording): void {
  recording.progress.value = { is: 'waiting' };
  void hearWaiting();
}

/** Leaves what is not heard yet; what is done stays. */
export function cancel(): void {
  for (const { progress } of recordings.value) {
    if (progress.value.is === 'waiting') progress.value = { is: 'cancelled' };
  }
  current?.abort.abort(cancelled());
}

const cancelled = () => new DOMException('This was cancelled.', 'AbortError');

let current: { readonly recording: Recording; readonly abort: AbortController } | undefined;

async function hearWaiting(): Promise<void> {
  if (current) return;
  const recording = all().find(({ progress }) => progress.peek().is === 'waiting');
  if (!recording) return;
  const abort = new AbortController();
  current = { recording, abort };
  try {
    await hear(recording, abort.signal);
    tell(recording);
  } catch (error) {
    await explainFailure(recording, abort.signal.aborted, error);
  }
  letGoUnseen(recording);
  current = undefined;
  void hearWaiting();
}

function tell({ name, progress }: Recording): void {
  const { value } = progress;
  if (value.is !== 'heard') return;
  const heard = heardAs(value.result, thresholdFor(value.sureAbove));
  announce(`${name}, ${duration(value.seconds)}: ${heard.is === 'notSure' ? 'not sure, ' : ''}${wordsOf(heard)}.`);
}

async function explainFailure(recording: Recording, wasCancelled: boolean, error: unknown): Promise<void> {
  if (wasCancelled) {
    recording.progress.value = { is: 'cancelled' };
    return;
  }
  // What is supported, and how files are converted, is for those who write programs.
  const reason = (error as Error).message.replace(/^Cannot [^:]*: /, '').replace(/; .*$/s, '');
  const start = await recording
    .sound()
    .then((sound) => sound.slice(0, 60).arrayBuffer())
    .catch(() => new ArrayBuffer(0));
  recording.progress.value = { is: 'failed', reason: sentence(reason), text: readable(new Uint8Array(start)) };
  announce(`${recording.name} cannot be read. ${sentence(reason)}`);
}

function sentence(reason: string): string {
  const text = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The bytes as text, where they are text. */
function readable(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes).replaceAll('\ufffd', '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells bytes from text.
  return bytes.length === 0 || /[\u0000-\u0008\u000e-\u001f]/.test(text) ? undefined : text.split(/\r?\n/)[0];
}

/** A picture that is not on the screen is let go; it can be drawn again. */
function letGoUnseen(recording: Recording): void {
  if (shown.peek() === recording) return;
  recording.picture.value = undefined;
  if (recording.why.value?.is === 'shown') recording.why.value = undefined;
}

let before: Recording | undefined;
let drawing = new AbortController();

/** Draws what comes on the screen, and lets go of what left it. */
effect(() => {
  const now = shown.value;
  if (now === before) return;
  drawing.abort();
  drawing = new AbortController();
  if (before && before !== current?.recording) letGoUnseen(before);
  before = now;
  if (!now || now.picture.peek() || now.progress.peek().is !== 'heard') return;
  const again = now.kind === 'example' ? drawStored(now) : drawAgain(now, drawing.signal);
  again.catch(() => {}); // the result is there without it
});

let heardBy: { model: string; channel: unknown; voice: Voice | undefined } = {
  ...{ model: SHIPPED, channel: 'mix', voice: undefined }, // the examples' results are stored
};

/** Another model, or another channel, or one that knows one's voice, hears everything again. */
effect(() => {
  const by = { model: settings.model.value, channel: settings.channel.value, voice: voiceInUse.value };
  const isSame = by.model === heardBy.model && by.channel === heardBy.channel && by.voice === heardBy.voice;
  if (classifier.value.is !== 'ready' || isSame) return;
  heardBy = by;
  for (const { progress, why } of all()) {
    why.value = undefined;
    if (progress.peek().is === 'heard') progress.value = { is: 'waiting' };
  }
  void hearWaiting();
});
