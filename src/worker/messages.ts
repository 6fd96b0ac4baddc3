// calls and replies of a remote classifier → messages of plain data

import type { AudioInput } from '../audio/soundPieces.ts';
import type { Waveform } from '../audio/waveform.ts';
import type { ClassifyOptions } from '../classifier/classifyWhole.ts';
import type { HearingOptions } from '../classifier/enrolment.ts';
import type { ExplainOptions } from '../classifier/explanation.ts';
import type { AnyChannel } from '../classifier/hear.ts';
import type { EnrolledClip } from '../classifier/speakerWeights.ts';
import type { StreamOptions } from '../classifier/streamOptions.ts';
import type { TimelineOptions } from '../classifier/timeline.ts';
import type { PlainError } from '../core/plainError.ts';
import type { ModelSettings } from '../model/trainedModel.ts';

/** Options without what cannot be sent. */
type Plain<T> = Omit<T, 'signal' | 'onProgress'>;

/** The first message of a call. */
export type Opening =
  | { readonly call: 'classify'; readonly input: SentInput; readonly options: Plain<AnyChannel<ClassifyOptions>> }
  | { readonly call: 'timeline'; readonly input: SentInput; readonly options: Plain<AnyChannel<TimelineOptions>> }
  | { readonly call: 'explain'; readonly input: SentInput; readonly options: Plain<ExplainOptions> }
  | { readonly call: 'stream'; readonly input: SentInput; readonly options: Plain<StreamOptions> }
  /** What the model reads in a clip of a speaker. */
  | { readonly call: 'hearClip'; readonly input: SentInput; readonly options: Plain<HearingOptions> }
  | PersonaliseRequest;

/** A classifier for one speaker is wanted. */
export interface PersonaliseRequest {
  readonly call: 'personalise';
  /** The number that the other end gives it. */
  readonly as: number;
  /** What `hearClip` has given of the speaker's clips, and what is known of the labels, or an earlier adaptation. */
  readonly speaker:
    | Uint8Array
    | { readonly clips: readonly EnrolledClip[]; readonly shares: readonly number[] | undefined };
}

/** Sound that is sent, or read here piece by piece when the worker asks for more: bytes, or the samples of a live source. */
export type SentInput = AudioInput | PulledInput;

/** What is known of sound that is read here. */
export interface PulledInput {
  readonly pulled: { readonly name?: string | undefined; readonly size?: number | undefined };
}

/** A later message of a call. */
export type Sequel =
  /** The next segment of a stream is wanted. */
  | { readonly next: true }
  /** The piece of a source that the worker asked for; undefined at its end. */
  | { readonly piece: Float32Array | Uint8Array | undefined }
  /** The source has failed. */
  | { readonly failed: PlainError }
  /** What the other end has made of sound that the worker could not decode. */
  | { readonly decoded: Waveform }
  /** The call is aborted. */
  | { readonly abort: true };

/** To the worker; each call has a number of its own. */
export type Request =
  /** `of` is the number of the classifier that is asked; the worker's own is 0. */
  | ((Opening | Sequel) & { readonly id: number; readonly of: number })
  /** A classifier for one speaker is needed no more. */
  | { readonly forget: number }
  /** Asks for `ready` again: it may have been sent before anybody listened. */
  | { readonly hello: true }
  | { readonly dispose: true };

/** From the worker. */
export type Reply =
  | { readonly ready: ModelSettings }
  /** The model could not be loaded, or a request could not be read. */
  | { readonly unable: PlainError }
  /** The end of a call, or a segment of a stream; undefined where the stream is over. */
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: PlainError }
  /** The argument of `onProgress`. */
  | { readonly id: number; readonly progress: unknown }
  /** More of a source is wanted. */
  | { readonly id: number; readonly pull: true }
  /** Sound that no decoder of the worker knows: the page's platform may. */
  | { readonly id: number; readonly undecoded: AudioInput };
