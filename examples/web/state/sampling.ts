// a button that is held → a sample from the microphone

import { signal } from '@preact/signals';
import { type LiveSound, microphone } from 'speech-emotion/browser';
import worklet from 'speech-emotion/browser/capture?url';
import { joined, wavOf } from '../engine/wav.ts';
import { addSamples, type Class } from './lessons.ts';
import { findMicrophones, isMicrophoneOpen } from './microphones.ts';
import { hint } from './recorder.ts';
import { settings } from './settings.ts';

/** What is recorded now, and how much of it. */
export const sampling = signal<
  { readonly of: Class; readonly isOpening: boolean; readonly seconds: number } | undefined
>(undefined);

/** The microphone stays open for so long after a sample, so that the next one begins at once, in seconds. */
const STAY_SECONDS = 8;
const [LEAST_SECONDS, MOST_SECONDS] = [0.3, 10];

let sound: LiveSound | undefined;
let attempt = new AbortController();
let pieces: Float32Array[] = [];
let samples = 0;

/** Begins a sample. */
export function beginSample(one: Class): void {
  if (sampling.peek()) return;
  one.trouble.value = undefined;
  pieces = [];
  sampling.value = { of: one, isOpening: !sound, seconds: 0 };
  if (!sound) void listen(one);
}

/** Ends it; what was heard is a sample. */
export function endSample(): void {
  const { value } = sampling;
  sampling.value = undefined;
  if (!value) return;
  if (value.isOpening || !sound) {
    value.of.trouble.value = 'The microphone was not open yet: once more, please.';
    return;
  }
  if (value.seconds < LEAST_SECONDS) {
    value.of.trouble.value = 'That was too short: hold the button as long as the sound lasts.';
    return;
  }
  const wav = wavOf({ samples: joined(pieces), sampleRate: sound.sampleRate });
  void addSamples(value.of, [new File([wav], `Sample ${++samples}.wav`, { type: 'audio/wav' })], 'take');
}

/** Lets go of the microphone: the view is left. */
export function closeSampling(): void {
  sampling.value = undefined;
  attempt.abort();
}

async function listen(one: Class): Promise<void> {
  attempt = new AbortController();
  const { signal } = attempt;
  try {
    const opened = await microphone({ deviceId: settings.microphone.peek() || undefined, worklet, signal });
    sound = opened;
    isMicrophoneOpen.value = true;
    void findMicrophones(); // they have names once one may be used
    let idle = 0;
    for await (const piece of opened) {
      const seconds = piece.length / opened.sampleRate;
      const { value: now } = sampling;
      idle = now ? 0 : idle + seconds;
      if (idle > STAY_SECONDS) opened.stop();
      if (!now) continue;
      pieces.push(piece);
      sampling.value = { of: now.of, isOpening: false, seconds: now.seconds + seconds };
      if (now.seconds > MOST_SECONDS) endSample();
    }
  } catch (error) {
    if (!signal.aborted) one.trouble.value = hint(error);
  }
  sampling.value = undefined;
  sound = undefined;
  isMicrophoneOpen.value = false;
}
