// what the page and its picture worker say to each other

import type { Waveform } from 'speech-emotion/features';
import type { Picture } from './picture.ts';

/** A sound to draw. */
export interface PictureRequest {
  readonly sound: Blob | Waveform;
  readonly channel: 'mix' | 0 | 1;
}

/** What becomes of it. */
export type PictureReply =
  | { readonly seconds: number }
  | { readonly picture: Picture; readonly isLast: boolean }
  | { readonly failed: { readonly name: string; readonly message: string } };
