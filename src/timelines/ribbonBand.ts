// a stretch of which the model is sure → a band with tapered ends

import { type MonotoneCurve, monotoneCurve } from './monotoneCurve.ts';

/** How a band ends: in a point, in the crossing of a twist, as two strands, or cut by the edge of the picture. */
type Tip = 'point' | 'twist' | 'fray' | 'cut';

/** A band in pixels. */
export interface Band {
  readonly path: string;
  readonly outline: string;
  /** The parts in which it turns, where it does. */
  readonly shades: readonly {
    readonly path: string;
    readonly darkest: 'start' | 'end';
    readonly from: number;
    readonly to: number;
  }[];
}

/** One of the two ends of a band. */
export interface BandEnd {
  readonly tip: Tip;
  /** Half of the thickness there, for `fray`. */
  readonly half: number;
  /** Whether what follows is of the same colour, so that no line parts the two. */
  readonly isOpen: boolean;
}

/** Length of tapers by the height of the ribbon, and in pixels at least. */
const TAPERS: Readonly<Record<Tip, readonly [byHeight: number, least: number]>> = {
  ...{ point: [0.62, 28], twist: [0.42, 24], fray: [0.5, 30], cut: [0, 0] },
};
/** Each taper leaves some of the band as thick as the model is sure. */
const LONGEST_TAPER = 0.42;
/** Points of the certainty that are closer, in pixels, look like dents. */
const CLOSEST = 8;
/** What is no wider, in pixels, is a bead. */
const SHORT = 24;

/**
 * @param half half of the thickness by x, where nothing is tapered
 * @param known where that is known, and not between what is known
 */
export function bandOf(
  [x0, x1]: readonly [number, number],
  half: (x: number) => number,
  known: readonly number[],
  [left, right]: readonly [BandEnd, BandEnd],
  { height, middle }: { readonly height: number; readonly middle: number },
): Band {
  const centre = (x0 + x1) / 2;
  const taper = ({ tip }: BandEnd) =>
    Math.min(Math.max(TAPERS[tip][0] * height, TAPERS[tip][1]), LONGEST_TAPER * (x1 - x0));
  const isShort = x1 - x0 < SHORT; // and all taper
  const from = isShort && left.tip !== 'cut' ? centre : x0 + taper(left);
  const to = isShort && right.tip !== 'cut' ? centre : x1 - taper(right);
  const inner = innerXs(from, centre, to, known);
  const curve = monotoneCurve(
    [
      ...(left.tip === 'cut' ? [] : [[x0, Math.min(endOf(left), half(from))] as const]),
      ...inner.map((x) => [x, half(x)] as const),
      ...(right.tip === 'cut' ? [] : [[x1, Math.min(endOf(right), half(to))] as const]),
    ],
    [slopeOf(left, half(from) / (from - x0)), -slopeOf(right, half(to) / (x1 - to))],
  );
  const shades = [
    ...(left.tip === 'twist'
      ? [{ path: closed(part(curve, x0, from), middle), darkest: 'start' as const, from: x0, to: from }]
      : []),
    ...(right.tip === 'twist'
      ? [{ path: closed(part(curve, to, x1), middle), darkest: 'end' as const, from: to, to: x1 }]
      : []),
  ];
  return { path: closed(curve, middle), outline: outlineOf(curve, middle, left, right), shades };
}

const endOf = ({ tip, half }: BandEnd) => (tip === 'fray' ? half : 0);
/** A twist crosses at an angle; the other ends run out along the centre line. */
const slopeOf = ({ tip }: BandEnd, straight: number) => (tip === 'twist' ? 1.5 * straight : 0);

/** The middle, the ends of tapers and, between them, where the certainty is known; no two too close. */
function innerXs(from: number, centre: number, to: number, known: readonly number[]): number[] {
  const fixed = [from, centre, to].filter((x, i, all) => i === 0 || x > all[i - 1]!);
  const isFree = (x: number) => fixed.every((other) => Math.abs(other - x) >= CLOSEST);
  const between: number[] = [];
  for (const x of known) {
    const isNext = x - (between.at(-1) ?? Number.NEGATIVE_INFINITY) >= CLOSEST;
    if (x > from && x < to && isFree(x) && isNext) between.push(x);
  }
  return [...fixed, ...between].sort((a, b) => a - b);
}

/** The points from one x to another, both of which are points. */
function part({ xs, ys, slopes }: MonotoneCurve, from: number, to: number): MonotoneCurve {
  const [first, last] = [xs.findIndex((x) => x >= from), xs.findLastIndex((x) => x <= to)];
  const within = <T>(all: readonly T[]) => all.slice(first, last + 1);
  return { xs: within(xs), ys: within(ys), slopes: within(slopes) };
}

function closed(curve: MonotoneCurve, middle: number): string {
  return `M${upper(curve, middle)}L${lower(curve, middle)}Z`;
}

function outlineOf(curve: MonotoneCurve, middle: number, left: BandEnd, right: BandEnd): string {
  const isClosed = ({ tip, isOpen }: BandEnd) => tip !== 'cut' && !isOpen;
  const [top, bottom] = [upper(curve, middle), lower(curve, middle)];
  if (isClosed(left)) return isClosed(right) ? `M${top}L${bottom}Z` : `M${bottom}L${top}`;
  return `M${top}${isClosed(right) ? 'L' : 'M'}${bottom}`;
}

function upper({ xs, ys, slopes }: MonotoneCurve, middle: number): string {
  return hermite(
    xs,
    ys.map((y) => middle - y),
    slopes.map((slope) => -slope),
  );
}

function lower({ xs, ys, slopes }: MonotoneCurve, middle: number): string {
  const turned = <T>(all: readonly T[]) => [...all].reverse();
  return hermite(turned(xs), turned(ys.map((y) => middle + y)), turned(slopes));
}

/** Heights and slopes at points → cubic Bézier curves through them, without the leading command. */
function hermite(xs: readonly number[], ys: readonly number[], slopes: readonly number[]): string {
  const steps = xs.slice(1).map((x, i) => {
    const third = (x - xs[i]!) / 3;
    const one = `${places(xs[i]! + third)} ${places(ys[i]! + third * slopes[i]!)}`;
    const other = `${places(x - third)} ${places(ys[i + 1]! - third * slopes[i + 1]!)}`;
    return `C${one} ${other} ${places(x)} ${places(ys[i + 1]!)}`;
  });
  return `${places(xs[0]!)} ${places(ys[0]!)}${steps.join('')}`;
}

/** A hundredth of a pixel is less than what is seen. */
export const places = (value: number) => String(Math.round(100 * value) / 100);
