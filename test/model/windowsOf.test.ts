// Oracle: layOutWindows, given the number of frames.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { layOutWindows } from '../../src/model/windows.ts';
import { windowsOf } from '../../src/model/windowsOf.ts';

it('gives the windows of layOutWindows, however the frames come (property)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(40), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 60 }),
      async (pieces, frames, hopFrames) => {
        const total = pieces.reduce((sum, count) => sum + count, 0);
        fc.pre(total > 0);
        const given = [];
        for await (const window of windowsOf(numbered(pieces), { frames, hopFrames })) given.push(window);
        expect(given.map(({ range }) => range)).toEqual(layOutWindows(total, { frames, hopFrames }));
        expect(given.map(({ isLast }) => isLast)).toEqual(given.map((_, i) => i === given.length - 1));
        for (const { values, range, frames: count } of given) {
          const expected = Array.from({ length: 2 * count }, (_, i) => 2 * range.startFrame + i);
          expect(Array.from(values)).toEqual(expected);
        }
      },
    ),
  );
});

/** Frames of two bins, whose values say where they belong. */
async function* numbered(pieces: readonly number[]) {
  let at = 0;
  for (const frames of pieces) {
    yield { values: Float32Array.from({ length: 2 * frames }, (_, i) => 2 * at + i), frames, bins: 2 };
    at += frames;
  }
}
