// options of a stream → their type

import type { Channel } from '../audio/channels.ts';
import type { DecodeOptions } from '../audio/decode.ts';
import type { SmoothingOptions } from './smoothing.ts';
import type { VoiceActivityOptions } from './voiceActivityOptions.ts';

/** Options of `EmotionClassifier.stream`. */
export interface StreamOptions extends Pick<DecodeOptions, 'maxSeconds'> {
  /**
   * Sampling rate of a source of samples in Hz, a whole number.
   * @default none: the source is a recording, which has a rate of its own
   */
  readonly sampleRate?: number | undefined;
  /** Which channel of a recording is listened to. @default 'mix' */
  readonly channel?: Channel | undefined;
  /** From the start of one segment to the start of the next, in seconds, rounded to whole frames. @default 0.5 */
  readonly hopSeconds?: number | undefined;
  /**
   * Length of a segment in seconds, rounded to whole frames: longer ones are steadier, shorter ones react sooner.
   * @default 2, about the length of a sentence
   */
  readonly windowSeconds?: number | undefined;
  /**
   * Voice activity detection (VAD): a segment without speech is not classified, and of one with speech, what is none at its ends is
   * left out. `false` classifies every segment, whole.
   * @default {} (the defaults of {@link VoiceActivityOptions})
   */
  readonly vad?: VoiceActivityOptions | false | undefined;
  /** Smooths the results over time; `false` gives each segment's own. @default false */
  readonly smoothing?: SmoothingOptions | false | undefined;
  /**
   * What to do when samples come faster than segments are taken: `'drop'`, for live sound, leaves out all segments but the newest once
   * `backlogSeconds` of sound wait; `'wait'`, for a source that can wait, stops reading until there is room.
   * @default 'drop', of a recording 'wait'
   */
  readonly whenBehind?: 'drop' | 'wait' | undefined;
  /** How much sound may wait to be classified, in seconds. @default 10 */
  readonly backlogSeconds?: number | undefined;
  /** How many of the likeliest labels to keep in each segment's scores. @default all */
  readonly topK?: number | undefined;
  /** Ends the stream: reading it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Whether a stream's source gives samples: a recording has a rate of its own. */
export function isLive(options: StreamOptions | undefined): boolean {
  return typeof options !== 'object' || options === null || options.sampleRate !== undefined;
}
