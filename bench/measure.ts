// two ways of doing one thing → how many times better ours is, measured side by side

/** What a figure counts; of each, less is better. */
export type Unit = 'ms' | 's' | 'MB' | 'dispatches';

/** Median and range of a figure over the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly unit: Unit;
}

/** One comparison; a ratio above 1 means that this library is better. */
export interface Case {
  readonly case: string;
  readonly backend: string;
  readonly against: string;
  readonly ours: Spread;
  readonly theirs: Spread;
  readonly ratio: number;
  /** The least that the ratio has to be, where the aim is higher. */
  readonly floor?: number;
  readonly aim: number;
  readonly note?: string;
}

/** One run → its figure. */
export type Measurement = () => number | Promise<number>;

/** What is compared: both are run in turn, so that a busy moment of the machine hits both. */
export interface Comparison extends Omit<Case, 'ours' | 'theirs' | 'ratio'> {
  /** @default 'ms' */
  readonly unit?: Unit;
  /** How often to alternate. @default 9 */
  readonly rounds?: number;
  /** Rounds before those, which do not count: compilers and allocators get what they need. @default 2 */
  readonly warmUps?: number;
  readonly ours: Measurement;
  readonly theirs: Measurement;
}

/** Warms both up, then alternates them. */
export async function compare(comparison: Comparison): Promise<Case> {
  const { unit = 'ms', rounds = 9, warmUps = 2, ours, theirs, ...about } = comparison;
  const figures = { ours: [] as number[], theirs: [] as number[] };
  for (let round = -warmUps; round < rounds; round++) {
    const [a, b] = [await ours(), await theirs()];
    if (round < 0) continue;
    figures.ours.push(a);
    figures.theirs.push(b);
  }
  return caseOf(about, spreadOf(figures.ours, unit), spreadOf(figures.theirs, unit));
}

/** A comparison whose figures are there already. */
export function caseOf(about: Omit<Case, 'ours' | 'theirs' | 'ratio'>, ours: Spread, theirs: Spread): Case {
  return { ...about, ours, theirs, ratio: theirs.median / ours.median };
}

/** The milliseconds that a call takes; of a short one, on average over so many in a row. */
export function timed(work: () => unknown, repeats = 1): Measurement {
  return async () => {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) await work();
    return (performance.now() - start) / repeats;
  };
}

/** A figure that is the measure itself, e.g. a clip's own length. */
export function always(figure: number): Measurement {
  return () => figure;
}

/** Of an even number of figures the lower of the two in the middle, which was one that was seen. */
export function spreadOf(figures: readonly number[], unit: Unit): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] as number;
  return { median: at(0.5), min: at(0), max: at(1), unit };
}
