import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Normalizer } from '../../src/features/normalizer.ts';
import { fillWindow, layOutWindows, placesIn } from '../../src/model/windows.ts';

describe('layOutWindows', () => {
  const starts = (frames: number, window: number, hopFrames: number) =>
    layOutWindows(frames, { frames: window, hopFrames }).map(({ startFrame, endFrame }) => [startFrame, endFrame]);

  it('lays windows a hop apart, the last one back to the end (oracle: by hand)', () => {
    expect(starts(10, 10, 5)).toEqual([[0, 10]]);
    expect(starts(7, 10, 5)).toEqual([[0, 7]]);
    expect(starts(0, 10, 5)).toEqual([[0, 0]]);
    expect(starts(11, 10, 5)).toEqual([
      [0, 10],
      [1, 11],
    ]);
    expect(starts(20, 10, 5)).toEqual([
      [0, 10],
      [5, 15],
      [10, 20],
    ]);
    expect(starts(21, 10, 10)).toEqual([
      [0, 10],
      [10, 20],
      [11, 21],
    ]);
  });

  it('covers every frame, in ⌈(frames − window) / hop⌉ + 1 windows (oracle: closed form)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(59),
        (frames, window, h) => {
          const hopFrames = Math.min(h + 1, window);
          const ranges = layOutWindows(frames, { frames: window, hopFrames });
          const covered = new Set(
            ranges.flatMap(({ startFrame, endFrame }) =>
              Array.from({ length: endFrame - startFrame }, (_, i) => startFrame + i),
            ),
          );
          expect(covered.size).toBe(frames);
          expect(ranges.length).toBe(frames <= window ? 1 : Math.ceil((frames - window) / hopFrames) + 1);
          expect(ranges.at(-1)?.endFrame).toBe(frames);
          expect(new Set(ranges.map(({ startFrame }) => startFrame)).size).toBe(ranges.length);
        },
      ),
    );
  });
});

describe('placesIn', () => {
  it('are a frame apart, around the middle (oracle: by hand)', () => {
    expect(placesIn(6, 3, 1)).toEqual([1]);
    expect(placesIn(6, 3, 2)).toEqual([1, 2]);
    expect(placesIn(6, 4, 2)).toEqual([0, 1]);
    expect(placesIn(6, 4, 4)).toEqual([0, 1, 2]); // no room for a fourth
    expect(placesIn(5, 5, 4)).toEqual([0]);
  });

  it('cut no frame off, and are as many as asked for where there is room (oracle: property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(199), fc.nat(199), (window, f, s) => {
        const [frames, shifts] = [Math.min(f + 1, window), Math.min(s + 1, window)];
        const places = placesIn(window, frames, shifts);
        expect(new Set(places).size).toBe(Math.min(shifts, window - frames + 1));
        for (const place of places) {
          expect(place).toBeGreaterThanOrEqual(0);
          expect(place + frames).toBeLessThanOrEqual(window);
        }
      }),
    );
  });
});

describe('fillWindow', () => {
  const normalizer = new Normalizer(Float32Array.of(1, 2), Float32Array.of(2, 4));
  const matrix = { values: Float32Array.of(3, 6, 5, 10, 7, 14), frames: 3, bins: 2 }; // normalised 1 1, 2 2, 3 3
  const silence = Float32Array.of(-9, -8);
  const filled = (startFrame: number, endFrame: number, windowFrames: number, place?: number) => {
    const target = new Float32Array(windowFrames * 2).fill(77);
    const [middle] = placesIn(windowFrames, endFrame - startFrame, 1) as [number];
    fillWindow(matrix, { startFrame, endFrame }, normalizer, silence, target, place ?? middle);
    return Array.from(target);
  };

  it('normalises into the middle, silence around, the odd frame after (oracle: by hand)', () => {
    expect(filled(0, 3, 3)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(filled(1, 3, 2)).toEqual([2, 2, 3, 3]);
    expect(filled(0, 3, 6)).toEqual([-9, -8, 1, 1, 2, 2, 3, 3, -9, -8, -9, -8]);
    expect(filled(1, 2, 3)).toEqual([-9, -8, 2, 2, -9, -8]);
    expect(filled(0, 0, 1)).toEqual([-9, -8]);
  });
});
