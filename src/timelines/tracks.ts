// segments of a recording, or of each of its channels → a track of spans for each, with a name

import { checkArray, checkString, shown } from '../core/check.ts';
import { type SpanOptions, spansOf, type TimelineSpan } from './spans.ts';
import type { TimelineSegment, TimelineSegments } from './timelineSegment.ts';

/** Options of writers that have room for several channels. */
export interface TrackOptions extends SpanOptions {
  /** What the channels are called, e.g. `['agent', 'customer']`. @default `emotion`; of several: `channel 0`, `channel 1`, … */
  readonly channels?: readonly string[] | undefined;
}

/** A channel. */
export interface Track {
  readonly name: string;
  readonly spans: readonly TimelineSpan[];
}

/** @throws {TypeError | RangeError} when these are no segments, or an option is not what it must be */
export function tracksOf(action: string, segments: TimelineSegments, { channels, ...options }: TrackOptions): Track[] {
  checkArray(action, 'segments', segments);
  const isEach = Array.isArray(segments[0]);
  const all = (isEach ? segments : [segments]) as readonly (readonly TimelineSegment[])[];
  const names = channels === undefined ? defaultNames(all.length) : checkNames(action, channels, all.length);
  return all.map((own, i) => ({
    name: names[i]!,
    spans: spansOf(action, isEach ? `segments[${i}]` : 'segments', own, options),
  }));
}

function defaultNames(count: number): readonly string[] {
  return count === 1 ? ['emotion'] : Array.from({ length: count }, (_, i) => `channel ${i}`);
}

function checkNames(action: string, names: readonly string[], count: number): readonly string[] {
  checkArray(action, 'channels', names);
  for (const [i, name] of names.entries()) checkString(action, `channels[${i}]`, name);
  if (names.length === count && new Set(names).size === count) return names;
  const rule = count === 1 ? 'one name' : `${count} names, each another`;
  throw new RangeError(`Cannot ${action}: channels must be ${rule}, got ${shown(names)}`);
}
