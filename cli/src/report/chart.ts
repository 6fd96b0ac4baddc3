// a Vega-Lite specification → SVG text

import { parse, View } from 'vega';
import { type Config, compile, type TopLevelSpec } from 'vega-lite';

/** One of several charts, one above the other. */
export type Panel = Extract<TopLevelSpec, { vconcat: unknown }>['vconcat'][number];

/** `currentColor` follows the light or dark theme of a page; in a file of its own it is black. */
const config: Config = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  aria: false, // the page has a text for each chart
  view: { stroke: null },
  title: { color: 'currentColor', anchor: 'start', fontSize: 13, fontWeight: 600 },
  axis: {
    domainColor: 'currentColor',
    tickColor: 'currentColor',
    labelColor: 'currentColor',
    titleColor: 'currentColor',
    gridColor: '#80808040',
    titleFontWeight: 'normal',
    labelFontSize: 11,
    titleFontSize: 12,
  },
  legend: { labelColor: 'currentColor', titleColor: 'currentColor', labelFontSize: 12, titleFontWeight: 'normal' },
};

/** Draws a chart without a DOM. */
export async function toSvg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec, { config }).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
