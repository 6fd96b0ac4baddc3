// what is stored of the shipped model and the examples: written by make.ts, read by the page

import type { EmotionResult, EmotionSegment } from 'speech-emotion';

/** A clip and what the shipped model hears in it. */
export interface StoredExample {
  /** The clip's name, without its ending. */
  readonly id: string;
  readonly name: string;
  readonly captions: readonly { readonly start: number; readonly text: string }[];
  readonly seconds: number;
  readonly result: EmotionResult;
  readonly segments: readonly EmotionSegment[];
  readonly sureAbove: number | undefined;
}

/** What the page knows before any model is loaded. */
export interface Shipped {
  /** What the model has learnt from, by its own record. */
  readonly model: {
    readonly recordings: number;
    readonly speakers: number;
    readonly licence: string | undefined;
  };
  readonly examples: readonly StoredExample[];
}
