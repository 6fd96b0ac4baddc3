// segments of a recording → the shapes of a ribbon: as thick as the model is sure

import { checkArray, checkBoolean, checkNothingElse, checkNumber, checkOptions } from '../core/check.ts';
import { heightAt } from './monotoneCurve.ts';
import { type BandEnd, bandOf } from './ribbonBand.ts';
import { marksOf } from './ribbonMarks.ts';
import { type PlacedStretch, placed } from './ribbonPlace.ts';
import type { RibbonShape } from './ribbonShape.ts';
import { type Strands, strandsOf } from './ribbonStrands.ts';
import { stretchesOf } from './ribbonStretches.ts';
import { threadOf } from './ribbonThread.ts';
import type { TimelineSegment } from './timelineSegment.ts';

/** Options of {@link ribbonShapes}. */
export interface RibbonOptions {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels: that of a band of which the model is quite sure. */
  readonly height: number;
  /** Where the picture begins, in seconds of the recording. @default 0 */
  readonly from?: number | undefined;
  /** How many seconds are shown. @default up to where the last segment ends */
  readonly seconds?: number | undefined;
  /** Whether the recording goes on, so that what is heard last is cut and has no end. @default false */
  readonly ongoing?: boolean | undefined;
  /** Segments of lower confidence are shown as not sure, in [0, 1]. @default 0 */
  readonly minConfidence?: number | undefined;
}

const ACTION = 'draw a ribbon';
const LONGEST_SECONDS = 1e9;
/** A picture of less has no time in it: places in it could not be told apart. */
const SHORTEST_SECONDS = 1e-9;
const WIDEST = 1e5;
/** A stretch that is narrower, in pixels, is not seen. */
const NARROWEST = 8;

/** A sliver that is narrower, in pixels, is nothing at all. */
const THINNEST = 3;
/** Pixels that are nothing but rounding. */
const NOTHING = 1e-6;
/** Strands swing twice before they become others, by the height of the ribbon. */
const STEADY = 1.5;

/**
 * A ribbon as it runs beneath a recording: a band as thick as the model is sure, which twists where the emotion changes; two strands
 * where it is not sure; a row of dots where nobody speaks. Pauses of less than 0.3 s do not break it.
 *
 * Pure geometry: colours and patterns are `EMOTION_LOOKS`, and `timelineSvg` makes a picture of both. What is too narrow to be seen is
 * put together, so that the number of shapes is bounded by the width.
 *
 * @param segments of `timeline`, or of one channel of it, with scores
 * @returns shapes in the order in which they are painted, and the marks beneath
 * @throws {TypeError} when these are no segments, or an option is of the wrong type or unknown
 * @throws {RangeError} when times are impossible or not in order, or an option is out of its range
 *
 * @example
 * const shapes = ribbonShapes(await classifier.timeline(bytes), { width: 1312, height: 104 });
 */
export function ribbonShapes(segments: readonly TimelineSegment[], options: RibbonOptions): RibbonShape[] {
  const {
    width,
    height,
    from = 0,
    seconds,
    ongoing = false,
    minConfidence = 0,
    ...rest
  } = checkOptions(ACTION, options);
  checkNothingElse(ACTION, rest);
  checkNumber(ACTION, 'width', width, 1, WIDEST);
  checkNumber(ACTION, 'height', height, 1, WIDEST);
  checkNumber(ACTION, 'from', from, 0, LONGEST_SECONDS);
  if (seconds !== undefined) checkNumber(ACTION, 'seconds', seconds, 0, LONGEST_SECONDS);
  checkBoolean(ACTION, 'ongoing', ongoing);
  checkNumber(ACTION, 'minConfidence', minConfidence, 0, 1);
  const last = checkArray(ACTION, 'segments', segments).at(-1)?.end ?? 0;
  const to = from + (seconds ?? Math.max(0, last - from));
  if (to - from < SHORTEST_SECONDS) return [];
  const [most, pixel] = [Math.max(1, Math.floor(width / NARROWEST)), (to - from) / width];
  const stretches = stretchesOf(ACTION, segments, {
    from,
    to,
    minConfidence,
    most,
    sliver: THINNEST * pixel,
    shortestPair: STEADY * height * pixel,
  });
  const x = (second: number) => ((second - from) / (to - from)) * width;
  // where everything is a sliver, one is left, which may have no width at all
  const all = stretches.map((stretch) => placed(stretch, x, width)).filter(({ x0, x1 }) => x1 - x0 > NOTHING);
  // by more than is seen: lengths of recordings and ends of segments may be rounded
  const goesOn = (second: number) => segments.some(({ start, end }) => start < second - pixel && end > second + pixel);
  const second = (at: number) => from + (at / width) * (to - from);
  const ribbon: Ribbon = { all, width, height, isCut: [goesOn(from), ongoing || goesOn(to)], second };
  const strands = all.map((_, i) => strandsAt(ribbon, i));
  return [
    ...all.flatMap((one) => (one.kind === 'silent' ? threadOf(one, height / 2) : [])),
    ...all.flatMap((one, i) => strandShapes(ribbon, one, strands[i])),
    ...all.flatMap((_, i) => bandShapes(ribbon, i, strands)),
    ...marksOf(all, width),
  ];
}

