// shapes, marks, moments → elements of an SVG, in the colours of a page

import type { Resolved } from '../core/check.ts';
import { type EmotionLook, SILENCE_MARK, UNSURE_MARK } from './emotionLooks.ts';
import type { RibbonMark, RibbonShape } from './ribbonShape.ts';
import type { SpectrogramImage } from './spectrogramImage.ts';
import { timeTicks } from './timeTicks.ts';
import { xmlText } from './xmlText.ts';

/** What shapes are drawn with. */
export interface Drawing {
  readonly looks: Readonly<Record<string, EmotionLook>>;
  readonly theme: 'light' | 'dark';
  readonly colours: (typeof THEMES)['light' | 'dark'];
}

/** The page that a picture is made for. */
export const THEMES = {
  light: { ground: '#faf8f4', text: '#17131f', faint: '#625d69', dots: '#8a8590', line: '#e2dcd2', shadow: 0.4 },
  dark: { ground: '#100e14', text: '#f6f2ea', faint: '#a29dab', dots: '#6f6a7a', line: '#2e2a38', shadow: 0.45 },
} as const;

export const FONT = "'Bricolage Grotesque Variable', 'Bricolage Grotesque', system-ui, sans-serif";

/** From one moment on the axis to the next, at least. */
const TICK = 120;
/** A mark and the gap after it; about the width of a letter of a name. */
const [MARK, LETTER] = [23, 8.6];

/** Patterns and shades that shapes are filled with. What they are called says what they are: pictures of one page may share them. */
export function definitions(shapes: readonly RibbonShape[], { looks, theme, colours }: Drawing): string {
  const used = new Set(
    shapes.flatMap((shape) => (shape.kind === 'band' || shape.kind === 'strand' ? [shape.label] : [])),
  );
  const patterns = [...used].map((label) => {
    const { pattern, [theme]: own } = looks[label]!;
    const { width, height, path, stroke } = pattern;
    const lines =
      stroke === 0 ? `fill="${own.pattern}"` : `fill="none" stroke="${own.pattern}" stroke-width="${stroke}"`;
    return `<pattern id="${idOf(looks[label]!, theme)}" width="${width}" height="${height}" patternUnits="userSpaceOnUse"><rect width="${width}" height="${height}" fill="${own.fill}"/>${path && `<path d="${path}" ${lines}/>`}</pattern>`;
  });
  const shade = (side: 'start' | 'end') => {
    const [from, to] = side === 'start' ? [colours.shadow, 0] : [0, colours.shadow];
    return `<linearGradient id="shade-${side}-${theme}"><stop stop-opacity="${from}"/><stop offset="1" stop-opacity="${to}"/></linearGradient>`;
  };
  return `<defs>${patterns.join('')}${shade('start')}${shade('end')}</defs>`;
}

const idOf = ({ pattern, ...look }: EmotionLook, theme: 'light' | 'dark') =>
  `${pattern.name}-${look[theme].fill.slice(1)}`;

/** A part of a ribbon, or a mark beneath it. */
export function drawShape(shape: RibbonShape, height: number, drawing: Drawing): string {
  const { looks, theme, colours } = drawing;
  if (shape.kind === 'mark') return drawMark(shape, height, drawing);
  if (shape.kind === 'thread') return `<path d="${shape.path}" fill="${colours.dots}"/>`;
  if (shape.kind === 'shade') return `<path d="${shape.path}" fill="url(#shade-${shape.darkest}-${theme})"/>`;
  const look = looks[shape.label]!;
  return `<path d="${shape.path}" fill="url(#${idOf(look, theme)})"/><path d="${shape.outline}" fill="none" stroke="${look[theme].ink}" stroke-width="1.25" stroke-linejoin="round"/>`;
}

/** A mark, and the longest name that has room. */
function drawMark(mark: RibbonMark, height: number, { looks, theme, colours }: Drawing): string {
  const { label, second, x, room } = mark;
  const name = namesOf(mark).find((one) => MARK + LETTER * one.length <= room);
  const text = name
    ? `<text x="${MARK}" y="13" font-size="15" font-weight="600" fill="${colours.text}">${xmlText(name)}</text>`
    : '';
  return `<g transform="translate(${x} ${height + 8})">${label === undefined ? silence(colours.faint) : second === undefined ? own(looks[label]!, theme) : unsure(colours)}${text}</g>`;
}

const silence = (colour: string) => `<path d="${SILENCE_MARK}" fill="${colour}"/>`;
const unsure = ({ text, faint }: Drawing['colours']) =>
  `<g fill="none" stroke-width="2.5" stroke-linecap="round"><path d="${UNSURE_MARK.under}" stroke="${faint}"/><path d="${UNSURE_MARK.over}" stroke="${text}"/></g>`;

function own({ mark, number, ...look }: EmotionLook, theme: 'light' | 'dark'): string {
  const colours = look[theme];
  const digits =
    number === undefined
      ? ''
      : `<text x="8" y="12" font-size="11" font-weight="700" text-anchor="middle" fill="${colours.text}">${number}</text>`;
  return `<path d="${mark}" fill="${colours.fill}" stroke="${colours.ink}" stroke-linejoin="round"/>${digits}`;
}

/** From the fullest to the shortest. */
function namesOf({ label, second }: RibbonMark): string[] {
  if (label === undefined) return ['no speech'];
  return second === undefined ? [label] : [`not sure: ${label} or ${second}`, `${label} or ${second}`, 'not sure'];
}

/** What is heard when, in words. */
export function described(shapes: readonly RibbonShape[]): string {
  const marks = shapes.filter((shape) => shape.kind === 'mark');
  return marks.map((mark) => `${mark.start.toFixed(1)} to ${mark.end.toFixed(1)} s: ${namesOf(mark)[0]}`).join('; ');
}

/** Hairlines. */
export function drawLines(width: number, ys: readonly number[], { colours }: Drawing): string {
  return `<path d="${ys.map((y) => `M0 ${y}H${width}`).join('')}" stroke="${colours.line}"/>`;
}

/** A spectrogram and its frequencies. */
export function drawImage(
  { href, height, ticks }: Resolved<SpectrogramImage>,
  [x, y]: readonly [number, number],
  width: number,
  { colours }: Drawing,
): string {
  const marks = ticks.map(
    ({ at, text }) => `<text x="${x - 8}" y="${y + (1 - at) * height + 4}" text-anchor="end">${xmlText(text)}</text>`,
  );
  return `<image href="${xmlText(href)}" x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none"/><g font-size="13" fill="${colours.faint}">${marks.join('')}</g>`;
}

/** Moments beneath a ribbon; the first and the last stay within it. */
export function drawAxis(
  { from, seconds }: { readonly from: number; readonly seconds: number },
  width: number,
  y: number,
  { colours }: Drawing,
): string {
  const ticks = timeTicks(from, seconds, width / TICK).map(({ at, text }) => {
    const x = Math.round(100 * at * width) / 100;
    const anchor = x < 16 ? 'start' : x > width - 16 ? 'end' : 'middle';
    return `<path d="M${x} ${y}V${y + 5}" stroke="${colours.dots}"/><text x="${x}" y="${y + 19}" text-anchor="${anchor}">${text}</text>`;
  });
  return `<g font-size="13" fill="${colours.faint}">${ticks.join('')}</g>`;
}
