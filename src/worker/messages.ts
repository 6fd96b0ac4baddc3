// calls and replies of a remote classifier → plain data that can be sent

import type { AudioInput } from '../audio/toWaveform.ts';
import type { ClassifyOptions } from '../classifier/emotionClassifier.ts';
import type { ExplainOptions } from '../classifier/explanation.ts';
import type { StreamOptions } from '../classifier/stream.ts';
import type { TimelineOptions } from '../classifier/timeline.ts';
import type { PlainError } from '../core/plainError.ts';
import type { ModelSettings } from '../model/trainedModel.ts';

/** Options without what cannot be sent. */
type Plain<T> = Omit<T, 'signal' | 'onProgress'>;

/** What is to be done, each under a number of its own. */
export type Call =
  | { readonly call: 'classify'; readonly input: AudioInput; readonly options: Plain<ClassifyOptions> }
  | { readonly call: 'timeline'; readonly input: AudioInput; readonly options: Plain<TimelineOptions> }
  | { readonly call: 'explain'; readonly input: AudioInput; readonly options: Plain<ExplainOptions> }
  | { readonly call: 'stream'; readonly options: Plain<StreamOptions> };

/** To the worker. */
export type Request =
  | (Call & { readonly id: number })
  /** The next segment of a stream is wanted. */
  | { readonly id: number; readonly next: true }
  /** What the worker has pulled of a stream's source; undefined at its end. */
  | { readonly id: number; readonly piece: Float32Array | undefined }
  /** The source has failed. */
  | { readonly id: number; readonly failed: PlainError }
  /** Nobody waits for it any more. */
  | { readonly id: number; readonly abort: true }
  | { readonly dispose: true };

/** From the worker. */
export type Reply =
  | { readonly ready: ModelSettings }
  /** The model could not be loaded. */
  | { readonly unable: PlainError }
  /** The end of a call, or a segment of a stream; undefined where the stream is over. */
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: PlainError }
  /** What `onProgress` is told. */
  | { readonly id: number; readonly progress: unknown }
  /** More of a stream's source is wanted. */
  | { readonly id: number; readonly pull: true };