interface Ribbon {
  readonly all: readonly PlacedStretch[];
  readonly width: number;
  readonly height: number;
  /** Whether what is at the left edge, and at the right one, goes on beyond it. */
  readonly isCut: readonly [boolean, boolean];
  /** The moment of an x. */
  readonly second: (at: number) => number;
}

/** The strands of a stretch of which the model is not sure. */
function strandsAt({ all, width, height, isCut }: Ribbon, i: number): Strands | undefined {
  const [one, before, after] = [all[i]!, all[i - 1], all[i + 1]];
  if (one.kind !== 'unsure') return undefined;
  // the strand of the colour that a neighbour has lies above where they meet
  const over = (near: PlacedStretch | undefined) => {
    if (near?.kind !== 'sure' || (near.label !== one.label && near.label !== one.second)) return undefined;
    return near.label === one.second ? 1 : 0;
  };
  const isEnd = (near: PlacedStretch | undefined, cut: boolean) => (near ? near.kind === 'silent' : !cut);
  return strandsOf([one.x0, one.x1], {
    ...{ width, height, middle: height / 2 },
    certainties: [(x) => heightAt(one.certainty, x), (x) => heightAt(one.other, x)],
    over: [over(before), over(after)],
    isRound: [isEnd(before, isCut[0]), isEnd(after, isCut[1])],
  });
}

function strandShapes({ second }: Ribbon, one: PlacedStretch, strands: Strands | undefined): RibbonShape[] {
  return (strands?.pieces ?? []).map(({ strand, path, outline, from, to }) => {
    const label = (strand === 0 ? one.label : one.second)!;
    return { kind: 'strand', label, start: second(from), end: second(to), path, outline };
  });
}

function bandShapes(ribbon: Ribbon, i: number, strands: readonly (Strands | undefined)[]): RibbonShape[] {
  const { all, height, isCut, second } = ribbon;
  const { kind, label, start, end, x0, x1, certainty } = all[i]!;
  if (kind !== 'sure') return [];
  const tip = (at: 0 | 1): BandEnd => {
    const near = all[at === 0 ? i - 1 : i + 1];
    if (!near) return { tip: isCut[at] ? 'cut' : 'point', half: 0, isOpen: false };
    if (near.kind !== 'unsure') return { tip: near.kind === 'sure' ? 'twist' : 'point', half: 0, isOpen: false };
    const half = strands[at === 0 ? i - 1 : i + 1]!.halves[at === 0 ? 1 : 0];
    return { tip: 'fray', half, isOpen: near.label === label || near.second === label };
  };
  const band = bandOf([x0, x1], (x) => (heightAt(certainty, x) * height) / 2, certainty.xs, [tip(0), tip(1)], {
    height,
    middle: height / 2,
  });
  return [
    { kind: 'band', label: label!, start, end, path: band.path, outline: band.outline },
    ...band.shades.map(({ path, darkest, from, to }) => {
      return { kind: 'shade' as const, start: second(from), end: second(to), path, darkest };
    }),
  ];
}
