// a recording's frames → emotions over time

import type { Channel, ChannelUse } from '../audio/channels.ts';
import type { DecodeOptions } from '../audio/decode.ts';
import { checkNothingElse, checkNumber, checkOptions } from '../core/check.ts';
import { nextTask } from '../core/nextTask.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { type Prediction, predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { type WindowOfRecording, windowsOf } from '../model/windowsOf.ts';
import { checkTopK, type EmotionResult, said, toEstimate } from './emotionResult.ts';
import type { AnyChannel } from './hear.ts';
import type { SoundLength } from './soundFrames.ts';
import { type ResolvedVoiceActivity, resolveVoiceActivity } from './voiceActivity.ts';
import type { VoiceActivity, VoiceActivityOptions } from './voiceActivityOptions.ts';

/** Options of `EmotionClassifier.timeline`. */
export interface TimelineOptions extends Pick<DecodeOptions, 'maxSeconds'> {
  /**
   * From the start of one segment to the start of the next, in seconds, rounded to whole frames.
   * @default 0.5
   */
  hopSeconds?: number | undefined;
  /**
   * Length of a segment in seconds, rounded to whole frames: longer ones are steadier, shorter ones react sooner.
   * @default the length of the windows that the model was trained on
   */
  windowSeconds?: number | undefined;
  /**
   * Voice activity detection (VAD): a segment without speech is not classified. `false` classifies every segment.
   * @default {} (the defaults of {@link VoiceActivityOptions})
   */
  vad?: VoiceActivityOptions | false | undefined;
  /** How many of the likeliest labels to keep in each segment's scores. @default all */
  topK?: number | undefined;
  /** Which channel is listened to; `'each'` gives a timeline for each. @default 'mix' */
  channel?: Channel | undefined;
  /** Called with each segment as it is classified. */
  onProgress?: ((progress: TimelineProgress) => void) | undefined;
  /** Aborts; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A part of a recording and its emotion, if there is speech in it. */
export type EmotionSegment = EmotionResult & {
  /** Where it begins, in seconds from the beginning of the recording. */
  readonly start: number;
  /** Where it ends, in seconds from the beginning of the recording. */
  readonly end: number;
};

/** What {@link TimelineOptions.onProgress} is called with. */
export interface TimelineProgress {
  /** A segment is done. */
  readonly type: 'segment';
  /** The segment. */
  readonly segment: EmotionSegment;
  /** Segments so far, this one included. */
  readonly completed: number;
  /** Seconds of the recording that are done: where the segment ends. */
  readonly seconds: number;
  /** Length of the recording in seconds; undefined as long as that is not known. */
  readonly totalSeconds: number | undefined;
  /** Which channel it is, where each is listened to by itself. */
  readonly channel?: number | undefined;
}

/** {@link TimelineOptions}, checked, with lengths in frames. */
export interface ResolvedTimelineOptions extends Pick<TimelineOptions, 'topK' | 'onProgress' | 'signal'> {
  /** Length and distance of the segments. */
  readonly segments: { readonly frames: number; readonly hopFrames: number };
  readonly vad: ResolvedVoiceActivity | false;
}

const ACTION = 'make a timeline';
/** Anything shorter is a frame anyway. */
const SHORTEST_SECONDS = 0.001;
const LONGEST_SECONDS = 86_400;

/** @throws {RangeError | TypeError} when an option is out of its range, of the wrong type or unknown */
export function resolveTimelineOptions(
  { settings }: TrainedModel,
  { framesPerSecond }: FeatureExtractor,
  options: AnyChannel<TimelineOptions>,
): ResolvedTimelineOptions {
  const {
    hopSeconds = 0.5,
    windowSeconds = settings.window.frames / framesPerSecond,
    vad,
    topK,
    maxSeconds: _decoding,
    channel: _heard,
    onProgress,
    signal,
    ...rest
  } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkNumber(ACTION, 'windowSeconds', windowSeconds, SHORTEST_SECONDS, LONGEST_SECONDS);
  checkNumber(ACTION, 'hopSeconds', hopSeconds, SHORTEST_SECONDS, windowSeconds);
  checkTopK(ACTION, topK);
  const toFrames = (seconds: number) => Math.max(1, Math.round(seconds * framesPerSecond));
  return {
    segments: { frames: toFrames(windowSeconds), hopFrames: toFrames(hopSeconds) },
    vad: resolveVoiceActivity(ACTION, vad),
    ...{ topK, onProgress, signal },
  };
}

/** Segments that are classified at once: some 10 ms of work on a CPU. More at once are hardly faster, and no timer has its turn. */
const BATCH = 3;

/**
 * Classifies a recording segment by segment, each by its frames alone, and only those with speech.
 *
 * Nothing is trimmed, so that times are those of the recording. The last segment is moved back to end with it.
 *
 * @param frames of the whole recording, as they come
 * @param length of it, as far as it is known
 * @param activity what has heard the sound that frames are made of; without it, there is speech in all segments
 * @param channels what has been done with its channels
 * @returns the segments in order; one where the recording is no longer than a segment
 */
export async function timelineOf(
  model: TrainedModel,
  { framesPerSecond, options }: FeatureExtractor,
  frames: AsyncIterable<FeatureMatrix>,
  length: SoundLength,
  activity: VoiceActivity | undefined,
  channels: () => ChannelUse | undefined,
  { segments: lengths, topK, onProgress, signal }: ResolvedTimelineOptions,
): Promise<EmotionSegment[]> {
  const segments: EmotionSegment[] = [];
  const add = ({ range, isLast }: WindowOfRecording, prediction: Prediction | undefined) => {
    const { startFrame, endFrame } = range;
    const result: EmotionResult = prediction
      ? { speech: true, ...toEstimate(model.settings, prediction.probabilities, topK), ...said(channels()) }
      : { speech: false, ...said(channels()) };
    const start = startFrame / framesPerSecond;
    const segment = { start, end: isLast ? length.seconds : endFrame / framesPerSecond, ...result };
    segments.push(segment);
    const { totalSeconds } = length;
    onProgress?.({ type: 'segment', segment, completed: segments.length, seconds: segment.end, totalSeconds });
  };
  const hop = options.features.hopLength;
  const hasSpeech = ({ range: { startFrame, endFrame } }: WindowOfRecording) =>
    !activity || activity.speechWithin(startFrame * hop, endFrame * hop) !== undefined;
  for await (const batch of batches(windowsOf(frames, lengths), BATCH)) {
    const spoken = batch.filter(hasSpeech);
    if (spoken.length === 0) await nextTask(); // `predict` has one for each batch
    signal?.throwIfAborted();
    let next = 0; // segments are told of in order
    const addUpTo = (window: WindowOfRecording | undefined, prediction?: Prediction) => {
      while (next < batch.length && batch[next] !== window) add(batch[next++]!, undefined);
      if (window) add(batch[next++]!, prediction);
    };
    await predict(model, spoken, { signal, onPrediction: (prediction, i) => addUpTo(spoken[i], prediction) });
    addUpTo(undefined);
  }
  return segments;
}

/** So many at a time, perhaps fewer in the end. */
async function* batches<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[], void, undefined> {
  let batch: T[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
