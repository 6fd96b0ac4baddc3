// a stretch of which the model is not sure → two strands that cross over and under each other

import { places } from './ribbonBand.ts';

/** A piece of a strand between two of its turning points, in pixels. */
interface StrandPiece {
  /** Which of the two strands it is a piece of. */
  readonly strand: 0 | 1;
  readonly path: string;
  readonly outline: string;
  readonly from: number;
  readonly to: number;
}

/** What strands are drawn by. */
export interface StrandOptions {
  /** Of the whole ribbon. */
  readonly width: number;
  readonly height: number;
  readonly middle: number;
  /** Probabilities of the two emotions by x. */
  readonly certainties: readonly [first: (x: number) => number, second: (x: number) => number];
  /** Which strand lies above where they begin, and which where they end; undefined where either may. */
  readonly over: readonly [0 | 1 | undefined, 0 | 1 | undefined];
  /** Whether they begin, and end, with nothing to run into, and so are rounded. */
  readonly isRound: readonly [boolean, boolean];
}

/** From one crossing to the next, by the height of the ribbon. */
const LOBE = 0.72;
/** The same in pixels, at least. */
const NARROWEST = 8;
/** How far strands swing from the centre line. */
const SWING = 0.27;
/** Corners of the polygon that a swing is drawn with: enough for curves between them that nobody tells from the true one. */
const STEPS = 4;
const SEAM = 0.75;

/** Both strands of a stretch. */
export interface Strands {
  /** In the order in which they are painted. */
  readonly pieces: readonly StrandPiece[];
  /** Half of the thickness where they begin, and where they end. */
  readonly halves: readonly [number, number];
}

export function strandsOf([x0, x1]: readonly [number, number], options: StrandOptions): Strands {
  const { height, over } = options;
  const length = x1 - x0;
  const wanted = Math.max(1, Math.round(length / Math.max(LOBE * height, NARROWEST)));
  const lobes = over[0] === undefined || over[1] === undefined ? wanted : withParity(wanted, over[0] === over[1]);
  const last = over[1] ?? 0;
  const first = over[0] ?? (lobes % 2 === 0 ? last : other(last));
  const lobe = length / lobes;
  const pieces: StrandPiece[] = [];
  for (let crossing = 0; crossing <= lobes; crossing++) {
    const [from, to] = [Math.max(0, crossing - 0.5), Math.min(lobes, crossing + 0.5)];
    const top = crossing % 2 === 0 ? first : other(first);
    for (const strand of [other(top), top] as const) {
      pieces.push({ strand, ...pieceOf(strand, x0, lobe, from, to, lobes, options) });
    }
  }
  return { pieces, halves: [thinner(x0, lobe, options), thinner(x1, lobe, options)] };
}

/** Half of the thickness of a strand: half of what a band of that certainty would have; less where swings are narrow. */
function halfOf(strand: 0 | 1, x: number, lobe: number, { height, certainties }: StrandOptions): number {
  return Math.min(0.16 * lobe, (height / 4) * Math.min(0.56, Math.max(0.22, certainties[strand](x))));
}

/** The same of the thinner strand: both are as thin where they begin and end, so that one hides the other. */
function thinner(x: number, lobe: number, options: StrandOptions): number {
  return Math.min(halfOf(0, x, lobe, options), halfOf(1, x, lobe, options));
}

/** As many swings, or one more, that the strand that lies above at the beginning does so at the end, or does not. */
const withParity = (wanted: number, isEven: boolean) => ((wanted % 2 === 0) === isEven ? wanted : wanted + 1);

const other = (strand: 0 | 1): 0 | 1 => (strand === 0 ? 1 : 0);

