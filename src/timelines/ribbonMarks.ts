// stretches → where marks and names stand beneath them

import type { PlacedStretch } from './ribbonPlace.ts';
import type { RibbonMark } from './ribbonShape.ts';

/** Width of a mark, in pixels. */
const MARK = 16;
/** From the beginning of a stretch to its mark, where it is wide enough. */
const INDENT = 8;
/** Between two marks, or a name and the next mark, at least. */
const GAP = 8;
/** A pause is only marked where its name has room. */
const MARKED_PAUSE = 110;

/** One for each change, as far as there is room for marks; those of wider stretches come first. */
export function marksOf(all: readonly PlacedStretch[], width: number): RibbonMark[] {
  const wanted = all
    .filter(({ kind, x0, x1 }) => x1 - x0 >= (kind === 'silent' ? MARKED_PAUSE : 1))
    .map((stretch) => ({ stretch, x: xOf(stretch, width) }));
  const kept: typeof wanted = [];
  for (const one of [...wanted].sort((a, b) => widthOf(b.stretch) - widthOf(a.stretch))) {
    const isFree = kept.every(({ x }) => Math.abs(x - one.x) >= MARK + GAP);
    if (one.x >= 0 && isFree) kept.push(one);
  }
  kept.sort((a, b) => a.x - b.x);
  return kept.map(({ stretch: { kind, start, end, label, second }, x }, i) => {
    const room = (kept[i + 1]?.x ?? width + GAP) - GAP - x;
    return { kind: 'mark', start, end, label, second: kind === 'unsure' ? second : undefined, x, room };
  });
}

const widthOf = ({ x0, x1 }: PlacedStretch) => x1 - x0;

/** A mark stands a little after the change, or in the middle of what is narrow. */
function xOf({ x0, x1 }: PlacedStretch, width: number): number {
  const indent = Math.min(INDENT, (x1 - x0 - MARK) / 2);
  return Math.min(Math.round(Math.max(0, x0 + indent)), Math.floor(width - MARK));
}
