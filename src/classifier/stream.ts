// samples as they come → emotions as they change

import type { SoundSource } from '../audio/soundSource.ts';
import { checkObject } from '../core/check.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import { predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { checkTopK, type EmotionResult, toEmotionResult } from './emotionResult.ts';
import { Smoothing, } from './smoothing.ts';
import { SoundWindows } from './soundWindows.ts';
import type { StreamOptions } from './streamOptions.ts';

/** A stretch of a stream, in seconds of sound from its beginning. */
interface Stretch {
  /** Where it begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** How many segments were left out right before this one, since they were not taken in time. */
  readonly dropped: number;
}

/** A stretch in which somebody speaks, and what is heard. */
export interface SpeechSegment extends Stretch, EmotionResult {
  /** There is speech. */
  readonly speech: true;
}

/** A stretch in which nobody speaks. */
export interface SilentSegment extends Stretch {
  /** There is no speech. */
  readonly speech: false;
}

/** What a stream gives. */
export type StreamSegment = SpeechSegment | SilentSegment;

const ACTION = 'stream';

/**
 * Classifies sound as it comes: segments in order, each as soon as its last sample is there and it is asked for. The last one is
 * moved back to end with the stream.
 *
 * Times are those of the sound, not of the clock. Memory does not grow with time. Ending the iteration, an abort and an error end
 * the source, too.
 */
export async function* streamOf(
  model: TrainedModel,
  extractor: FeatureExtractor,
  source: SoundSource,
  options: Omit<StreamOptions, 'signal'>,
  signal: AbortSignal,
): AsyncGenerator<StreamSegment, void, undefined> {
  const { topK, smoothing = false, ...windows } = options;
  checkTopK(ACTION, topK);
  const smoother = smoothing === false ? undefined : new Smoothing(checkObject(ACTION, 'smoothing', smoothing));
  const { labels } = model.settings;
  const sound = await SoundWindows.open(extractor, source, windows, signal);
  try {
    for (;;) {
      const stretch = await sound.next();
      if (!stretch) return;
      const { features, ...times } = stretch;
      if (!features) {
        yield { ...times, speech: false };
        continue;
      }
      const [prediction] = await predict(model, [features], { signal });
      const { probabilities } = prediction!;
      const smooth = smoother?.add(probabilities, times.end);
      const result = toEmotionResult(labels, smooth?.probabilities ?? probabilities, topK);
      if (!smooth) yield { ...times, speech: true, ...result };
      else {
        const label = labels[smooth.label]!;
        yield { ...times, speech: true, ...result, label, confidence: smooth.probabilities[smooth.label]! };
      }
    }
  } finally {
    sound.close();
  }
}