/** The piece from one place to another, in swings from the beginning. */
function pieceOf(
  strand: 0 | 1,
  x0: number,
  lobe: number,
  from: number,
  to: number,
  lobes: number,
  options: StrandOptions,
) {
  const { height, middle, isRound } = options;
  const half = (place: number) => {
    const x = x0 + place * lobe;
    const [own, thin] = [halfOf(strand, x, lobe, options), thinner(x, lobe, options)];
    return thin + (own - thin) * Math.min(1, 2 * place, 2 * (lobes - place));
  };
  // where nothing is beside it, a strand ends in half a circle
  const isCapped = [from === 0 && isRound[0], to === lobes && isRound[1]] as const;
  const [begin, end] = [isCapped[0] ? half(from) / lobe : from, isCapped[1] ? to - half(to) / lobe : to];
  const swing = Math.min(SWING * height, 0.38 * lobe);
  const upwards = strand === 0 ? -1 : 1;
  const steps = Math.max(2, Math.round(2 * STEPS * (to - from)));
  const corners = Array.from({ length: steps + 1 }, (_, i) => {
    const place = begin + ((end - begin) * i) / steps;
    const { y, slope } = course(place, lobes);
    const dy = (upwards * swing * slope) / lobe;
    const norm = Math.hypot(1, dy);
    return {
      ...{ x: x0 + place * lobe, y: middle + upwards * swing * y, half: half(place) },
      ...{ ux: 1 / norm, uy: dy / norm },
    };
  });
  // pieces, and what they run into, reach a little beneath each other, so that no seam shows
  const [first, last] = [corners[0]!, corners.at(-1)!];
  if (!isCapped[0]) corners.unshift({ ...first, x: Math.max(0, first.x - SEAM) });
  if (!isCapped[1]) corners.push({ ...last, x: Math.min(options.width, last.x + SEAM) });
  const side = (sign: 1 | -1) =>
    corners.map(({ x, y, half, ux, uy }) => ({ x: x + sign * half * uy, y: y - sign * half * ux, ux, uy }));
  const top = side(1);
  const bottom = side(-1)
    .reverse()
    .map(({ x, y, ux, uy }) => ({ x, y, ux: -ux, uy: -uy }));
  const [above, beneath] = [through(top), through(bottom)];
  const cap = ({ half: radius }: { half: number }) => `A${places(radius)} ${places(radius)} 0 0 1 `;
  const [atStart, atEnd] = [isCapped[0] ? cap(first) : 'M', isCapped[1] ? cap(last) : 'M'];
  const start = `${places(top[0]!.x)} ${places(top[0]!.y)}`;
  return {
    path: `M${above}${isCapped[1] ? atEnd : 'L'}${beneath}${isCapped[0] ? `${atStart}${start}` : ''}Z`,
    outline: isCapped[0] ? `M${beneath}${atStart}${above}` : `M${above}${atEnd}${beneath}`,
    from: x0 + from * lobe,
    to: x0 + to * lobe,
  };
}

/** Where a strand is at a place, in swings; it leaves the centre line smoothly in the first half and comes back so in the last. */
function course(place: number, lobes: number): { y: number; slope: number } {
  const wave = Math.PI * place;
  if (place > 0.5 && place < lobes - 0.5) return { y: Math.sin(wave), slope: Math.PI * Math.cos(wave) };
  const isStart = place <= 0.5;
  const within = isStart ? place : lobes - place;
  const sign = isStart || lobes % 2 === 1 ? 1 : -1;
  return {
    y: (sign * (1 - Math.cos(2 * Math.PI * within))) / 2,
    slope: sign * (isStart ? 1 : -1) * Math.PI * Math.sin(2 * Math.PI * within),
  };
}

/** Corners with directions → cubic Bézier curves through them, without the leading command. */
function through(corners: readonly { x: number; y: number; ux: number; uy: number }[]): string {
  const steps = corners.slice(1).map(({ x, y, ux, uy }, i) => {
    const before = corners[i]!;
    const third = Math.hypot(x - before.x, y - before.y) / 3;
    const one = `${places(before.x + third * before.ux)} ${places(before.y + third * before.uy)}`;
    return `C${one} ${places(x - third * ux)} ${places(y - third * uy)} ${places(x)} ${places(y)}`;
  });
  return `${places(corners[0]!.x)} ${places(corners[0]!.y)}${steps.join('')}`;
}
