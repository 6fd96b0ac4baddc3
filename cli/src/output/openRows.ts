// name of a format → a writer of its tables

import type { Paint } from '../terminal/colours.ts';
import type { Column, RowWriter } from './rowWriter.ts';
import type { Sink } from './sink.ts';

/** Formats of tables. */
export const ROW_FORMATS = ['table', 'bars', 'jsonl', 'csv', 'parquet'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

/** Opens a table; what writes its format is loaded now. */
export async function openRows(
  format: RowFormat,
  columns: readonly Column[],
  sink: Sink,
  paint: Paint,
): Promise<RowWriter> {
  switch (format) {
    case 'table':
      return (await import('./table.ts')).openTable(columns, sink, paint);
    case 'bars':
      return (await import('./bars.ts')).openBars(sink, paint);
    case 'jsonl':
      return (await import('./jsonLines.ts')).openJsonLines(columns, sink);
    case 'csv':
      return (await import('./csv.ts')).openCsv(columns, sink);
    case 'parquet':
      return (await import('./parquet.ts')).openParquet(columns, sink);
  }
}
