// lines over epochs → a chart, drawn in the colours of the style

import { useRef } from 'preact/hooks';
import { useWidth } from './useSize.ts';

/** A line: its points, and the class that says how it looks. */
interface ChartLine {
  readonly look: 'thin' | 'thick' | 'dashed' | 'dotted';
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A dot at each point. */
  readonly hasDots?: boolean | undefined;
}

/** What is drawn. */
export interface LineChartProps {
  readonly label: string;
  readonly lines: readonly ChartLine[];
  /** The value at the right end. */
  readonly epochs: number;
  /** The values at the bottom and the top; those of the points, if not given. */
  readonly range?: readonly [number, number] | undefined;
  readonly unit?: string | undefined;
}

const HEIGHT = 220;
/** Room for the labels of the axes, in pixels. */
const [LEFT, TOP, RIGHT, BOTTOM] = [48, 8, 8, 28];
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** The chart. Its label says what it shows. */
export function LineChart({ label, lines, epochs, range, unit = '' }: LineChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [low, high] = range ?? rangeOf(lines);
  const x = (epoch: number) => LEFT + (epoch / epochs) * (width - LEFT - RIGHT);
  const y = (value: number) => TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  return (
    <div class="chart" ref={frame}>
      {width > 0 && (
        <svg width={width} height={HEIGHT} role="img" aria-label={label}>
          {ticks(low, high, 5).map((value) => (
            <g key={value}>
              <path class="grid" d={`M${LEFT} ${y(value)}H${width - RIGHT}`} />
              <text x={LEFT - 8} y={y(value) + 4} text-anchor="end">
                {value}
                {unit}
              </text>
            </g>
          ))}
          {ticks(0, epochs, Math.max(2, width / 90), 1).map((epoch) => (
            <text key={epoch} x={x(epoch)} y={HEIGHT - 8} text-anchor={epoch === 0 ? 'start' : 'middle'}>
              {epoch === 0 ? '0 epochs' : epoch}
            </text>
          ))}
          {lines.map(({ look, points, hasDots }, i) => (
            <g key={i} class={`line ${look}`}>
              <path
                d={points
                  .map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${x(px).toFixed(1)} ${y(py).toFixed(1)}`)
                  .join('')}
              />
              {hasDots && points.map(([px, py]) => <circle key={px} cx={x(px)} cy={y(py)} r="3" />)}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

function rangeOf(lines: readonly ChartLine[]): [number, number] {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  if (values.length === 0) return [0, 1];
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return [Math.max(0, low - 0.1), high + 0.1];
}

/** Round values, so many at most, and so far apart at least. */
function ticks(low: number, high: number, most: number, least = 0): number[] {
  const step = STEPS.find((one) => one >= least && (high - low) / one <= most) ?? 1000;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toFixed(3)));
}
