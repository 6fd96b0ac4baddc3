// the microphone → the take that is being said: its picture and what is heard in it, as they come

import { batch, computed, signal } from '@preact/signals';
import type { StreamSegment } from 'speech-emotion';
import { type LiveSound, microphone } from 'speech-emotion/browser';
import worklet from 'speech-emotion/browser/capture?url';
import { FeatureExtractor, streamFeatures } from 'speech-emotion/features';
import { tee } from '../../engine/tee.ts';
import { joined, wavOf } from '../../engine/wav.ts';
import { LivePicture } from '../../pictures/livePicture.ts';
import { MEL } from '../../pictures/melPicture.ts';
import { type Picture, SCALE } from '../../pictures/picture.ts';
import { announce } from '../announcement.ts';
import { everyonesClassifier } from '../classifier.ts';
import { stopPlaying } from '../player.ts';
import { hint, levelOf } from '../recorder.ts';
import { settings } from '../settings.ts';
import { HOP_SECONDS, WINDOW_SECONDS } from '../windows.ts';
import type { Prompt } from './prompt.ts';
import { wayOf } from './sentences.ts';
import { addTake, trouble } from './takes.ts';

/** How far the take is. */
export type Taking =
  | { readonly is: 'idle' }
  | { readonly is: 'opening' }
  | { readonly is: 'recording'; readonly seconds: number; readonly level: number }
  | { readonly is: 'failed'; readonly reason: string };

/** The take that is being said. */
export const taking = signal<Taking>({ is: 'idle' });

/** Whether the microphone is open for one. */
export const isTaking = computed(() => taking.value.is === 'opening' || taking.value.is === 'recording');

/** Its picture so far. */
export const pictureSoFar = signal<Picture | undefined>(undefined);

/** What was heard in it so far. */
export const segmentsSoFar = signal<readonly StreamSegment[]>([]);

/** A sentence takes three seconds; nobody speaks any more in what is longer than this. */
const MOST_SECONDS = 15;

let session: { readonly stop: () => void; readonly abort: AbortController } | undefined;

/** Records a take until {@link finishTake} or {@link leaveTake}. */
export async function recordTake({ label, round }: Prompt): Promise<void> {
  leaveTake();
  stopPlaying();
  const abort = new AbortController();
  const { signal } = abort;
  const mine = { abort, stop: () => abort.abort() };
  session = mine;
  taking.value = { is: 'opening' };
  trouble.value = undefined;
  try {
    const sound = await microphone({ deviceId: settings.microphone.value || undefined, worklet, signal });
    mine.stop = sound.stop.bind(sound);
    announce(`Recording, ${wayOf(label)}.`);
    const samples = await follow(sound, signal);
    const wav = wavOf({ samples, sampleRate: sound.sampleRate });
    batch(() => {
      taking.value = { is: 'idle' };
      if (samples.length > 0) addTake(label, round, wav);
    });
  } catch (error) {
    if (session !== mine) return; // another take has begun
    taking.value = signal.aborted ? { is: 'idle' } : { is: 'failed', reason: hint(error) };
    if (!signal.aborted) announce(hint(error));
  } finally {
    abort.abort(); // of what is still drawn and heard
    if (session === mine) session = undefined;
  }
}

/** Reads the sound to its end; draws and hears it on the way. */
async function follow(sound: LiveSound, signal: AbortSignal): Promise<Float32Array> {
  const [toKeep, others] = tee(sound);
  const [toDraw, toHear] = tee(others);
  batch(() => {
    pictureSoFar.value = undefined;
    segmentsSoFar.value = [];
  });
  const { sampleRate } = sound;
  // Without these the take is as good: it is drawn and heard once more as a whole.
  draw(toDraw, { sampleRate, signal }).catch(() => {});
  listen(toHear, { sampleRate, signal }).catch(() => {});
  const pieces: Float32Array[] = [];
  let count = 0;
  for await (const piece of toKeep) {
    pieces.push(piece);
    count += piece.length;
    taking.value = { is: 'recording', seconds: count / sampleRate, level: levelOf(piece) };
    if (count > MOST_SECONDS * sampleRate) sound.stop();
  }
  signal.throwIfAborted();
  return joined(pieces);
}

interface Following {
  readonly sampleRate: number;
  readonly signal: AbortSignal;
}

async function draw(sound: AsyncIterable<Float32Array>, following: Following): Promise<void> {
  const extractor = new FeatureExtractor({ sampleRate: SCALE.sampleRate, trim: false, features: FEATURES });
  const live = new LivePicture();
  for await (const frames of streamFeatures(extractor, sound, following)) {
    live.add(frames);
    pictureSoFar.value = live.last.picture;
  }
}

const FEATURES = { type: 'logMel', ...MEL } as const;

async function listen(sound: AsyncIterable<Float32Array>, following: Following): Promise<void> {
  const classifier = await everyonesClassifier();
  const options = { ...following, windowSeconds: WINDOW_SECONDS, hopSeconds: HOP_SECONDS };
  for await (const segment of classifier.stream(sound, options))
    segmentsSoFar.value = [...segmentsSoFar.value, segment];
}

/** Ends the take, and keeps it. */
export function finishTake(): void {
  session?.stop();
}

/** Ends the take, and lets go of it. */
export function leaveTake(): void {
  session?.abort.abort();
  session = undefined;
  taking.value = { is: 'idle' };
}
