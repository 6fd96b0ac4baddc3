// segments of a recording → WebVTT, which players of video and sound show
//
// https://www.w3.org/TR/webvtt1/

import { checkNothingElse, checkOptions, checkString } from '../core/check.ts';
import { oneLine } from './oneLine.ts';
import type { TimelineSegments } from './timelineSegment.ts';
import { type TrackOptions, tracksOf } from './tracks.ts';

/** Options of {@link toWebVtt}. */
export interface WebVttOptions extends TrackOptions {
  /** What stands in the file's first line. @default nothing */
  readonly title?: string | undefined;
}

const ACTION = 'write WebVTT';

/**
 * Emotions as captions of a recording. What has no speech has no caption. Of several channels, each is a voice (`<v channel 0>`).
 *
 * @param segments of `timeline`, also of `channel: 'each'`
 * @returns the text of a `.vtt` file
 * @throws {TypeError} when these are no segments, or an option is of the wrong type or unknown
 * @throws {RangeError} when times are impossible or not in order, or an option is out of its range
 *
 * @example
 * const captions = toWebVtt(await classifier.timeline(bytes), { minConfidence: 0.5 });
 */
export function toWebVtt(segments: TimelineSegments, options: WebVttOptions = {}): string {
  const { title, minConfidence, sureOnly, channels, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  if (title !== undefined) checkString(ACTION, 'title', title);
  const tracks = tracksOf(ACTION, segments, { minConfidence, sureOnly, channels });
  const hasVoices = tracks.length > 1 || channels !== undefined;
  const cues = tracks.flatMap(({ name, spans }) =>
    spans.flatMap(({ start, end, label }) => {
      const [from, to] = [Math.round(1000 * start), Math.round(1000 * end)];
      if (label === undefined || to <= from) return [];
      const text = hasVoices ? `<v ${escaped(name)}>${escaped(label)}</v>` : escaped(label);
      return [{ from, text: `${clock(from)} --> ${clock(to)}\n${text}\n` }];
    }),
  );
  cues.sort((a, b) => a.from - b.from);
  const first = title === undefined ? 'WEBVTT' : `WEBVTT - ${oneLine(title).replaceAll('-->', '->')}`;
  return [`${first}\n`, ...cues.map(({ text }) => text)].join('\n');
}

/** `-->` ends a cue's text, as `<` and `&` begin something else: as references of characters they are what they say. */
function escaped(text: string): string {
  return oneLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Milliseconds → 01:02:03.456 */
function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => padded(Math.floor(part), 2));
  return `${parts.join(':')}.${padded(milliseconds % 1000, 3)}`;
}

const padded = (value: number, width: number) => String(value).padStart(width, '0');
