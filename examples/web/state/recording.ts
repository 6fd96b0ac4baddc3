// a sound and what has become of it so far

import { type Signal, signal } from '@preact/signals';
import type { EmotionResult, EmotionSegment, Explanation } from 'speech-emotion';
import type { Picture } from '../pictures/picture.ts';

/** A sentence of an example and where it begins, in seconds. */
export interface Caption {
  readonly start: number;
  readonly text: string;
}

/** What was heard of a recording. */
export interface Outcome {
  readonly seconds: number;
  readonly result: EmotionResult;
  readonly segments: readonly EmotionSegment[];
  /** The model's own threshold, where it has one. */
  readonly sureAbove: number | undefined;
}

/** How far a recording is. */
export type Progress =
  | { readonly is: 'waiting' }
  /** Segments come as they are heard. The length is known once it is decoded. */
  | { readonly is: 'reading'; readonly seconds: number | undefined; readonly segments: readonly EmotionSegment[] }
  | ({ readonly is: 'heard' } & Outcome)
  /** The beginning of what it holds instead of sound, where that can be read. */
  | { readonly is: 'failed'; readonly reason: string; readonly text: string | undefined }
  | { readonly is: 'cancelled' };

/** What spoke for an answer. */
type Why =
  | { readonly is: 'working'; readonly share: number; readonly cancel: () => void }
  | { readonly is: 'shown'; readonly explanation: Explanation }
  | { readonly is: 'failed'; readonly reason: string };

/** A recording of the page. */
export interface Recording {
  /** In the address: `#recordings/ID`. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'example' | 'file' | 'take';
  /** Gives the sound, which the browser keeps on disk as long as it can. */
  readonly sound: () => Promise<Blob>;
  readonly captions: readonly Caption[];
  readonly progress: Signal<Progress>;
  /** Drawn while it is shown, and let go afterwards. */
  readonly picture: Signal<Picture | undefined>;
  /** A small picture, which is kept. */
  readonly thumbnail: Signal<Picture | undefined>;
  readonly why: Signal<Why | undefined>;
}

/** A recording of which nothing is known yet. */
export function newRecording(
  given: Pick<Recording, 'id' | 'name' | 'kind' | 'sound'> & Partial<Pick<Recording, 'captions'>>,
): Recording {
  return {
    captions: [],
    ...given,
    progress: signal<Progress>({ is: 'waiting' }),
    picture: signal(undefined),
    thumbnail: signal(undefined),
    why: signal(undefined),
  };
}

/** Its length in seconds, once that is known. */
export function secondsOf(progress: Progress): number | undefined {
  return progress.is === 'reading' || progress.is === 'heard' ? progress.seconds : undefined;
}
