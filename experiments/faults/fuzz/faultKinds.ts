// faults one by one → kinds of faults, each with the inputs that show it

import type { FaultKind } from './judge.ts';

/** Of one kind: how many, and the indices of the first. */
interface FaultRecord {
  readonly verdict: FaultKind;
  readonly what: string;
  readonly count: number;
  readonly indices: readonly number[];
}

/** By verdict and words. */
export type Faults = Record<string, FaultRecord>;

const KEPT = 5;

/** Counts a fault among those of its kind: the same verdict, and the same words but for numbers, names, and what was got. */
export function noteFault(faults: Faults, index: number, verdict: FaultKind, words: string): void {
  const what = words.replaceAll(/\s+/g, ' ').slice(0, 300);
  const general = what.replace(/, got .*?($| \()/, '$1').replace(/'[^']*'|"[^"]*"|-?\d[\d.e+-]*/g, '…');
  const key = `${verdict}: ${general.slice(0, 120)}`;
  const { count, indices, what: first } = faults[key] ?? { count: 0, indices: [], what };
  faults[key] = {
    verdict,
    what: first,
    count: count + 1,
    indices: indices.length < KEPT ? [...indices, index] : indices,
  };
}

/** Kinds of several processes as one. */
export function joinFaults(all: readonly Faults[]): Faults {
  const joined: Faults = {};
  for (const [key, record] of all.flatMap((faults) => Object.entries(faults))) {
    const { count, indices } = joined[key] ?? { count: 0, indices: [] };
    const both = [...indices, ...record.indices].sort((a, b) => a - b).slice(0, KEPT);
    joined[key] = { ...record, count: count + record.count, indices: both };
  }
  return joined;
}

/** How many faults there are of one verdict. */
export function countOf(faults: Faults, verdict: FaultKind): number {
  return Object.values(faults).reduce((sum, record) => sum + (record.verdict === verdict ? record.count : 0), 0);
}
