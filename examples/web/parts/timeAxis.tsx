// a stretch of time → the labels of its axis

import { clock } from '../state/figures.ts';

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Seconds at round places, at least 72 pixels apart. */
function secondTicks(from: number, to: number, width: number): { text: string; at: number }[] {
  const wanted = ((to - from) * 72) / Math.max(72, width);
  const step = STEPS.find((one) => one >= wanted) ?? 7200;
  const ticks: { text: string; at: number }[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9; i++) {
    const second = i * step;
    const text = to < 60 ? `${Number(second.toFixed(1))} s` : clock(second);
    ticks.push({ text, at: (second - from) / (to - from) });
  }
  return ticks;
}

/** The axis beneath a ribbon. */
export function TimeAxis({ from, to, width }: { from: number; to: number; width: number }) {
  return (
    <div class="time-axis" aria-hidden="true">
      {secondTicks(from, to, width).map(({ text, at }) => (
        <span key={text} style={{ left: `${100 * at}%` }} class={at > 0.97 ? 'last' : at < 0.01 ? 'first' : undefined}>
          {text}
        </span>
      ))}
    </div>
  );
}
