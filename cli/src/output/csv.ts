// rows → CSV with a header, by RFC 4180; what is missing is empty

import type { Column, Row, RowWriter } from './rowWriter.ts';
import type { Sink } from './sink.ts';

export function openCsv(columns: readonly Column[], sink: Sink): RowWriter {
  let isBegun = false;
  const line = (values: readonly Row[string][]) => `${values.map(field).join(',')}\r\n`;
  const begin = async () => {
    if (!isBegun) await sink.write(line(columns.map(({ name }) => name)));
    isBegun = true;
  };
  return {
    async write(row) {
      await begin();
      await sink.write(line(columns.map(({ name }) => row[name])));
    },
    async close() {
      await begin();
      await sink.close();
    },
    discard: () => sink.discard(),
  };
}

/** Quoted where it has a comma, a quote, a line end, or a space that a reader might take away. */
function field(value: Row[string]): string {
  const text = String(value ?? '');
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
