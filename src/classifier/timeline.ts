// Waveform → emotions over time

import type { Waveform } from '../audio/waveform.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { type FrameRange, layOutWindows } from '../model/windows.ts';
import { type EmotionResult, toEmotionResult } from './emotionResult.ts';

/** How a recording is cut for a timeline. */
export interface TimelineOptions {
  /**
   * From the start of one segment to the start of the next, in seconds, rounded to whole frames.
   * @default 0.5
   */
  hopSeconds?: number | undefined;
  /**
   * Length of a segment in seconds, rounded to whole frames; longer ones steadier, shorter ones quicker to change.
   * @default the length of the windows that the model was trained on
   */
  windowSeconds?: number | undefined;
  /** Keeps only so many of the likeliest labels in each segment's scores. */
  topK?: number | undefined;
  /** Told when the features are there, and of each segment as it is classified. */
  onProgress?: ((progress: TimelineProgress) => void) | undefined;
  /** Aborts; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A part of a recording and what is heard in it. */
export interface EmotionSegment extends EmotionResult {
  /** Where it begins, in seconds from the beginning of the recording. */
  readonly start: number;
  /** Where it ends, in seconds from the beginning of the recording. */
  readonly end: number;
}

/** What {@link TimelineOptions.onProgress} is told. */
export type TimelineProgress =
  | {
      /** The recording is decoded and its features are there. */
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
      /** Segments classified so far, this one among them. */
      readonly completed: number;
      /** Segments in all. */
      readonly total: number;
    };

/**
 * Classifies a recording piece by piece. Each segment's scores are what the model makes of its frames alone.
 *
 * Nothing is trimmed, so that times are those of the recording. The last segment is moved back to end with it.
 *
 * @param waveform the whole recording
 * @returns the segments in order; one where the recording is no longer than a segment
 * @throws {RangeError} when the options don't make sense
 */
export async function timelineOf(
  model: TrainedModel,
  extractor: FeatureExtractor,
  waveform: Waveform,
  options: TimelineOptions,
): Promise<EmotionSegment[]> {
  const { topK, onProgress, signal } = options;
  const { labels } = model.settings;
  const window = segmentFrames(model, extractor, options);
  const matrix = await extractor.extract(waveform, { trim: false, signal });
  const seconds = waveform.samples.length / waveform.sampleRate;
  const ranges = layOutWindows(matrix.frames, window);
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

/**
 * Length and distance of a timeline's segments, in frames.
 *
 * @throws {RangeError} when `windowSeconds` or `hopSeconds` is not positive, or the hop above the window
 */
function segmentFrames(
  { settings }: TrainedModel,
  { framesPerSecond }: FeatureExtractor,
  { hopSeconds = 0.5, windowSeconds = settings.window.frames / framesPerSecond }: TimelineOptions,
): { frames: number; hopFrames: number } {
  if (!(windowSeconds > 0 && windowSeconds < Infinity)) {
    throw new RangeError(`Cannot make a timeline: windowSeconds must be positive, got ${windowSeconds}`);
  }
  if (!(hopSeconds > 0 && hopSeconds <= windowSeconds)) {
    throw new RangeError(
      `Cannot make a timeline: hopSeconds must be above 0 and at most windowSeconds (${windowSeconds}), got ${hopSeconds}`,
    );
  }
  const toFrames = (seconds: number) => Math.max(1, Math.round(seconds * framesPerSecond));
  return { frames: toFrames(windowSeconds), hopFrames: toFrames(hopSeconds) };
}

/** The frames of a range, as a view of the same values. */
function framesOf({ values, bins }: FeatureMatrix, { startFrame, endFrame }: FrameRange): FeatureMatrix {
  return { values: values.subarray(startFrame * bins, endFrame * bins), frames: endFrame - startFrame, bins };
}
