// SVG path data of ribbons → its points, closely spaced

/** A point of a path. */
export type PathPoint = readonly [x: number, y: number];

/** Points of every subpath, curves at so many places; of arcs, which are halves of upright circles, the end. */
export function pathPoints(path: string, perCurve = 16): PathPoint[] {
  const points: PathPoint[] = [];
  let at: PathPoint = [0, 0];
  for (const [, command, text] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = Array.from(text!.matchAll(/-?\d*\.?\d+(?:e-?\d+)?/g), ([number]) => Number(number));
    if (numbers.some(Number.isNaN) || /NaN|Infinity|undefined/.test(path)) throw new Error(`no numbers: ${path}`);
    const go = (to: PathPoint) => {
      at = to;
      points.push(to);
    };
    if (command === 'M' || command === 'L') go([numbers[0]!, numbers[1]!]);
    else if (command === 'A') go([numbers[5]!, numbers[6]!]);
    else if (command === 'a') go([at[0] + numbers[5]!, at[1] + numbers[6]!]);
    else if (command === 'C') {
      const [x0, y0] = at;
      const [x1, y1, x2, y2, x3, y3] = numbers as [number, number, number, number, number, number];
      for (let i = 1; i <= perCurve; i++) {
        const t = i / perCurve;
        const mix = (a: number, b: number, c: number, d: number) =>
          (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
        go([mix(x0, x1, x2, x3), mix(y0, y1, y2, y3)]);
      }
    } else if (command !== 'Z') throw new Error(`no command of ribbons: ${command}`);
  }
  return points;
}
