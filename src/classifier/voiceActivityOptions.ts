// options of voice activity detection, and what it gives → their types

import type { SpeechDetector } from '../speech/speechDetector.ts';

/** Options of voice activity detection (VAD) in `classify`, `timeline` and `stream` of `EmotionClassifier`. */
export interface VoiceActivityOptions {
  /**
   * `'speech'`: a small network that knows speech from silence, noise, hum, tones, music and other sounds. `'level'`: what is louder
   * than the background of the last seconds, speech or not. Or a detector of your own.
   * @default 'speech'
   */
  readonly detector?: 'speech' | 'level' | SpeechDetector | undefined;
  /** Seconds before and after speech that count as speech, too: soft onsets, decay, gaps between words. @default 0.2 */
  readonly keepSeconds?: number | undefined;
  /** From which probability on a moment is speech, in (0, 1]; not with `'level'`. @default the detector's own */
  readonly threshold?: number | undefined;
  /**
   * How much of a segment has to be speech, in seconds: a syllable, where it is a whole word; not with `'level'`.
   * @default 0.128
   */
  readonly leastSeconds?: number | undefined;
  /** How many decibels above the background the level has to be; with `'level'` only. @default 9 */
  readonly aboveBackgroundDb?: number | undefined;
  /** What is quieter is never speech, in decibels relative to a full-scale sine; with `'level'` only. @default -60 */
  readonly minDb?: number | undefined;
  /** Over how many of the last seconds the background is measured; with `'level'` only. @default 10 */
  readonly memorySeconds?: number | undefined;
}

/** A part of a sound, in samples. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Where there is speech in a sound that goes on. Places are in samples. */
export interface VoiceActivity {
  /** Takes the samples that follow. */
  push(samples: Float32Array): void | Promise<void>;
  /** No more come. */
  end(): void | Promise<void>;
  /**
   * The part of a stretch that holds speech: from the first speech in it to the last, whatever lies between.
   *
   * @param to {@link lookahead} samples behind it must have come, or the sound be over
   * @returns undefined where there is no speech
   */
  speechWithin(from: number, to: number): Stretch | undefined;
  /** How many samples behind a stretch what is at its end depends on. */
  readonly lookahead: number;
  /** Whether there is speech in all that has come, up to its end. */
  readonly hasSpeech: boolean;
}

/** Of the sound that will come. */
export interface SoundToCome {
  /** Samples per second. */
  readonly sampleRate: number;
  /** Samples from one frame of features to the next, which stretches begin at. */
  readonly hop: number;
  /** How many of the latest samples may be asked about. */
  readonly kept: number;
}
