// the microphone → a take, as a WAV file

import { signal } from '@preact/signals';
import { type LiveSound, microphone } from 'speech-emotion/browser';
import worklet from 'speech-emotion/browser/capture?url';
import { AudioInputError } from 'speech-emotion/worker';
import { joined, wavOf } from '../engine/wav.ts';
import { announce } from './announcement.ts';
import { add } from './recordings.ts';
import { settings } from './settings.ts';

/** How far a take is. */
export type RecorderState =
  | { readonly is: 'idle' }
  | { readonly is: 'opening' }
  | { readonly is: 'recording'; readonly seconds: number; readonly level: number }
  | { readonly is: 'failed'; readonly reason: string };

/** The recorder of the Recordings view. */
export const recorder = signal<RecorderState>({ is: 'idle' });

/** So many minutes at most: more is lost too easily. */
const MOST_SECONDS = 600;

let sound: LiveSound | undefined;
let takes = 0;

/** Records until {@link stopRecording}; the take is then heard as any recording. */
export async function record(): Promise<void> {
  recorder.value = { is: 'opening' };
  const pieces: Float32Array[] = [];
  let count = 0;
  try {
    sound = await microphone({ deviceId: settings.microphone.value || undefined, worklet });
    const { sampleRate } = sound;
    announce('Recording.');
    for await (const piece of sound) {
      pieces.push(piece);
      count += piece.length;
      recorder.value = { is: 'recording', seconds: count / sampleRate, level: levelOf(piece) };
      if (count > MOST_SECONDS * sampleRate) sound.stop();
    }
    recorder.value = { is: 'idle' };
    if (count > 0) add([fileOf(pieces, sampleRate)], 'take');
  } catch (error) {
    recorder.value = { is: 'failed', reason: hint(error) };
    announce(hint(error));
  } finally {
    sound = undefined;
  }
}

/** Ends the take. */
export function stopRecording(): void {
  sound?.stop();
}

/** Leaves the state of a failure. */
export function dismissFailure(): void {
  recorder.value = { is: 'idle' };
}

function fileOf(pieces: readonly Float32Array[], sampleRate: number): File {
  const wav = wavOf({ samples: joined(pieces), sampleRate });
  return new File([wav], `Take ${++takes}.wav`, { type: 'audio/wav' });
}

/** Root mean square in decibels of full scale. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
}

/** What went wrong, and what can be done about it. */
export function hint(error: unknown): string {
  const { message } = error as Error;
  if (!(error instanceof AudioInputError)) return message;
  const ways: Readonly<Record<AudioInputError['reason'], string>> = {
    denied: 'The browser does not let this page use the microphone. Allow it in the address bar, then try again.',
    missing: 'There is no microphone. Connect one, then try again.',
    busy: 'Another program has the microphone. Close that, then try again.',
    unavailable: `${message}.`,
  };
  return ways[error.reason];
}
