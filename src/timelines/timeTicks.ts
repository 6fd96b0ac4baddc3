// a stretch of seconds → the marks of its axis

/** A mark of an axis of time. */
export interface TimeTick {
  /** Where it is, from 0 at the beginning to 1 at the end. */
  readonly at: number;
  /** `5 s`; from a minute on `1:30`, from an hour on `1:30:00`. */
  readonly text: string;
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200];

/** Round moments, no more than so many. */
export function timeTicks(from: number, seconds: number, most: number): TimeTick[] {
  if (seconds <= 0) return [];
  const step = STEPS.find((one) => seconds / one <= most) ?? 86_400 * Math.ceil(seconds / 86_400 / most);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor((from + seconds) / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const second = (first + i) * step;
    return { at: (second - from) / seconds, text: clock(second, from + seconds, step) };
  });
}

function clock(second: number, end: number, step: number): string {
  if (end < 60) return `${step < 1 ? second.toFixed(1) : second} s`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const seconds = step < 1 ? (second % 60).toFixed(1).padStart(4, '0') : two(second % 60);
  if (end < 3600) return `${Math.floor(second / 60)}:${seconds}`;
  return `${Math.floor(second / 3600)}:${two((second / 60) % 60)}:${seconds}`;
}
