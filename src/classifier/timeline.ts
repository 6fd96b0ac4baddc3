// Waveform → emotions over time

import type { DecodeOptions } from '../audio/decode.ts';
import type { Waveform } from '../audio/waveform.ts';
import { checkNothingElse, checkNumber, checkOptions } from '../core/check.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { type FrameRange, layOutWindows } from '../model/windows.ts';
import { checkTopK, type EmotionResult, toEmotionResult } from './emotionResult.ts';

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
  /** Called when the features are computed, and with each segment as it is classified. */
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
export type TimelineProgress =
  | {
      /** The recording is decoded and its features are computed. */
      readonly type: 'features';
      /** Length of the recording in seconds. */
      readonly seconds: number;
      /** Segments that will follow. */
      readonly total: number;
    }
  | {
      /** A segment is classified. */
      readonly type: 'segment';
      /** The segment. */
      readonly segment: EmotionSegment;
      /** Segments classified so far, this one included. */
      readonly completed: number;
      /** Segments in all. */
      readonly total: number;
    };

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
  options: TimelineOptions,
): ResolvedTimelineOptions {
  const {
    hopSeconds = 0.5,
    windowSeconds = settings.window.frames / framesPerSecond,
    topK,
    maxSeconds: _decoding,
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

/**
 * Classifies a recording segment by segment, each by its frames alone.
 *
 * Nothing is trimmed, so that times are those of the recording. The last segment is moved back to end with it.
 *
 * @param waveform the whole recording
 * @returns the segments in order; one where the recording is no longer than a segment
 */
export async function timelineOf(
  model: TrainedModel,
  extractor: FeatureExtractor,
  waveform: Waveform,
  { segments: lengths, topK, onProgress, signal }: ResolvedTimelineOptions,
): Promise<EmotionSegment[]> {
  const { labels } = model.settings;
  const matrix = await extractor.extract(waveform, { trim: false, signal });
  const seconds = waveform.samples.length / waveform.sampleRate;
  const ranges = layOutWindows(matrix.frames, lengths);
  const total = ranges.length;
  onProgress?.({ type: 'features', seconds, total });

  const segments: EmotionSegment[] = [];
  await predict(
    model,
    ranges.map((range) => framesOf(matrix, range)),
    {
      signal,
      onPrediction: ({ probabilities }, index) => {
        const { startFrame, endFrame } = ranges[index] as FrameRange;
        const segment = {
          start: startFrame / extractor.framesPerSecond,
          end: endFrame === matrix.frames ? seconds : endFrame / extractor.framesPerSecond,
          ...toEmotionResult(labels, probabilities, topK),
        };
        segments.push(segment);
        onProgress?.({ type: 'segment', segment, completed: index + 1, total });
      },
    },
  );
  return segments;
}

/** The frames of a range, as a view of the same values. */
function framesOf({ values, bins }: FeatureMatrix, { startFrame, endFrame }: FrameRange): FeatureMatrix {
  return { values: values.subarray(startFrame * bins, endFrame * bins), frames: endFrame - startFrame, bins };
}
