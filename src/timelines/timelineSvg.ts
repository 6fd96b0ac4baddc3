// segments of a recording → a picture: the spectrogram, the ribbon, marks and names, time

import { checkArray, checkNothingElse, checkNumber, checkOneOf, checkOptions, checkString } from '../core/check.ts';
import { looksOf } from './emotionLooks.ts';
import type { RibbonShape } from './ribbonShape.ts';
import { type RibbonOptions, ribbonShapes } from './ribbonShapes.ts';
import { checkImage, type SpectrogramImage } from './spectrogramImage.ts';
import {
  type Drawing,
  definitions,
  described,
  drawAxis,
  drawImage,
  drawLines,
  drawShape,
  FONT,
  THEMES,
} from './timelineDrawing.ts';
import type { TimelineSegment } from './timelineSegment.ts';
import { xmlText } from './xmlText.ts';

/** Options of {@link timelineSvg}. */
export interface TimelineSvgOptions extends Omit<RibbonOptions, 'width' | 'height'> {
  /** Width of the picture in pixels. @default 1280 */
  readonly width?: number | undefined;
  /** Height of the ribbon in pixels: that of a band of which the model is quite sure. @default 104 */
  readonly height?: number | undefined;
  /** Whether it is for a light or for a dark page. @default 'light' */
  readonly theme?: 'light' | 'dark' | undefined;
  /** What is said of it to those who cannot see it, before what is heard when. @default 'Emotions over time' */
  readonly title?: string | undefined;
  /** A picture of the sound above the ribbon, as wide. @default none */
  readonly spectrogram?: SpectrogramImage | undefined;
  /** The model's labels, whose order gives labels of one's own their numbers and colours. @default in the order in which they are heard */
  readonly labels?: readonly string[] | undefined;
}

const ACTION = 'draw a timeline';

const MARGIN = 16;
/** Room for frequencies. */
const GUTTER = 64;
/** Rows beneath the ribbon: marks and names, and the axis of time. */
const [NAMES, AXIS] = [32, 28];

/**
 * A timeline as a picture that stands by itself: an SVG file, or a part of a page. `ribbonShapes` tells how to read it.
 *
 * @param segments of `timeline`, or of one channel of it, with scores
 * @returns the text of an `.svg` file
 * @throws {TypeError} when these are no segments, or an option is of the wrong type or unknown
 * @throws {RangeError} when times are impossible or not in order, or an option is out of its range
 *
 * @example
 * await writeFile('interview.svg', timelineSvg(await classifier.timeline(bytes), { theme: 'dark' }));
 */
export function timelineSvg(segments: readonly TimelineSegment[], options: TimelineSvgOptions = {}): string {
  const {
    width = 1280,
    height = 104,
    theme = 'light',
    title = 'Emotions over time',
    ...others
  } = checkOptions(ACTION, options);
  const { spectrogram, labels, from = 0, seconds, ongoing, minConfidence, ...rest } = others;
  checkNothingElse(ACTION, rest);
  checkNumber(ACTION, 'width', width, 160, 1e5);
  checkOneOf(ACTION, 'theme', theme, ['light', 'dark']);
  checkString(ACTION, 'title', title);
  for (const [i, label] of checkArray(ACTION, 'labels', labels === undefined ? [] : labels).entries())
    checkString(ACTION, `labels[${i}]`, label);
  const image = spectrogram === undefined ? undefined : checkImage(ACTION, spectrogram);
  const left = image && image.ticks.length > 0 ? GUTTER : MARGIN;
  const inner = width - left - MARGIN;
  const shapes = ribbonShapes(segments, { width: inner, height, from, seconds, ongoing, minConfidence });
  const drawn: Drawing = { looks: looksOf(labelsOf(labels ?? [], shapes)), theme, colours: THEMES[theme] };
  const length = seconds ?? Math.max(0, (segments.at(-1)?.end ?? 0) - from);
  const top = MARGIN + (image ? image.height + MARGIN : 0);
  const bottom = top + height + NAMES + AXIS;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${bottom}" viewBox="0 0 ${width} ${bottom}" role="img" font-family="${FONT}">`,
    `<title>${xmlText(title)}</title>`,
    `<desc>${xmlText(described(shapes))}</desc>`,
    definitions(shapes, drawn),
    `<rect width="${width}" height="${bottom}" rx="12" fill="${drawn.colours.ground}"/>`,
    image ? drawImage(image, [left, MARGIN], inner, drawn) : '',
    `<g transform="translate(${left} ${top})">`,
    drawLines(inner, [0, height, height + NAMES], drawn),
    ...shapes.map((shape) => drawShape(shape, height, drawn)),
    drawAxis({ from, seconds: length }, inner, height + NAMES, drawn),
    '</g>',
    '</svg>\n',
  ].join('\n');
}

/** All labels once: the model's, then those that are heard and not among them. */
function labelsOf(labels: readonly string[], shapes: readonly RibbonShape[]): string[] {
  const heard = shapes.flatMap((shape) => {
    if (shape.kind === 'mark') return [shape.label, shape.second];
    return shape.kind === 'band' || shape.kind === 'strand' ? [shape.label] : [];
  });
  return [...new Set([...labels, ...heard.filter((label) => label !== undefined)])];
}
