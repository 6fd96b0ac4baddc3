// samples as they come → emotions as they change

import type { SoundSource } from '../audio/soundSource.ts';
import { checkObject } from '../core/check.ts';
import type { FeatureExtractor } from '../features/featureExtractor.ts';
import { predict } from '../model/predict.ts';
import type { TrainedModel } from '../model/trainedModel.ts';
import { checkTopK, type EmotionResult, toEmotionResult } from './emotionResult.ts';
import { Smoothing, type SmoothingOptions } from './smoothing.ts';
import { SoundWindows } from './soundWindows.ts';
import type { SpeechGateOptions } from './speechGate.ts';

/** Options of `EmotionClassifier.stream`. */
export interface StreamOptions {
  /** Samples per second of what comes, a whole number. */
  readonly sampleRate: number;
  /** From the start of one segment to the start of the next, in seconds, rounded to whole frames. @default 0.5 */
  readonly hopSeconds?: number | undefined;
  /**
   * Length of a segment in seconds, rounded to whole frames: longer ones are steadier, shorter ones follow sooner.
   * @default 2, about what a sentence lasts
   */
  readonly windowSeconds?: number | undefined;
  /**
   * How speech is told from silence: a segment without speech is not classified, and of one with speech, the silence at its ends
   * is left out. `false` classifies everything, whole.
   * @default {} (the defaults of `SpeechGate`)
   */
  readonly gate?: SpeechGateOptions | false | undefined;
  /** How results are made steadier; `false` gives each segment as it is. @default false */
  readonly smoothing?: SmoothingOptions | false | undefined;
  /**
   * What to do where samples come faster than segments are taken: `'drop'` leaves out all segments but the newest
   * once `backlogSeconds` of sound wait, as live sound needs it; `'wait'` reads no further until there is room, for a source that can wait.
   * @default 'drop'
   */
  readonly whenBehind?: 'drop' | 'wait' | undefined;
  /** How much sound may wait to be classified, in seconds. @default 10 */
  readonly backlogSeconds?: number | undefined;
  /** Keeps only so many of the likeliest labels in each segment's scores. @default all */
  readonly topK?: number | undefined;
  /** Ends the stream: reading it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

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
