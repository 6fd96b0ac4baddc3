// samples as they come → emotions as they change

import type { SoundSource } from '../audio/soundSource.ts';
import { abortable } from '../core/abortable.ts';
import { checkObject } from '../core/check.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import { predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { checkTopK, type EmotionEstimate, type NoEstimate, toEstimate } from './emotionResult.ts';
import { RecordingSource } from './recordingSource.ts';
import { Smoothing } from './smoothing.ts';
import { resolveWindows, SoundWindows } from './soundWindows.ts';
import type { StreamOptions } from './streamOptions.ts';
import { openVoiceActivity } from './voiceActivity.ts';

/** A window of a stream, in seconds of sound from its beginning. */
interface StreamWindow {
  /** Where it begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** How many segments were dropped right before this one, since they were not taken in time. */
  readonly dropped: number;
}

/** A segment with speech, and its emotion. */
export interface SpeechSegment extends StreamWindow, EmotionEstimate {
  /** There is speech, or nobody asked: `vad: false`. */
  readonly speech: true;
}

/** A segment without speech. */
export interface SilentSegment extends StreamWindow, NoEstimate {}

/** One segment of a stream. */
export type StreamSegment = SpeechSegment | SilentSegment;

const ACTION = 'stream';

/**
 * Classifies live sound: segments in order, each as soon as its last sample has arrived and it is asked for. The last one is moved
 * back to end with the stream. A recording is classified as live sound is, at its own rate; it waits for whoever takes the segments.
 *
 * Times are those of the sound, not of the clock. Memory does not grow with time. Ending the iteration, an abort and an error end
 * the source, too. Nothing of it is read before all options have been checked.
 */
export async function* streamOf(
  model: TrainedModel,
  extractor: FeatureExtractor,
  source: SoundSource | RecordingSource,
  options: Omit<StreamOptions, 'signal'>,
  signal: AbortSignal,
): AsyncGenerator<StreamSegment, void, undefined> {
  const { topK, smoothing = false, maxSeconds, channel, sampleRate, ...rest } = options;
  checkTopK(ACTION, topK);
  const smoother = smoothing === false ? undefined : new Smoothing(checkObject(ACTION, 'smoothing', smoothing));
  const isRecording = source instanceof RecordingSource;
  const windows = resolveWindows(extractor, isRecording ? { whenBehind: 'wait', ...rest } : rest);
  const { sampleRate: rateOfFeatures, features } = extractor.options;
  const toCome = { sampleRate: rateOfFeatures, hop: features.hopLength, kept: windows.kept };
  const vad = windows.vad && (await abortable(openVoiceActivity(ACTION, windows.vad, toCome), signal));
  const rate = isRecording ? await source.open(ACTION, { maxSeconds, channel, signal }) : sampleRate;
  const sound = new SoundWindows(extractor, source, rate, windows, vad || undefined, signal);
  try {
    for (;;) {
      const window = await sound.next();
      if (!window) return;
      const { features, ...times } = window;
      if (!features) {
        yield { ...times, speech: false };
        continue;
      }
      const [prediction] = await predict(model, [features], { signal });
      const { probabilities } = prediction!;
      const smooth = smoother?.add(probabilities, times.end);
      const estimate = toEstimate(model.settings, smooth?.probabilities ?? probabilities, topK, smooth?.label);
      yield { ...times, speech: true, ...estimate };
    }
  } finally {
    sound.close();
  }
}
