// figures of an audit → SVG

import type { CoveragePoint } from '../sureThreshold.ts';
import type { ReliabilityBin } from './auditResult.ts';

/** A mark of a row: a figure and its interval, on the axis of all rows. */
export interface Mark {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** `a` or `b`: which view. */
  readonly series: string;
}

/** Marks one below the other, as wide as its place: with ends of the axis, and a line at a value. */
export function rowOfMarks(marks: readonly Mark[], [from, to]: readonly [number, number], line: number): string {
  const x = (value: number) => ((100 * (Math.min(to, Math.max(from, value)) - from)) / (to - from)).toFixed(2);
  const step = 20 / (marks.length + 1);
  const drawn = marks.map(({ value, low, high, series }, i) => {
    const y = (step * (i + 1)).toFixed(1);
    const top = (step * (i + 1) - 3).toFixed(1);
    const bottom = (step * (i + 1) + 3).toFixed(1);
    return (
      `<path class="${series} interval" d="M${x(low)} ${y}H${x(high)}"/>` +
      `<path class="${series} value" d="M${x(value)} ${top}V${bottom}"/>`
    );
  });
  return `<svg class="row" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true"><path class="axis" d="M${x(line)} 0V20"/>${drawn.join('')}</svg>`;
}

const SIZE = 240;
const LEFT = 44;
const TOP = 26;
const BOTTOM = 40;
const x = (value: number) => (LEFT + SIZE * value).toFixed(1);
const y = (value: number) => (TOP + SIZE * (1 - value)).toFixed(1);

/** Accuracy over confidence: the bins' circles, of areas as their numbers of clips, along the diagonal where all is well. */
export function reliabilityChart(
  views: readonly { readonly bins: readonly ReliabilityBin[]; series: string }[],
): string {
  const drawn = views.map(({ bins, series }) => {
    const most = Math.max(...bins.map(({ clips }) => clips));
    return bins
      .map(({ confidence, accuracy, clips }) => {
        const radius = (2 + 7 * Math.sqrt(clips / most)).toFixed(1);
        return `<circle class="${series} dot" cx="${x(confidence)}" cy="${y(accuracy)}" r="${radius}"/>`;
      })
      .join('');
  });
  return square('confidence', 'accuracy', `<path class="axis" d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}"/>${drawn.join('')}`);
}

/** Accuracy among the surest over their share. */
export function coverageChart(
  views: readonly { readonly points: readonly CoveragePoint[]; readonly series: string }[],
): string {
  const drawn = views.map(({ points, series }) => {
    const path = points.map(({ coverage, accuracy }, i) => `${i === 0 ? 'M' : 'L'}${x(coverage)} ${y(accuracy)}`);
    return `<path class="${series} curve" d="${path.join('')}"/>`;
  });
  return square('share of the clips, the surest first', 'accuracy', drawn.join(''));
}

/** Both axes from 0 to 1. */
function square(across: string, up: string, content: string): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((value) => {
    const text = `${100 * value} %`;
    return (
      `<path class="grid" d="M${x(value)} ${y(0)}V${y(1)}M${x(0)} ${y(value)}H${x(1)}"/>` +
      `<text x="${x(value)}" y="${Number(y(0)) + 16}" text-anchor="middle">${text}</text>` +
      `<text x="${LEFT - 6}" y="${Number(y(value)) + 4}" text-anchor="end">${text}</text>`
    );
  });
  const width = LEFT + SIZE + 20;
  const height = TOP + SIZE + BOTTOM;
  return (
    `<svg class="square" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">${ticks.join('')}${content}` +
    `<text x="${x(0.5)}" y="${height - 4}" text-anchor="middle">${across}</text>` +
    `<text x="2" y="12">${up}</text></svg>`
  );
}
