// segments of a recording → what a ribbon shows when: one emotion, two, or nobody

import { momentsOf } from './spans.ts';
import type { TimelineSegment } from './timelineSegment.ts';

/** A stretch of time that looks alike. */
export interface Stretch {
  readonly kind: 'sure' | 'unsure' | 'silent';
  readonly start: number;
  readonly end: number;
  /** The emotion; of two, the likelier one; none where nobody speaks. */
  readonly label?: string | undefined;
  /** The other one of two; the same where segments do not say. */
  readonly second?: string | undefined;
  /** How likely emotions are at the segments' middles. */
  readonly points: readonly CertaintyPoint[];
}

/** Probabilities at one moment. */
interface CertaintyPoint {
  readonly at: number;
  readonly scores: ReadonlyMap<string, number>;
}

/** The part of a recording that is shown, and how finely. */
export interface View {
  readonly from: number;
  readonly to: number;
  /** Segments of lower confidence are unsure. */
  readonly minConfidence: number;
  /** As many segments as there is room for; more are put together. */
  readonly most: number;
  /** What is shorter, in seconds, is too narrow to be seen. */
  readonly sliver: number;
  /** Strands are of the same two emotions for so many seconds at least, where the model is not sure for as long. */
  readonly shortestPair: number;
}

/** A pause that is shorter, in seconds, is a breath and breaks nothing. */
const SHORTEST_PAUSE = 0.3;

/**
 * What is to be seen of a view, without gaps: what no segment covers is silent.
 *
 * @throws {TypeError | RangeError} when these are no segments, or their times are impossible or not in order
 */
export function stretchesOf(action: string, segments: readonly TimelineSegment[], view: View): Stretch[] {
  const heard = momentsOf(action, 'segments', segments).map((moments) => moment(moments, view));
  const shown = withoutGaps(heard, view);
  const all = joined(shown.length > view.most ? pooled(shown, view) : shown);
  return steadied(joined(withoutBreaths(all, view)), view);
}

type Moments = ReturnType<typeof momentsOf>[number];

function moment({ start, end, segment }: Moments, { minConfidence }: View): Stretch {
  const { label, confidence = 1, sure, scores = [] } = segment;
  if (label === undefined) return { kind: 'silent', start, end, points: [] };
  const at = Math.min(end, Math.max(start, (segment.start + segment.end) / 2));
  const all = new Map(scores.map((score) => [score.label, score.score]));
  const kind = sure === false || confidence < minConfidence ? 'unsure' : 'sure';
  return named({ kind, start, end, label, points: [{ at, scores: all.set(label, confidence) }] });
}

/** The same, its two emotions the likeliest of its points, where the model is not sure. */
function named(stretch: Stretch): Stretch {
  if (stretch.kind !== 'unsure') return stretch;
  const [label, second = label] = [...meanOf(stretch.points)]
    .sort(([, one], [, other]) => other - one)
    .map(([one]) => one);
  return { ...stretch, label, second };
}

function meanOf(points: readonly CertaintyPoint[]): Map<string, number> {
  const mean = new Map<string, number>();
  for (const { scores } of points) {
    for (const [label, score] of scores) mean.set(label, (mean.get(label) ?? 0) + score / points.length);
  }
  return mean;
}

/** What lies in the view, with silence where there is nothing. */
function withoutGaps(heard: readonly Stretch[], { from, to }: View): Stretch[] {
  const all: Stretch[] = [];
  let last = from;
  const silentUntil = (end: number) => {
    if (end > last) all.push({ kind: 'silent', start: last, end, points: [] });
  };
  for (const stretch of heard) {
    const [start, end] = [Math.max(from, stretch.start), Math.min(to, stretch.end)];
    if (end <= start) continue;
    silentUntil(start);
    all.push({ ...stretch, start, end });
    last = end;
  }
  silentUntil(to);
  return all;
}

