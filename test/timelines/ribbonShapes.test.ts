import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RibbonShape, ribbonShapes, type TimelineSegment } from '../../src/timelines/index.ts';
import { heightAt, monotoneCurve } from '../../src/timelines/monotoneCurve.ts';
import { pathPoints } from '../support/svgPath.ts';

const heard = (start: number, end: number, label: string, confidence: number, second = 'calm', sure = true) => ({
  ...{ start, end, label, confidence, sure },
  scores: [
    { label, score: confidence },
    { label: second, score: Math.min(confidence, 1 - confidence) },
  ],
});
const size = { width: 1000, height: 100 };
const kinds = (shapes: readonly RibbonShape[]) => shapes.map(({ kind }) => kind);
const bands = (shapes: readonly RibbonShape[]) => shapes.filter((shape) => shape.kind === 'band');
const strands = (shapes: readonly RibbonShape[]) => shapes.filter((shape) => shape.kind === 'strand');
const marks = (shapes: readonly RibbonShape[]) => shapes.filter((shape) => shape.kind === 'mark');
/** Half of the thickness of a path where it passes an x. */
const halfAt = (path: string, x: number) => {
  const near = pathPoints(path, 200).filter(([at]) => Math.abs(at - x) < 1.5);
  const ys = near.map(([, y]) => y);
  return (Math.max(...ys) - Math.min(...ys)) / 2;
};

/** Windows in order, of any lengths and gaps, touching, overlapping or apart. */
const anySegments = fc
  .array(
    fc.record({
      after: fc.double({ min: 0, max: 3, noNaN: true }),
      length: fc.double({ min: 0, max: 4, noNaN: true }),
      label: fc.constantFrom('a', 'b', 'c', undefined),
      second: fc.constantFrom('a', 'b', 'c', 'd'),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      sure: fc.constantFrom(true, false, undefined),
    }),
    { maxLength: 40 },
  )
  .map((all): TimelineSegment[] => {
    let start = 0;
    return all.map(({ after, length, label, second, confidence, sure }) => {
      start += after;
      if (label === undefined) return { start, end: start + length };
      return { ...heard(start, start + length, label, confidence, second), sure };
    });
  });
