// scores of a recording → bars, SVG

import { labelColours } from '../drawing/colours.ts';
import { toSvg } from './chart.ts';

/** One bar per label, the most probable on top, in the colours of a light or of a dark page. */
export function probabilityBars(
  scores: readonly { readonly label: string; readonly score: number }[],
  theme: 'light' | 'dark' = 'light',
): Promise<string> {
  const order = scores.map(({ label }) => label);
  const percent = scores.map(({ label, score }) => ({ label, score, text: `${(100 * score).toFixed(1)} %` }));
  return toSvg({
    width: 420,
    height: { step: 22 },
    data: { values: percent },
    encoding: {
      y: {
        field: 'label',
        type: 'nominal',
        sort: order,
        title: null,
        axis: { ticks: false, domain: false, labelPadding: 6 },
      },
      x: {
        field: 'score',
        type: 'quantitative',
        title: null,
        scale: { domain: [0, 1] },
        axis: { format: '.0%', grid: true, domain: false, ticks: false, tickCount: 5 },
      },
    },
    layer: [
      {
        mark: { type: 'bar', height: { band: 0.7 } },
        encoding: { color: { field: 'label', type: 'nominal', scale: labelColours(order, theme), legend: null } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 5, fontSize: 11, fill: 'currentColor' },
        encoding: { text: { field: 'text' } },
      },
    ],
  });
}
