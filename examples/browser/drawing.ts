// results → bars, a spectrogram and a timeline in the page

import type { Waveform } from 'speech-emotion';
import { labelColours } from '../drawing/colours.ts';
import { soundPixels } from '../drawing/soundPixels.ts';
import { type Segment, timelineCells } from '../drawing/timelineCells.ts';

/** A bar for each label, in the order given. */
export function drawBars(list: HTMLElement, scores: Segment['scores']): void {
  const colour = colours(scores);
  list.replaceChildren(
    ...scores.map(({ label, score }) => {
      const fill = Object.assign(document.createElement('i'), { ariaHidden: 'true' });
      fill.style.width = `${100 * score}%`;
      fill.style.background = colour(label);
      const row = document.createElement('li');
      row.dataset.label = label;
      row.dataset.score = String(score);
      row.append(span('name', label), span('bar', fill), span('share', `${(100 * score).toFixed(1)} %`));
      return row;
    }),
  );
}

/** The spectrogram, one pixel for each time and frequency; CSS stretches it. */
export function drawSound(canvas: HTMLCanvasElement, waveform: Waveform): void {
  const { values, width, height } = soundPixels(waveform);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  const palette = mixPalette();
  const image = context.createImageData(width, height);
  values.forEach((value, i) => {
    const at = 4 * Math.round(255 * value);
    image.data.set(palette.subarray(at, at + 4), 4 * i);
  });
  context.putImageData(image, 0, 0);
}

/** Probabilities over time, stacked; colours are those of the bars. */
export function drawTimeline(svg: SVGElement, segments: readonly Segment[], seconds: number): void {
  const colour = colours(segments[0]?.scores ?? []);
  svg.replaceChildren(
    ...timelineCells(segments, seconds).map(({ label, from, to, low, high }) => {
      const cell = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      const place = { x: from / seconds, width: (to - from) / seconds, y: 1 - high, height: high - low };
      for (const [name, value] of Object.entries({ ...place, fill: colour(label) }))
        cell.setAttribute(name, String(value));
      return cell;
    }),
  );
}

/** 256 colours from black by purple and orange to pale yellow, even in lightness, as the browser mixes them. */
function mixPalette(): Uint8ClampedArray {
  const context = new OffscreenCanvas(256, 1).getContext('2d', { willReadFrequently: true })!;
  for (let i = 0; i < 256; i++) {
    const t = i / 255;
    context.fillStyle = `oklch(${0.97 * t} ${0.18 * Math.sin(Math.PI * t)} ${290 + 170 * t})`;
    context.fillRect(i, 0, 1, 1);
  }
  return context.getImageData(0, 0, 256, 1).data; // [256, RGBA]
}

function colours(scores: Segment['scores']): (label: string) => string {
  const { domain, range } = labelColours(scores.map(({ label }) => label));
  return (label) => range[domain.indexOf(label)] ?? 'gray';
}

function span(name: string, content: string | Node): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = name;
  element.append(content);
  return element;
}