const anyView = fc.record({
  width: fc.double({ min: 1, max: 2000, noNaN: true }),
  height: fc.double({ min: 1, max: 200, noNaN: true }),
  from: fc.double({ min: 0, max: 20, noNaN: true }),
  seconds: fc.option(fc.double({ min: 0, max: 60, noNaN: true }), { nil: undefined }),
  ongoing: fc.boolean(),
  minConfidence: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('any ribbon (properties)', () => {
  it('lies within the picture to a tenth of a pixel, is made of numbers, and of no more shapes than its width allows', () => {
    fc.assert(
      fc.property(anySegments, anyView, (segments, view) => {
        const shapes = ribbonShapes(segments, view);
        for (const shape of shapes) {
          if (shape.kind === 'mark') {
            expect(shape.x).toBeLessThanOrEqual(Math.max(0, view.width - 16));
            expect(shape.x).toBeGreaterThanOrEqual(0);
            continue;
          }
          const paths = 'outline' in shape ? [shape.path, shape.outline] : [shape.path];
          const points = paths.flatMap((path) => pathPoints(path, 4));
          const farthest = (axis: 0 | 1, most: number) =>
            points.reduce((out, point) => Math.max(out, -point[axis], point[axis] - most), Number.NEGATIVE_INFINITY);
          expect(farthest(0, view.width)).toBeLessThan(0.1);
          expect(farthest(1, view.height)).toBeLessThan(0.1);
        }
        // stretches are 3 px wide or more, each at most a band, two shades and a mark, or two swings of strands
        expect(shapes.length).toBeLessThanOrEqual(8 + 3 * view.width);
      }),
      { numRuns: 200, endOnFailure: true }, // to make forty windows simpler takes minutes
    );
  });

  it('is the same each time, and gives marks room that does not overlap', () => {
    fc.assert(
      fc.property(anySegments, anyView, (segments, view) => {
        const shapes = ribbonShapes(segments, view);
        expect(ribbonShapes(structuredClone(segments), view)).toEqual(shapes);
        const found = marks(shapes);
        for (const [i, { x, room }] of found.entries()) {
          expect(room).toBeGreaterThanOrEqual(16);
          if (i > 0) expect(found[i - 1]!.x + found[i - 1]!.room).toBeLessThan(x);
        }
      }),
    );
  });

  it('is as thick in the middle of a band as the model is sure (oracle: certainty × height / 2)', () => {
    const confidences = fc.array(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(confidences, (all) => {
        const odd = all.length % 2 === 1 ? all : [...all, 0.5];
        const segments = odd.map((confidence, i) => heard(i, i + 1, 'sad', confidence));
        const [band] = bands(ribbonShapes(segments, size));
        expect(halfAt(band!.path, 500)).toBeCloseTo(50 * odd[(odd.length - 1) / 2]!, 0);
      }),
    );
  });
});

describe('ribbonShapes', () => {
  it('tapers to a point at a pause and where it begins and ends, and dots the pause', () => {
    const shapes = ribbonShapes([heard(0, 4, 'sad', 0.9), { start: 4, end: 6 }, heard(6, 10, 'sad', 0.9)], size);
    expect(kinds(shapes)).toEqual(['thread', 'band', 'band', 'mark', 'mark', 'mark']);
    const [thread] = shapes;
    const xs = pathPoints((thread as { path: string }).path).map(([x]) => x);
    expect(Math.min(...xs)).toBeGreaterThan(400);
    expect(Math.max(...xs)).toBeLessThan(600);
    for (const [band, from, to] of [
      [bands(shapes)[0]!, 0, 400],
      [bands(shapes)[1]!, 600, 1000],
    ] as const) {
      expect(halfAt(band.path, from)).toBeLessThan(1);
      expect(halfAt(band.path, to)).toBeLessThan(1);
    }
  });

  it('twists where the emotion changes: both bands end at the centre line, at an angle, and are shaded there', () => {
    const shapes = ribbonShapes([heard(0, 5, 'sad', 0.9), heard(5, 10, 'happy', 0.9)], size);
    expect(kinds(shapes)).toEqual(['band', 'shade', 'band', 'shade', 'mark', 'mark']);
    const ends = bands(shapes).map(({ path }) => pathPoints(path).filter(([x]) => Math.abs(x - 500) < 0.01));
    for (const end of ends) for (const [, y] of end) expect(y).toBe(50);
    const [, before, , after] = shapes as { darkest: string; start: number; end: number }[];
    expect([before!.darkest, before!.end, after!.darkest, after!.start]).toEqual(['end', 5, 'start', 5]);
    expect(halfAt(bands(shapes)[0]!.path, 490)).toBeGreaterThan(5); // a needle would have less
  });

  it('frays into two strands of the two likeliest, which lie above each other in turn', () => {
    const shapes = ribbonShapes([heard(0, 10, 'sad', 0.41, 'calm', false)], size);
    expect(new Set(strands(shapes).map(({ label }) => label))).toEqual(new Set(['sad', 'calm']));
    const above = strands(shapes).filter((_, i) => i % 2 === 1);
    for (const [i, { label, end }] of above.entries()) {
      expect(label).toBe(i % 2 === 0 ? 'sad' : 'calm');
      if (i > 0) expect(end).toBeGreaterThan(above[i - 1]!.end);
    }
    expect(marks(shapes)).toMatchObject([{ label: 'sad', second: 'calm' }]);
  });

  it('runs from a band into the strand of its colour without a line between the two', () => {
    const segments = [heard(0, 5, 'sad', 0.8), heard(5, 10, 'calm', 0.45, 'sad', false)];
    const shapes = ribbonShapes(segments, size);
    const first = strands(shapes)[1]!;
    expect(first.label).toBe('sad'); // above
    const half = (path: string) => halfAt(path, 500);
    expect(Math.abs(half(bands(shapes)[0]!.path) - half(first.path))).toBeLessThan(1);
    expect(bands(shapes)[0]!.outline.match(/M/g)).toHaveLength(1); // one line: from the end, around the point, to the end
    expect(bands(shapes)[0]!.outline).not.toContain('Z');
    expect(bands(ribbonShapes([heard(0, 5, 'fearful', 0.8), segments[1]!], size))[0]!.outline).toContain('Z');
  });

  it('is not broken by a breath of less than 0.3 s', () => {
    const around = (seconds: number) =>
      ribbonShapes([heard(0, 5, 'sad', 0.9), { start: 5, end: 5 + seconds }, heard(5 + seconds, 10, 'sad', 0.9)], size);
    expect(kinds(around(0.29))).toEqual(['band', 'mark']);
    expect(bands(around(0.31))).toHaveLength(2);
    const change = ribbonShapes([heard(0, 5, 'sad', 0.9), { start: 5, end: 5.2 }, heard(5.2, 10, 'happy', 0.9)], size);
    expect(bands(change).map(({ start, end }) => [start, end])).toEqual([
      [0, 5.1],
      [5.1, 10],
    ]);
  });

  it('is cut where it goes on beyond the picture', () => {
    const segments = [heard(0, 10, 'sad', 0.8)];
    const [cut] = bands(ribbonShapes(segments, { ...size, from: 2, seconds: 6 }));
    expect(halfAt(cut!.path, 0)).toBeCloseTo(40, 0);
    expect(halfAt(cut!.path, 1000)).toBeCloseTo(40, 0);
    expect(cut!.outline.match(/M/g)).toHaveLength(2); // above and beneath
    const [rounded] = bands(ribbonShapes(segments, { ...size, seconds: 9.9999 }));
    expect(halfAt(rounded!.path, 1000)).toBeLessThan(1); // it ends there
    const [live] = bands(ribbonShapes(segments, { ...size, ongoing: true }));
    expect(halfAt(live!.path, 0)).toBeLessThan(1);
    expect(halfAt(live!.path, 1000)).toBeCloseTo(40, 0);
  });

  it('shows what is below a confidence as not sure', () => {
    expect(strands(ribbonShapes([heard(0, 5, 'sad', 0.6)], { ...size, minConfidence: 0.7 })).length).toBeGreaterThan(0);
  });

  it('shows of three hours what is heard for most of each stretch that can be seen', () => {
    const label = (i: number) => (i % 10 === 0 ? 'angry' : i < 10_800 ? 'sad' : 'happy');
    const segments = Array.from({ length: 21_600 }, (_, i) => heard(i / 2, i / 2 + 2, label(i), 0.8));
    const shapes = ribbonShapes(segments, size);
    expect(bands(shapes).map((band) => band.label)).toEqual(['sad', 'happy']);
    expect(shapes.map(({ kind }) => kind)).toHaveLength(6);
  });

  it('is nothing but dots where nobody speaks, and nothing at all of no time', () => {
    expect(kinds(ribbonShapes([{ start: 0, end: 8 }], size))).toEqual(['thread', 'mark']);
    expect(kinds(ribbonShapes([], { ...size, seconds: 8 }))).toEqual(['thread', 'mark']);
    expect(ribbonShapes([], size)).toEqual([]);
    expect(ribbonShapes([heard(0, 2, 'sad', 0.9)], { ...size, seconds: 1e-69 })).toEqual([]);
  });

  it.each([
    [[], { height: 10 }, /Cannot draw a ribbon: width must be a number from 1/],
    [[], { ...size, seconds: -1 }, /seconds must be a number from 0/],
    [[], { ...size, ongoing: 1 }, /ongoing must be true or false/],
    [
      [{ start: 0, end: 1, label: 'a', scores: [{ label: 'a', score: Number.NaN }] }],
      size,
      /scores\[0\]\.score must be/,
    ],
    [[{ start: 2, end: 1 }], size, /segments\[0\]\.end must be/],
  ])('refuses %j, %j', (segments, options, message) => {
    expect(() => ribbonShapes(segments as never, options as never)).toThrow(message);
  });
});

describe('monotoneCurve (property)', () => {
  it('passes through its points and goes no further between two of them than they do', () => {
    const points = fc
      .array(fc.tuple(fc.double({ min: 0.1, max: 50, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
        minLength: 2,
        maxLength: 12,
      })
      .map((steps) => {
        let x = 0;
        return steps.map(([step, y]) => {
          x += step;
          return [x, y] as const;
        });
      });
    fc.assert(
      fc.property(points, fc.double({ min: 0, max: 1, noNaN: true }), (all, t) => {
        const curve = monotoneCurve(all, [9, -9]);
        for (const [x, y] of all) expect(heightAt(curve, x)).toBeCloseTo(y, 9);
        for (const [i, [x, y]] of all.slice(1).entries()) {
          const [x0, y0] = all[i]!;
          const between = heightAt(curve, x0 + t * (x - x0));
          expect(between).toBeGreaterThanOrEqual(Math.min(y0, y) - 1e-9);
          expect(between).toBeLessThanOrEqual(Math.max(y0, y) + 1e-9);
        }
      }),
    );
  });
});
