// a recording's frames → emotions over time

import type { Channel, ChannelUse } from '../audio/channels.ts';
import type { DecodeOptions } from '../audio/decode.ts';
import { checkNothingElse, checkNumber, checkOptions } from '../core/check.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { type Prediction, predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { type WindowOfRecording, windowsOf } from '../model/windowsOf.ts';
import { checkTopK, type EmotionResult, said, toEmotionResult } from './emotionResult.ts';
import type { AnyChannel } from './hear.ts';
import type { SoundLength } from './soundFrames.ts';

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
  /** How many of the likeliest labels to keep in each segment's scores. @default all */
  topK?: number | undefined;
  /** Which channel is listened to; `'each'` gives a timeline for each. @default 'mix' */
  channel?: Channel | undefined;
  /** Called with each segment as it is classified. */
  onProgress?: ((progress: TimelineProgress) => void) | undefined;
  /** Aborts; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A part of a recording and its emotion. */
export interface EmotionSegment extends EmotionResult {
  /** Where it begins, in seconds from the beginning of the recording. */
  readonly start: number;
  /** Where it ends, in seconds from the beginning of the recording. */
  readonly end: number;
}

/** What {@link TimelineOptions.onProgress} is called with. */
export interface TimelineProgress {
  /** A segment is classified. */
  readonly type: 'segment';
  /** The segment. */
  readonly segment: EmotionSegment;
  /** Segments classified so far, this one included. */
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
  return { segments: { frames: toFrames(windowSeconds), hopFrames: toFrames(hopSeconds) }, topK, onProgress, signal };
}

/** Segments that are classified at once: some 10 ms of work on a CPU. More at once are hardly faster, and no timer has its turn. */
const BATCH = 3;

/**
 * Classifies a recording segment by segment, each by its frames alone.
 *
 * Nothing is trimmed, so that times are those of the recording. The last segment is moved back to end with it.
 *
 * @param frames of the whole recording, as they come
 * @param length of it, as far as it is known
 * @param channels what has been done with its channels
 * @returns the segments in order; one where the recording is no longer than a segment
 */
export async function timelineOf(
  model: TrainedModel,
  { framesPerSecond }: FeatureExtractor,
  frames: AsyncIterable<FeatureMatrix>,
  length: SoundLength,
  channels: () => ChannelUse | undefined,
  { segments: lengths, topK, onProgress, signal }: ResolvedTimelineOptions,
): Promise<EmotionSegment[]> {
  const { labels } = model.settings;
  const segments: EmotionSegment[] = [];
  const add = ({ range, isLast }: WindowOfRecording, probabilities: Float32Array) => {
    const { startFrame, endFrame } = range;
    const segment = {
      start: startFrame / framesPerSecond,
      end: isLast ? length.seconds : endFrame / framesPerSecond,
      ...toEmotionResult(labels, probabilities, topK),
      ...said(channels()),
    };
    segments.push(segment);
    const { totalSeconds } = length;
    onProgress?.({ type: 'segment', segment, completed: segments.length, seconds: segment.end, totalSeconds });
  };
  for await (const batch of batches(windowsOf(frames, lengths), BATCH)) {
    const onPrediction = ({ probabilities }: Prediction, i: number) => add(batch[i]!, probabilities);
    await predict(model, batch, { signal, onPrediction });
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