/** Of more than can be seen: the view in even parts, each showing what is heard for most of it. */
function pooled(all: readonly Stretch[], { from, to, most }: View): Stretch[] {
  const length = (to - from) / most;
  const parts: Stretch[] = [];
  let next = 0;
  for (let i = 0; i < most; i++) {
    const [start, end] = [from + i * length, i === most - 1 ? to : from + (i + 1) * length];
    const within: Stretch[] = [];
    while (next < all.length && all[next]!.start < end) {
      const stretch = all[next]!;
      const own = { ...stretch, start: Math.max(start, stretch.start), end: Math.min(end, stretch.end) };
      if (own.end > own.start) within.push(own);
      if (stretch.end > end) break;
      next++;
    }
    if (within.length > 0) parts.push({ ...mostOf(within), start, end });
  }
  return parts;
}

/** What is heard for most of a part, with its mean certainty. */
function mostOf(within: readonly Stretch[]): Stretch {
  const all = joinOf(commonest(within, ({ kind, label }) => (kind === 'sure' ? `sure ${label}` : kind)));
  const at = all.points.reduce((sum, point) => sum + point.at, 0) / all.points.length;
  return { ...all, points: all.points.length > 0 ? [{ at, scores: meanOf(all.points) }] : [] };
}

/** Those that share the key that most of the time has. */
function commonest(all: readonly Stretch[], key: (stretch: Stretch) => string): Stretch[] {
  const seconds = new Map<string, number>();
  for (const one of all) seconds.set(key(one), (seconds.get(key(one)) ?? 0) + one.end - one.start);
  const [most] = [...seconds].reduce((one, other) => (other[1] > one[1] ? other : one));
  return all.filter((one) => key(one) === most);
}

/** Neighbours that are alike, as one. */
function joined(all: readonly Stretch[]): Stretch[] {
  const groups: Stretch[][] = [];
  for (const stretch of all) {
    const group = groups.at(-1);
    if (group && isAlike(group[0]!, stretch)) group.push(stretch);
    else groups.push([stretch]);
  }
  return groups.map(joinOf);
}

function isAlike(one: Stretch, other: Stretch): boolean {
  if (one.kind !== other.kind) return false;
  if (one.kind !== 'unsure') return one.label === other.label;
  return pair(one) === pair(other);
}

const pair = ({ label, second }: Stretch) => JSON.stringify([label, second].sort());

/** Several stretches of a kind as one. */
function joinOf(all: readonly Stretch[]): Stretch {
  if (all.length === 1) return all[0]!;
  return named({ ...all[0]!, end: all.at(-1)!.end, points: all.flatMap(({ points }) => points) });
}

/** Without pauses that break nothing and slivers that nobody sees: what is before and after them gets their time. */
function withoutBreaths(all: readonly Stretch[], { sliver }: View): Stretch[] {
  const isSeen = ({ kind, start, end }: Stretch, i: number) => {
    const isPause = kind === 'silent' && i > 0 && i < all.length - 1;
    return end - start >= (isPause ? Math.max(sliver, SHORTEST_PAUSE) : sliver);
  };
  const seen = all.filter(isSeen);
  const kept = seen.length > 0 ? seen : all.slice(0, 1);
  const [first, last] = [all[0], all.at(-1)];
  return kept.map((stretch, i) => {
    const [before, after] = [kept[i - 1], kept[i + 1]];
    const start = before ? (before.end + stretch.start) / 2 : first!.start;
    return { ...stretch, start, end: after ? (stretch.end + after.start) / 2 : last!.end };
  });
}

/** Where the model is not sure, pairs of emotions that last: the shortest stretch joins the shorter one beside it until all are long enough. */
function steadied(all: readonly Stretch[], { shortestPair }: View): Stretch[] {
  const steady = [...all];
  const length = (i: number) =>
    steady[i]?.kind === 'unsure' ? steady[i].end - steady[i].start : Number.POSITIVE_INFINITY;
  for (;;) {
    let shortest = -1;
    for (const i of steady.keys()) {
      const hasOther = Math.min(length(i - 1), length(i + 1)) < Number.POSITIVE_INFINITY;
      if (hasOther && length(i) < Math.min(shortestPair, length(shortest))) shortest = i;
    }
    if (shortest < 0) return joined(steady);
    const first = length(shortest - 1) <= length(shortest + 1) ? shortest - 1 : shortest;
    steady.splice(first, 2, joinOf(steady.slice(first, first + 2)));
  }
}
