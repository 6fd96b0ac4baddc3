// the microphone → what is heard now, a picture of the last seconds, and a report of the session

import { batch, effect, signal } from '@preact/signals';
import type { EmotionSegment } from 'speech-emotion';
import { type LiveSound, microphone } from 'speech-emotion/browser';
import worklet from 'speech-emotion/browser/capture?url';
import { FeatureExtractor, streamFeatures } from 'speech-emotion/features';
import type { RemoteClassifier } from 'speech-emotion/worker';
import { tee } from '../engine/tee.ts';
import type { Share } from '../parts/bars.tsx';
import { LivePicture } from '../pictures/livePicture.ts';
import { MEL } from '../pictures/melPicture.ts';
import { type Picture, SCALE } from '../pictures/picture.ts';
import { announce } from './announcement.ts';
import { classifier, readyClassifier } from './classifier.ts';
import { wordsOf } from './heard.ts';
import { findMicrophones, isMicrophoneOpen, microphoneName } from './microphones.ts';
import { hint, levelOf } from './recorder.ts';
import { thresholdFor } from './recordings.ts';
import { SegmentLog } from './segmentLog.ts';
import { Session, type Span } from './session.ts';
import { settings } from './settings.ts';
import { reducedMotion } from './theme.ts';
import { HOP_SECONDS, WINDOW_SECONDS } from './windows.ts';

/** How far a live session is. */
export type LiveState =
  | { readonly is: 'idle' | 'opening' | 'listening' }
  /** Stopped, by whom: undefined where it was asked for. */
  | { readonly is: 'over'; readonly reason: string | undefined }
  /** There is no microphone, or no longer. */
  | { readonly is: 'failed'; readonly reason: string };

/** What was heard of a session so far. */
export interface Report {
  readonly seconds: number;
  readonly speechSeconds: number;
  /** The present stretch; undefined as long as there is no word. */
  readonly span: Span | undefined;
  readonly certainty: number | undefined;
  /** The latest ones, the present one last. */
  readonly spans: readonly Span[];
  /** How many there were in all. */
  readonly spanCount: number;
  readonly shares: readonly Share[];
  readonly threshold: number;
  /** Segments that were left out, since this device is too slow. */
  readonly dropped: number;
}

/** What is seen of the sound. */
export interface Seen {
  /** Seconds of sound so far. */
  readonly now: number;
  readonly picture: Picture;
  /** The second at which the picture begins. */
  readonly start: number;
  readonly segments: readonly EmotionSegment[];
}

/** The live view's state. */
export const live = {
  state: signal<LiveState>({ is: 'idle' }),
  /** In decibels of full scale. */
  level: signal(Number.NEGATIVE_INFINITY),
  /** The same of the last seconds, pauses between words left out. */
  loudness: signal(Number.NEGATIVE_INFINITY),
  /** Whether nothing at all comes from the microphone. */
  isMute: signal(false),
  seen: signal<Seen | undefined>(undefined),
  report: signal<Report | undefined>(undefined),
} as const;

/** From one picture to the next, in milliseconds; where motion is to be reduced. */
const [PAUSE, CALM_PAUSE] = [33, 1000];
/** The latest segments that ribbons are drawn of, in seconds. */
const SEEN_SECONDS = 45;
/** So much of a segment must be speech for it to count, in seconds: a syllable says little. */
export const LEAST_SPEECH_SECONDS = 0.5;
const SMOOTHING_SECONDS = 0.3;
const SPANS_SHOWN = 40;
/** The meter falls by so much in a second, so that it can be read; its words change more slowly. */
const [FALL_DB, SLOW_FALL_DB] = [24, 4];
/** Nothing for so long is no pause: the microphone is muted. */
const MUTE_SECONDS = 3;

/** A session: all that is remembered of it. Sound is not. */
export interface LiveSession {
  readonly session: Session;
  readonly log: SegmentLog;
  readonly drawn: LivePicture;
  readonly sampleRate: number;
  readonly microphone: string;
  readonly sureAbove: number | undefined;
  dropped: number;
}

let latest: LiveSession | undefined;
let attempt = new AbortController();
/** The microphone that was asked for. */
let device = '';

/** The session that is listened to, or was last. */
export function latestSession(): LiveSession | undefined {
  return latest;
}

/** Listens until {@link stopListening}, or until the microphone is gone. */
export async function listen(): Promise<void> {
  const mine = new AbortController();
  attempt = mine;
  const { signal } = mine;
  latest = undefined;
  batch(() => {
    live.seen.value = undefined;
    live.report.value = undefined;
    live.isMute.value = false;
    live.state.value = { is: 'opening' };
  });
  device = settings.microphone.peek();
  const opening = microphone({ deviceId: device || undefined, worklet });
  const release = () => void opening.then((sound) => sound.stop()).catch(() => {});
  signal.addEventListener('abort', release); // also where permission comes too late
  try {
    const sound = await unlessAborted(opening, signal);
    isMicrophoneOpen.value = true;
    void findMicrophones(); // they have names once one may be used
    const listener = await unlessAborted(readyClassifier(), signal);
    live.state.value = { is: 'listening' };
    announce('Listening.');
    await follow(sound, listener);
    conclude(signal);
  } catch (error) {
    if (attempt === mine) fail(error, signal);
  } finally {
    release();
    if (attempt === mine) isMicrophoneOpen.value = false;
  }
}

/** Ends the session; what was heard stays. */
export function stopListening(reason?: string): void {
  attempt.abort(new DOMException(reason ?? '', 'AbortError'));
  if (live.state.peek().is === 'opening') live.state.value = { is: 'idle' };
}

