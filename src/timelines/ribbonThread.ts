// a stretch without speech → a row of dots

import { places } from './ribbonBand.ts';
import type { PlacedStretch } from './ribbonPlace.ts';
import type { RibbonThread } from './ribbonShape.ts';

/** From dot to dot, in pixels; dots of all threads stand on one grid. */
const STEP = 8;
const RADIUS = 1.5;
/** From a band's point to the first dot. */
const GAP = 4;

/** No thread where there is no room for a dot. */
export function threadOf({ start, end, x0, x1 }: PlacedStretch, middle: number): RibbonThread[] {
  const first = Math.ceil((x0 + GAP) / STEP);
  const last = Math.floor((x1 - GAP) / STEP);
  const dots = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => dot(STEP * (first + i), middle));
  return dots.length === 0 ? [] : [{ kind: 'thread', start, end, path: dots.join('') }];
}

function dot(x: number, y: number): string {
  const radius = Math.min(RADIUS, y);
  const half = `a${places(radius)} ${places(radius)} 0 0 0`;
  return `M${places(x - radius)} ${places(y)}${half} ${places(2 * radius)} 0${half} ${places(-2 * radius)} 0Z`;
}
