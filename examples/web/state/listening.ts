// a recording → its picture, segments and result, told as they come

import type { EmotionSegment } from 'speech-emotion';
import { draw } from '../pictures/draw.ts';
import { thumbnail } from '../pictures/picture.ts';
import { readyClassifier } from './classifier.ts';
import type { Recording } from './recording.ts';
import { settings } from './settings.ts';
import { HOP_SECONDS, LONG, WINDOW_SECONDS } from './windows.ts';

/** Segments that come are shown so often at most, in milliseconds. */
const PAUSE = 100;

/**
 * Hears a recording. The sound itself is read from the file each time it is needed, and never kept.
 *
 * @param model gives the classifier that hears it: that of the page, if it is not another
 * @throws {AudioFormatError} when it cannot be decoded
 * @throws the signal's reason when it aborts
 */
export async function hear(recording: Recording, signal: AbortSignal, model = readyClassifier): Promise<void> {
  const { progress, picture } = recording;
  progress.value = { is: 'reading', seconds: undefined, segments: [] };
  const sound = await recording.sound();
  const channel = settings.channel.value;
  const length = pending<number>();
  const onLength = (seconds: number) => {
    progress.value = { is: 'reading', seconds, segments: [] };
    length.resolve(seconds);
  };
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const onPicture = (drawn: typeof picture.value) => {
    picture.value = drawn;
    recording.thumbnail.value = drawn && thumbnail(drawn);
  };
  const drawing = draw(sound, channel, { signal: both, onLength, onPicture });
  drawing.catch(length.reject);
  try {
    const seconds = await length.promise;
    const classifier = await model();
    const windowSeconds = Math.min(WINDOW_SECONDS, seconds);
    const hop = seconds > LONG.fromSeconds ? LONG.hopSeconds : HOP_SECONDS;
    const segments: EmotionSegment[] = [];
    let last = 0;
    await classifier.timeline(sound, {
      ...{ channel, signal, windowSeconds, hopSeconds: Math.min(hop, windowSeconds) },
      onProgress({ segment }) {
        segments.push(segment);
        if (performance.now() - last < PAUSE) return;
        last = performance.now();
        progress.value = { is: 'reading', seconds, segments: [...segments] };
      },
    });
    const result = await classifier.classify(sound, { channel, signal });
    const { sureAbove } = classifier.settings.calibration;
    await drawing;
    progress.value = { is: 'heard', seconds, segments, result, sureAbove };
  } finally {
    ended.abort();
  }
}

/** Draws a recording once more whose picture was let go. */
export async function drawAgain(recording: Recording, signal: AbortSignal): Promise<void> {
  const onPicture = (drawn: typeof recording.picture.value) => {
    recording.picture.value = drawn;
  };
  await draw(await recording.sound(), settings.channel.value, { signal, onLength() {}, onPicture });
}

function pending<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}
