// segments of a recording → a TextGrid of Praat
//
// https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html

import { checkNothingElse, checkNumber, checkOptions } from '../core/check.ts';
import { oneLine } from './oneLine.ts';
import type { TimelineSegments } from './timelineSegment.ts';
import { type Track, type TrackOptions, tracksOf } from './tracks.ts';

/** Options of {@link toTextGrid}. */
export interface TextGridOptions extends TrackOptions {
  /** Length of the recording in seconds. @default where the last segment ends */
  readonly seconds?: number | undefined;
}

const ACTION = 'write a TextGrid';
/** Places after the point: a microsecond is less than a sample. */
const PLACES = 6;
const LONGEST_SECONDS = 1e9;

/**
 * Emotions as an interval tier of Praat for each channel, in its long text format, which it reads as UTF-8. What has no speech is an
 * interval without text.
 *
 * @param segments of `timeline`, also of `channel: 'each'`
 * @returns the text of a `.TextGrid` file
 * @throws {TypeError} when these are no segments, or an option is of the wrong type or unknown
 * @throws {RangeError} when times are impossible or not in order, an option is out of its range, or the recording has no length
 *
 * @example
 * const grid = toTextGrid(await classifier.timeline(bytes, { channel: 'each' }), { channels: ['agent', 'customer'] });
 */
export function toTextGrid(segments: TimelineSegments, options: TextGridOptions = {}): string {
  const { seconds, minConfidence, sureOnly, channels, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  const tracks = tracksOf(ACTION, segments, { minConfidence, sureOnly, channels });
  const last = Math.max(0, ...tracks.map(({ spans }) => spans.at(-1)?.end ?? 0));
  const shortest = 10 ** -PLACES;
  const end = time(checkNumber(ACTION, 'seconds', seconds ?? last, Math.max(last, shortest), LONGEST_SECONDS));
  return [
    'File type = "ooTextFile"',
    'Object class = "TextGrid"',
    '',
    'xmin = 0',
    `xmax = ${end}`,
    'tiers? <exists>',
    `size = ${tracks.length}`,
    'item []:',
    ...tracks.flatMap((track, i) => tierLines(track, i + 1, end)),
    '',
  ].join('\n');
}

function tierLines(track: Track, number: number, end: string): string[] {
  const intervals = intervalsOf(track, end);
  return [
    `    item [${number}]:`,
    '        class = "IntervalTier"',
    `        name = ${quoted(track.name)}`,
    '        xmin = 0',
    `        xmax = ${end}`,
    `        intervals: size = ${intervals.length}`,
    ...intervals.flatMap(({ from, to, text }, i) => [
      `        intervals [${i + 1}]:`,
      `            xmin = ${from}`,
      `            xmax = ${to}`,
      `            text = ${quoted(text)}`,
    ]),
  ];
}

/** Intervals that leave no gap; times are text, since those of neighbours have to be the same to the last digit. */
function intervalsOf({ spans }: Track, end: string): { from: string; to: string; text: string }[] {
  const intervals: { from: string; to: string; text: string }[] = [];
  let at = '0';
  const add = (to: string, text: string) => {
    if (Number(to) <= Number(at)) return;
    intervals.push({ from: at, to, text });
    at = to;
  };
  for (const { start, end, label } of spans) {
    add(time(start), '');
    add(time(end), label ?? '');
  }
  add(end, '');
  return intervals;
}

/** Never with an exponent, and as short as can be. */
function time(seconds: number): string {
  return seconds.toFixed(PLACES).replace(/\.?0+$/, '');
}

/** Praat doubles quotes within quotes. */
function quoted(text: string): string {
  return `"${oneLine(text).replaceAll('"', '""')}"`;
}
