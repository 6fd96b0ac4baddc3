// scores → bars, stacked areas over time, and a legend

import type { EmotionScore } from 'speech-emotion';
import { labelColours } from '../../../cli/src/drawing/colours.ts';
import { type Segment, timelineCells } from '../../../cli/src/drawing/timelineCells.ts';
import { make, makeSvg } from '../dom.ts';
import type { Tick } from './axes.ts';

/** The colour of each label. */
export function colouring(labels: readonly string[]): (label: string) => string {
  const { domain, range } = labelColours(labels);
  return (label) => range[domain.indexOf(label)] ?? 'gray';
}

/** A bar for each label, in the order given. */
export function drawBars(list: HTMLElement, scores: readonly EmotionScore[]): void {
  const colour = colouring(scores.map(({ label }) => label));
  list.replaceChildren(
    ...scores.map(({ label, score }) => {
      const fill = make('i', { ariaHidden: 'true' });
      fill.style.width = `${100 * score}%`;
      fill.style.background = colour(label);
      const row = make(
        'li',
        {},
        make('span', { className: 'name' }, label),
        make('span', { className: 'bar' }, fill),
        make('span', { className: 'share' }, `${(100 * score).toFixed(1)} %`),
      );
      row.dataset.label = label;
      row.dataset.score = String(score);
      return row;
    }),
  );
}

/** Probabilities over time, stacked, as rectangles in seconds. */
export function timelineRects(
  segments: readonly Segment[],
  seconds: number,
  colour: (label: string) => string,
): SVGElement[] {
  return timelineCells(segments, seconds).map(({ label, from, to, low, high }) =>
    makeSvg('rect', { x: from, width: to - from, y: 1 - high, height: high - low, fill: colour(label) }),
  );
}

/** The legend of the colours. */
export function drawLegend(caption: HTMLElement, labels: readonly string[]): void {
  const colour = colouring(labels);
  caption.replaceChildren(
    ...labels.map((label) => {
      const swatch = make('i', { ariaHidden: 'true' });
      swatch.style.background = colour(label);
      return make('span', {}, swatch, label);
    }),
  );
}

/** The labels of an axis: from the left, or from the bottom. */
export function drawTicks(axis: HTMLElement, ticks: readonly Tick[], side: 'left' | 'bottom'): void {
  axis.replaceChildren(
    ...ticks.map(({ text, at }) => {
      const tick = make('span', {}, text);
      tick.style[side] = `${100 * at}%`;
      return tick;
    }),
  );
}
