// the microphone and a model of one's own → what it hears now, and a picture of the last seconds

import { batch, signal } from '@preact/signals';
import { type LiveSound, microphone } from 'speech-emotion/browser';
import worklet from 'speech-emotion/browser/capture?url';
import { FeatureExtractor, streamFeatures } from 'speech-emotion/features';
import type { RemoteClassifier } from 'speech-emotion/worker';
import { connect } from '../engine/connect.ts';
import { tee } from '../engine/tee.ts';
import { LivePicture } from '../pictures/livePicture.ts';
import { MEL } from '../pictures/melPicture.ts';
import { SCALE } from '../pictures/picture.ts';
import { announce } from './announcement.ts';
import { type Heard, heardAs, kindOf, wordsOf } from './heard.ts';
import type { Seen } from './live.ts';
import { findMicrophones, isMicrophoneOpen } from './microphones.ts';
import { hint, levelOf } from './recorder.ts';
import { SegmentLog } from './segmentLog.ts';
import { settings } from './settings.ts';
import { reducedMotion } from './theme.ts';

/** How far the trying is. */
export type TryState =
  | { readonly is: 'off' | 'opening' | 'listening' }
  | { readonly is: 'failed'; readonly reason: string };

/** The trying. */
export const tryOut = {
  state: signal<TryState>({ is: 'off' }),
  level: signal(Number.NEGATIVE_INFINITY),
  seen: signal<Seen | undefined>(undefined),
  /** What was heard last; undefined before anything was. */
  heard: signal<Heard | undefined>(undefined),
} as const;

/** Where the model has no threshold of its own, less than half is not sure. */
const SURE_ABOVE = 0.5;
/** Samples are short, and what is told apart may be a click. */
const [WINDOW_SECONDS, HOP_SECONDS] = [1, 0.25];
/** The latest segments that the ribbon is drawn of, in seconds. */
const SEEN_SECONDS = 45;
const [PAUSE, CALM_PAUSE] = [33, 1000];

let attempt = new AbortController();

/** How sure the model must be: as chosen, or as the model says. */
export function thresholdOf(sureAbove: number | undefined): number {
  const { value } = settings.threshold;
  return value === 'model' ? (sureAbove ?? SURE_ABOVE) : value;
}

/** Listens with a stored model until {@link stopTrying}. */
export async function tryModel(model: string): Promise<void> {
  stopTrying();
  const mine = new AbortController();
  attempt = mine;
  const { signal } = mine;
  batch(() => {
    tryOut.state.value = { is: 'opening' };
    tryOut.seen.value = tryOut.heard.value = undefined;
  });
  let sound: LiveSound | undefined;
  let classifier: RemoteClassifier | undefined;
  try {
    sound = await microphone({ deviceId: settings.microphone.peek() || undefined, worklet, signal });
    isMicrophoneOpen.value = true;
    void findMicrophones(); // they have names once one may be used
    ({ classifier } = await connect({ model, backend: settings.backend.peek() }, signal));
    tryOut.state.value = { is: 'listening' };
    announce('Listening.');
    const [toDraw, toHear] = tee(sound);
    const log = new SegmentLog(classifier.labels, classifier.settings.calibration.sureAbove);
    await Promise.all([draw(toDraw, sound, log), hear(toHear, sound, classifier, log)]);
    if (attempt === mine) tryOut.state.value = { is: 'failed', reason: 'The microphone is gone.' };
  } catch (error) {
    if (!signal.aborted) tryOut.state.value = { is: 'failed', reason: hint(error) };
  } finally {
    sound?.stop();
    classifier?.dispose();
    if (attempt === mine) isMicrophoneOpen.value = false;
  }
}

/** Ends it; what was heard stays on the screen. */
export function stopTrying(): void {
  attempt.abort(new DOMException('Trying was ended.', 'AbortError'));
  batch(() => {
    tryOut.state.value = { is: 'off' };
    tryOut.level.value = Number.NEGATIVE_INFINITY;
  });
}

async function draw(source: AsyncIterable<Float32Array>, { sampleRate }: LiveSound, log: SegmentLog): Promise<void> {
  const { signal } = attempt;
  const drawn = new LivePicture();
  const extractor = new FeatureExtractor({
    ...{ sampleRate: SCALE.sampleRate, trim: false, features: { type: 'logMel', ...MEL } },
  });
  let loudest = Number.NEGATIVE_INFINITY;
  async function* metered() {
    for await (const piece of source) {
      loudest = Math.max(loudest, levelOf(piece));
      yield piece;
    }
  }
  let last = performance.now();
  for await (const frames of streamFeatures(extractor, metered(), { sampleRate, signal })) {
    drawn.add(frames);
    const now = performance.now();
    if (now - last < (reducedMotion.value ? CALM_PAUSE : PAUSE)) continue;
    last = now;
    batch(() => {
      const { picture, start } = drawn.last;
      const { seconds } = drawn;
      tryOut.seen.value = { now: seconds, picture, start, segments: log.segments(seconds - SEEN_SECONDS) };
      tryOut.level.value = loudest;
    });
    loudest = Number.NEGATIVE_INFINITY;
  }
}

function show(heard: Heard): void {
  const { value: shown } = tryOut.heard;
  if (!shown || kindOf(shown) !== kindOf(heard)) announce(wordsOf(heard));
  tryOut.heard.value = heard;
}

/** Whatever is louder than the background is heard: what is told apart need not be speech. */
async function hear(
  source: AsyncIterable<Float32Array>,
  { sampleRate }: LiveSound,
  classifier: RemoteClassifier,
  log: SegmentLog,
): Promise<void> {
  const { signal } = attempt;
  const { sureAbove } = classifier.settings.calibration;
  const segments = classifier.stream(source, {
    ...{ sampleRate, signal, windowSeconds: WINDOW_SECONDS, hopSeconds: HOP_SECONDS, vad: { detector: 'level' } },
  });
  let before = '';
  for await (const segment of segments) {
    log.add(segment);
    if (!segment.speech) continue; // the word stays until something else is heard
    const heard = heardAs(segment, thresholdOf(sureAbove));
    const kind = kindOf(heard);
    if (kind === before || !tryOut.heard.peek()) show(heard);
    before = kind; // what is heard once only is not shown: the word would flicker
  }
}
