// a recording's sound and segments → its timeline, for light and for dark pages

import type { Waveform } from 'speech-emotion';
import { type TimelineSegment, timelineSvg } from 'speech-emotion/timelines';
import { melPixels } from '../drawing/melPixels.ts';
import { bothThemes } from './page.ts';
import { heatPng } from './png.ts';

const WIDTH = 960;

/** What a picture is of. */
export interface TimelinePictureOptions {
  /** The model's labels. */
  readonly labels?: readonly string[];
  /** Length of the recording. */
  readonly seconds: number;
  /** Its sound; without it there is no spectrogram. */
  readonly waveform?: Waveform | undefined;
}

/** Both pictures as HTML, of which a page shows one. */
export function timelinePicture(
  segments: readonly TimelineSegment[],
  { seconds, waveform, labels }: TimelinePictureOptions,
): Promise<string> {
  const sound = waveform && melPixels(waveform);
  return bothThemes((theme) => {
    const spectrogram = sound && {
      ...{ height: 200, ticks: sound.ticks },
      href: heatPng(sound.values, sound.width, sound.height, { theme }),
    };
    return timelineSvg(segments, { width: WIDTH, height: 88, theme, seconds, labels, spectrogram });
  });
}
