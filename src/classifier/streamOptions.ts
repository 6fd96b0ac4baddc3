// what can be asked of a stream → its type

import type { SmoothingOptions } from './smoothing.ts';
import type { VoiceActivityOptions } from './voiceActivity.ts';

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
  readonly vad?: VoiceActivityOptions | false | undefined;
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
