// lines over epochs → a chart on a canvas, as wide as its container

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

const HEIGHT = 220;
const FONT = '12px system-ui, sans-serif';

/** The style of a line. */
export interface Line {
  /** The element of the page whose colour it takes, so that the style sheet decides and captions agree. */
  readonly mark: Element;
  readonly width: number;
  readonly dash?: number[];
  readonly points?: boolean;
}

/** The axes of a chart. */
export interface Axes {
  /** The value at the right end. */
  readonly epochs: () => number;
  /** The values at the bottom and the top, if they do not follow from the data. */
  readonly range?: [number, number];
  readonly unit?: string;
}

/**
 * An empty chart, without pointer or legend.
 *
 * @param place whose colour the text has, and whose border's colour the grid
 */
export function lineChart(place: HTMLElement, lines: readonly Line[], { epochs, range, unit = '' }: Axes): uPlot {
  const style = getComputedStyle(place);
  const axis: uPlot.Axis = {
    ...{ font: FONT, labelFont: FONT, labelSize: 18 },
    stroke: () => style.color,
    grid: { stroke: () => style.borderTopColor, width: 1 },
    ticks: { stroke: () => style.borderTopColor, width: 1, size: 4 },
  };
  const series = lines.map(({ mark, width, dash = [], points = false }): uPlot.Series => {
    const stroke = () => getComputedStyle(mark).color;
    return { stroke, width, dash, spanGaps: true, points: { show: points, size: 6, fill: stroke } };
  });
  const chart = new uPlot(
    {
      ...{ width: Math.max(280, place.clientWidth), height: HEIGHT },
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: () => [0, epochs()] }, y: { range: range ? () => range : padded } },
      axes: [
        { ...axis, size: 34, label: 'epoch', incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
        { ...axis, size: 48, values: (_, ticks) => ticks.map((tick) => `${tick}${unit}`) },
      ],
      series: [{}, ...series],
    },
    [[], ...lines.map(() => [])],
    place,
  );
  new ResizeObserver(() => {
    const width = place.clientWidth; // 0 while another view is shown
    if (width > 0 && width !== chart.width) chart.setSize({ width, height: HEIGHT });
  }).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chart.redraw());
  return chart;
}

function padded(_: uPlot, low: number | null, high: number | null): [number, number] {
  return low === null || high === null ? [0, 1] : [Math.max(0, low - 0.1), high + 0.1];
}
