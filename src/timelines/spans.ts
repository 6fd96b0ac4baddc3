// overlapping segments → spans that do not overlap

import {
  checkArray,
  checkBoolean,
  checkNothingElse,
  checkNumber,
  checkObject,
  checkOptions,
  checkString,
} from '../core/check.ts';
import type { TimelineSegment } from './timelineSegment.ts';

/** Options of {@link toSpans}. */
export interface SpanOptions {
  /** Segments of lower confidence are `unsure`, in [0, 1]. @default 0 */
  readonly minConfidence?: number | undefined;
  /** Segments that the model itself is not sure of are `unsure`, too: `sure: false`. @default false */
  readonly sureOnly?: boolean | undefined;
}

/** A stretch of a recording in which one thing is heard. */
export interface TimelineSpan {
  /** Where it begins, in seconds. */
  readonly start: number;
  /** Where it ends, in seconds. */
  readonly end: number;
  /** The emotion, or `unsure`; undefined where there is no speech. */
  readonly label: string | undefined;
  /** Mean confidence, weighted by time; undefined where there is no speech, or the segments have none. */
  readonly confidence: number | undefined;
}

const ACTION = 'make spans';
/** Years: times of streams that never end may be large. */
const LONGEST_SECONDS = 1e9;

/**
 * What is heard when: segments overlap, spans do not. A moment belongs to the segment whose middle is nearest, and neighbours with the
 * same label are one span. What the writers of timelines write.
 *
 * @param segments in order
 * @throws {TypeError} when these are no segments, or an option is of the wrong type or unknown
 * @throws {RangeError} when times are impossible or not in order, or an option is out of its range
 *
 * @example
 * for (const { start, end, label } of toSpans(await classifier.timeline(bytes))) console.log(start, end, label ?? 'no speech');
 */
export function toSpans(segments: readonly TimelineSegment[], options: SpanOptions = {}): TimelineSpan[] {
  const { minConfidence, sureOnly, ...rest } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  return spansOf(ACTION, 'segments', segments, { minConfidence, sureOnly });
}

/** {@link toSpans}, for messages of another action and about segments by another name. */
export function spansOf(
  action: string,
  name: string,
  segments: readonly TimelineSegment[],
  { minConfidence = 0, sureOnly = false }: SpanOptions,
): TimelineSpan[] {
  checkNumber(action, 'minConfidence', minConfidence, 0, 1);
  checkBoolean(action, 'sureOnly', sureOnly);
  const spans: TimelineSpan[] = [];
  for (const { start, end, segment } of momentsOf(action, name, segments)) {
    const { label, confidence, sure } = segment;
    const isUnsure = label !== undefined && ((confidence ?? 1) < minConfidence || (sureOnly && sure === false));
    join(spans, { start, end, label: isUnsure ? 'unsure' : label, confidence });
  }
  return spans;
}

/** The moments that are nearest to a segment's middle, and so belong to it. */
export interface SegmentMoments {
  readonly start: number;
  readonly end: number;
  readonly segment: TimelineSegment;
}

/**
 * Segments, checked → stretches of time that do not overlap, in order; a segment that others leave no moment has none.
 *
 * @throws {TypeError | RangeError} when these are no segments, or their times are impossible or not in order
 */
export function momentsOf(action: string, name: string, segments: readonly TimelineSegment[]): SegmentMoments[] {
  checkSegments(action, name, segments);
  return segments.flatMap((segment, i) => {
    const [before, after] = [segments[i - 1], segments[i + 1]];
    const start = before ? Math.max(segment.start, Math.min(before.end, between(before, segment))) : segment.start;
    const end = after ? Math.min(segment.end, Math.max(after.start, between(segment, after))) : segment.end;
    return end > start ? [{ start, end, segment }] : [];
  });
}

/** The moment that is as far from the middle of one segment as from that of the next. */
function between(one: TimelineSegment, next: TimelineSegment): number {
  return (one.start + one.end + next.start + next.end) / 4;
}

/** Adds a span, or makes the last one longer. */
function join(spans: TimelineSpan[], span: TimelineSpan): void {
  const last = spans.at(-1);
  if (!last || last.label !== span.label || last.end < span.start) {
    spans.push(span);
    return;
  }
  const [known, more] = [last.end - last.start, span.end - span.start];
  const confidence =
    last.confidence === undefined || span.confidence === undefined
      ? undefined
      : (last.confidence * known + span.confidence * more) / (known + more);
  spans[spans.length - 1] = { ...last, end: span.end, confidence };
}

function checkSegments(action: string, name: string, segments: readonly TimelineSegment[]): void {
  checkArray(action, name, segments);
  let earliest = 0;
  for (const [i, segment] of segments.entries()) {
    const own = `${name}[${i}]`;
    const { start, end, label, confidence, scores } = checkObject(action, own, segment);
    earliest = checkNumber(action, `${own}.start`, start, earliest, LONGEST_SECONDS);
    checkNumber(action, `${own}.end`, end, start, LONGEST_SECONDS);
    if (label !== undefined) checkString(action, `${own}.label`, label);
    if (confidence !== undefined) checkNumber(action, `${own}.confidence`, confidence, 0, 1);
    if (scores !== undefined) checkScores(action, `${own}.scores`, scores);
  }
}

function checkScores(action: string, name: string, scores: NonNullable<TimelineSegment['scores']>): void {
  for (const [i, score] of checkArray(action, name, scores).entries()) {
    const own = checkObject(action, `${name}[${i}]`, score);
    checkString(action, `${name}[${i}].label`, own.label);
    checkNumber(action, `${name}[${i}].score`, own.score, 0, 1);
  }
}
