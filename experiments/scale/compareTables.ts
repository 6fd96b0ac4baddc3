// two tables of an archive → rows that one of them lacks, has twice, or has otherwise

import type { RowCounts } from './scaleFile.ts';

/** Nothing compared yet. */
export const NO_ROWS: RowCounts = { wanted: 0, missing: 0, twice: 0, differing: 0, odd: 0 };

/** Rows by their recording and its moment, failures by their recording: JSON Lines of `export` and of `status --failures`. */
export function compareTables(wanted: string, found: string): RowCounts {
  const [expected, got] = [byKey(wanted), byKey(found)];
  const count = (holds: (key: string) => boolean, keys: Iterable<string>) => [...keys].filter(holds).length;
  return {
    wanted: expected.size,
    missing: count((key) => !got.has(key), expected.keys()),
    twice: count((key) => got.get(key)!.length > 1, got.keys()),
    differing: count(
      (key) => got.has(key) && got.get(key)!.some((row) => row !== expected.get(key)![0]),
      expected.keys(),
    ),
    odd: count((key) => !expected.has(key), got.keys()),
  };
}

/** What two comparisons found together. */
export function addRows(some: RowCounts, others: RowCounts): RowCounts {
  return {
    wanted: some.wanted + others.wanted,
    missing: some.missing + others.missing,
    twice: some.twice + others.twice,
    differing: some.differing + others.differing,
    odd: some.odd + others.odd,
  };
}

function byKey(table: string): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  for (const row of table.split('\n').filter(Boolean)) {
    const { file, start, source } = JSON.parse(row) as { file?: string; start?: number; source?: string };
    const key = JSON.stringify([file ?? source, start]);
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  return rows;
}
