// a recording → heard; where it is, which pictures follow

import { effect, signal } from '@preact/signals';
import { toWaveform } from 'speech-emotion/features';
import { wavOf } from '../engine/wav.ts';
import { announce } from './announcement.ts';
import type { Recording } from './recording.ts';

/** A stretch of time, in seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is played, whether it is, and where it is. */
export const player = {
  recording: signal<Recording | undefined>(undefined),
  isPlaying: signal(false),
  time: signal(0),
  /** The stretch that is played over and over. */
  loop: signal<Span | undefined>(undefined),
} as const;

const audio = new Audio();
let address = '';

/** Where a recording is played; its beginning, where another one is. */
export function placeIn(recording: Recording): number {
  return player.recording.value === recording ? player.time.value : 0;
}

/** Plays a recording, or pauses it. */
export async function togglePlaying(recording: Recording): Promise<void> {
  if (player.recording.peek() === recording && player.isPlaying.peek()) {
    audio.pause();
    return;
  }
  try {
    await open(recording);
    const { value: loop } = player.loop;
    if (loop && (audio.currentTime < loop.from || audio.currentTime >= loop.to)) audio.currentTime = loop.from;
    await audio.play();
  } catch (error) {
    if ((error as Error).name !== 'AbortError') announce(`It cannot be played: ${(error as Error).message}`);
  }
}

/** Goes to a place in a recording. */
export async function seek(recording: Recording, seconds: number): Promise<void> {
  const opened = open(recording);
  player.time.value = Math.max(0, seconds);
  try {
    await opened;
    if (player.recording.peek() === recording) audio.currentTime = player.time.peek(); // the last of several
  } catch {} // playing it says why
}

/** Ends what is played, and lets go of it. */
export function stopPlaying(): void {
  audio.pause();
  player.recording.value = undefined;
  player.loop.value = undefined;
  URL.revokeObjectURL(address);
  audio.removeAttribute('src');
}

let opening: Promise<void> = Promise.resolve();

function open(recording: Recording): Promise<void> {
  if (player.recording.peek() === recording) return opening;
  stopPlaying();
  player.recording.value = recording;
  player.time.value = 0;
  opening = load(recording);
  opening.catch(() => {}); // whoever plays it says why
  return opening;
}

async function load(recording: Recording): Promise<void> {
  const sound = await recording.sound();
  if (await opens(sound)) return;
  // What the browser does not play, or not from the middle, the library decodes.
  if (!(await opens(wavOf(await toWaveform(sound))))) throw new Error('the browser plays no WAV file.');
}

/** Whether the browser plays it and knows how long it is. */
async function opens(sound: Blob): Promise<boolean> {
  URL.revokeObjectURL(address);
  address = URL.createObjectURL(sound);
  audio.src = address;
  return new Promise((resolve) => {
    audio.onloadedmetadata = () => resolve(Number.isFinite(audio.duration));
    audio.onerror = () => resolve(false);
  });
}

audio.addEventListener('play', () => {
  player.isPlaying.value = true;
  requestAnimationFrame(follow);
});
for (const type of ['pause', 'ended', 'emptied']) {
  audio.addEventListener(type, () => {
    player.isPlaying.value = false;
  });
}
audio.addEventListener('seeked', tell);

function follow(): void {
  const { value: loop } = player.loop;
  if (loop && audio.currentTime >= loop.to) audio.currentTime = loop.from;
  tell();
  if (!audio.paused) requestAnimationFrame(follow);
}

function tell(): void {
  player.time.value = audio.currentTime;
}

effect(() => {
  audio.loop = player.loop.value !== undefined; // a stretch up to the end begins anew, too
});
