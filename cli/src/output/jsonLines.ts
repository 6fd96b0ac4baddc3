// rows → JSON Lines: an object on each line, `null` for what is missing

import type { Column, RowWriter } from './rowWriter.ts';
import type { Sink } from './sink.ts';

export function openJsonLines(columns: readonly Column[], sink: Sink): RowWriter {
  return {
    write: (row) =>
      sink.write(`${JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null])))}\n`),
    close: () => sink.close(),
    discard: () => sink.discard(),
  };
}
