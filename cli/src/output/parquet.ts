// rows → Parquet, a group of rows at a time

import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column, Row, RowWriter } from './rowWriter.ts';
import type { Sink } from './sink.ts';

/** Rows in a group: what is held of the table. */
const GROUP = 10_000;

const TYPES = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT32' },
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
} as const;

export function openParquet(columns: readonly Column[], sink: Sink): RowWriter {
  const bytes = new ByteWriter();
  const flush = async () => {
    await sink.write(bytes.getBytes().slice());
    bytes.index = 0;
  };
  const file = new ParquetWriter({
    writer: Object.assign(bytes, { flush, finish: flush }),
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...TYPES[type] })),
    ],
    createdBy: 'speech-emotion',
  });
  let rows: Row[] = [];
  const writeGroup = async () => {
    const group = rows;
    rows = [];
    const columnData = columns.map(({ name }) => ({ name, data: group.map((row) => row[name] ?? null) }));
    await file.write({ columnData, rowGroupSize: GROUP });
  };
  return {
    async write(row) {
      rows.push(row);
      if (rows.length >= GROUP) await writeGroup();
    },
    async close() {
      if (rows.length > 0) await writeGroup();
      await file.finish();
      await sink.close();
    },
    discard: () => sink.discard(),
  };
}