/** Another view is shown: nobody is listened to, and what went wrong is forgotten. */
export function leaveLive(): void {
  stopListening();
  if (live.state.peek().is !== 'failed') return;
  live.state.value = live.report.peek()?.spans.length ? { is: 'over', reason: undefined } : { is: 'idle' };
}

/** A session goes on with what it began with: another model or microphone ends it. */
effect(() => {
  const isOther = classifier.value.is !== 'ready' || settings.microphone.value !== device;
  if (isOther && live.state.peek().is === 'listening') stopListening('Something else was chosen in the settings.');
});

/** The sound is over: asked for, or not. */
function conclude(signal: AbortSignal): void {
  const { aborted, reason } = signal;
  if (aborted) {
    live.state.value = { is: 'over', reason: (reason as Error).message || undefined };
    announce('Stopped. The microphone is free again.');
    return;
  }
  live.state.value = { is: 'failed', reason: 'The microphone is gone. Connect it, then try again.' };
  announce('The microphone is gone.');
}

function fail(error: unknown, signal: AbortSignal): void {
  if (signal.aborted) {
    if (live.state.peek().is === 'listening') conclude(signal);
    return;
  }
  const reason = hint(error);
  live.state.value = { is: 'failed', reason };
  announce(reason);
}

function unlessAborted<T>(coming: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  return Promise.race([coming, aborted]);
}

async function follow(sound: LiveSound, listener: RemoteClassifier): Promise<void> {
  const { sureAbove } = listener.settings.calibration;
  const { sampleRate } = sound;
  const one: LiveSession = {
    ...{ session: new Session(), log: new SegmentLog(listener.labels, sureAbove), drawn: new LivePicture() },
    ...{ sampleRate, microphone: microphoneName(device), sureAbove, dropped: 0 },
  };
  latest = one;
  const [toDraw, toHear] = tee(sound);
  try {
    await Promise.all([draw(toDraw, one), hear(toHear, one, listener)]);
  } finally {
    one.session.end(one.drawn.seconds);
    batch(() => {
      show(one);
      live.level.value = live.loudness.value = Number.NEGATIVE_INFINITY;
    });
  }
}

async function draw(source: AsyncIterable<Float32Array>, one: LiveSession): Promise<void> {
  const { sampleRate } = one;
  const extractor = new FeatureExtractor({
    ...{ sampleRate: SCALE.sampleRate, trim: false, features: { type: 'logMel', ...MEL } },
  });
  const meter = new LevelMeter(sampleRate);
  let last = performance.now();
  for await (const frames of streamFeatures(extractor, meter.through(source), { sampleRate })) {
    one.drawn.add(frames);
    const now = performance.now();
    if (now - last < (reducedMotion.value ? CALM_PAUSE : PAUSE)) continue;
    batch(() => {
      show(one);
      const loudest = meter.take();
      const seconds = (now - last) / 1000;
      live.level.value = Math.max(loudest, live.level.value - FALL_DB * seconds);
      live.loudness.value = Math.max(loudest, live.loudness.value - SLOW_FALL_DB * seconds);
      live.isMute.value = meter.isMute;
    });
    last = now;
  }
}

async function hear(source: AsyncIterable<Float32Array>, one: LiveSession, listener: RemoteClassifier): Promise<void> {
  const { session, log, sampleRate, sureAbove } = one;
  const segments = listener.stream(source, {
    ...{ sampleRate, windowSeconds: WINDOW_SECONDS, hopSeconds: HOP_SECONDS },
    ...{ vad: { leastSeconds: LEAST_SPEECH_SECONDS }, smoothing: { seconds: SMOOTHING_SECONDS } },
  });
  let words = '';
  for await (const segment of segments) {
    session.observe(segment, thresholdFor(sureAbove));
    log.add(segment);
    one.dropped += segment.dropped;
    const now = session.span && wordsOf(session.span.heard);
    if (now && now !== words) announce(now);
    words = now ?? '';
  }
}

/** Tells the page what there is. */
function show(one: LiveSession): void {
  const { session, log, drawn, sureAbove, dropped } = one;
  const { seconds } = drawn;
  const { picture, start } = drawn.last;
  const { span, certainty, spans, shares, speechSeconds } = session;
  // too little says nothing yet, in the ribbon either
  const segments = spans.length > 0 ? log.segments(seconds - SEEN_SECONDS) : [];
  live.seen.value = { now: seconds, picture, start, segments };
  live.report.value = {
    ...{ seconds, speechSeconds, span, certainty, shares, dropped },
    ...{ spans: spans.slice(-SPANS_SHOWN), spanCount: spans.length, threshold: thresholdFor(sureAbove) },
  };
}

/** How loud it is. */
class LevelMeter {
  readonly #sampleRate: number;
  #loudest = Number.NEGATIVE_INFINITY;
  #seconds = 0;
  #isHeard = false;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** Listens to what passes. */
  async *through(source: AsyncIterable<Float32Array>): AsyncGenerator<Float32Array, void, undefined> {
    for await (const piece of source) {
      this.#isHeard ||= piece.some((sample) => sample !== 0);
      this.#seconds += piece.length / this.#sampleRate;
      this.#loudest = Math.max(this.#loudest, levelOf(piece));
      yield piece;
    }
  }

  /** Whether nothing at all has come so far, not even noise. */
  get isMute(): boolean {
    return !this.#isHeard && this.#seconds > MUTE_SECONDS;
  }

  /** The loudest since the last time. */
  take(): number {
    const loudest = this.#loudest;
    this.#loudest = Number.NEGATIVE_INFINITY;
    return loudest;
  }
}
