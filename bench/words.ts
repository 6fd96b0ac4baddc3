// figures → text, for the console and for docs/performance.md

import type { Spread } from './measure.ts';

/** Three digits that count: `123.4` → `123`, `0.01234` → `0.0123`. */
export function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The median, and the range where there is one: `12.3 ms (11.9 to 14)`. */
export function inWords({ median, min, max, unit }: Spread): string {
  const range = min === max ? '' : ` (${threeDigits(min)} to ${threeDigits(max)})`;
  return `${threeDigits(median)} ${unit}${range}`;
}
