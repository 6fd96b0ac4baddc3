import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRows, type RowFormat } from '../../src/output/openRows.ts';
import type { Column, Row } from '../../src/output/rowWriter.ts';
import { type Sink, toFile } from '../../src/output/sink.ts';
import { query } from '../support/duckDb.ts';
import { emptyFolder } from '../support/folder.ts';

const COLUMNS: Column[] = [
  { name: 'file', type: 'string' },
  { name: 'channel', type: 'integer' },
  { name: 'start', type: 'number' },
  { name: 'speech', type: 'boolean' },
  { name: 'score_a "b", c', type: 'number' },
];
const AWKWARD = ['a,b', 'say "no"', 'two\nlines', 'two\r\nlines', ' spaces ', 'µ 😀', "'", '=1+1', 'null', '-'];

const row = fc.record({
  file: fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'grapheme', minLength: 1 })),
  channel: fc.option(fc.integer({ min: 0, max: 63 }), { nil: undefined }),
  start: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
  speech: fc.option(fc.boolean(), { nil: undefined }),
  'score_a "b", c': fc.option(fc.float({ noNaN: true, min: 0, max: 1 }), { nil: undefined }),
});

const plain = (_: unknown, text: string) => text;
const missing = (rows: readonly Row[]) =>
  rows.map((own) => Object.fromEntries(COLUMNS.map(({ name }) => [name, own[name] ?? null])));

async function written(format: RowFormat, rows: readonly Row[], path: string): Promise<void> {
  const writer = await openRows(format, COLUMNS, await toFile(path), plain);
  for (const own of rows) await writer.write(own);
  await writer.close();
}

/** What DuckDB reads is what was written; -0 is 0 there. */
const same = (found: unknown, wanted: unknown) =>
  expect(JSON.parse(JSON.stringify(found))).toEqual(JSON.parse(JSON.stringify(wanted)));

describe('tables are read again as they were written (property)', () => {
  it('Parquet (oracle: DuckDB)', async () => {
    const path = join(await emptyFolder(), 'rows.parquet');
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
        await written('parquet', rows, path);
        same(await query(`select * from read_parquet('${path}')`), missing(rows));
      }),
      { numRuns: 30 },
    );
  });

  it('JSON Lines (oracle: DuckDB, and a line for each row)', async () => {
    const path = join(await emptyFolder(), 'rows.jsonl');
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        await written('jsonl', rows, path);
        const lines = (await readFile(path, 'utf8')).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(missing(rows))));
        const types = `{file: 'VARCHAR', channel: 'INTEGER', start: 'DOUBLE', speech: 'BOOLEAN', 'score_a "b", c': 'DOUBLE'}`;
        same(
          await query(`select * from read_json('${path}', format = 'newline_delimited', columns = ${types})`),
          missing(rows),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('CSV (oracle: another parser of RFC 4180)', async () => {
    const path = join(await emptyFolder(), 'rows.csv');
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
        await written('csv', rows, path);
        const text = await readFile(path, 'utf8');
        const [head, ...found] = parse(text, { record_delimiter: '\r\n' }) as string[][];
        expect(head).toEqual(COLUMNS.map(({ name }) => name));
        expect(found).toEqual(rows.map((own) => COLUMNS.map(({ name }) => String((own as Row)[name] ?? ''))));
      }),
      { numRuns: 100 },
    );
  });
});

describe('Parquet', () => {
  it('is written a group of rows at a time, and never held', async () => {
    const pieces: Uint8Array[] = [];
    const sink: Sink = {
      write: async (data) => void pieces.push(data as Uint8Array),
      close: async () => {},
      discard: async () => {},
    };
    const writer = await openRows('parquet', COLUMNS, sink, plain);
    for (let i = 0; i < 25_000; i++) await writer.write({ file: `f${i}`, channel: i % 2, start: i / 2 });
    expect(pieces).toHaveLength(2);
    await writer.close();
    const path = join(await emptyFolder(), 'rows.parquet');
    await writeFile(path, Buffer.concat(pieces));
    const [sums] = await query(`select count(*) as n, sum(start) as s, max(channel) as c from read_parquet('${path}')`);
    expect(sums).toEqual({ n: 25_000, s: (25_000 * 24_999) / 4, c: 1 });
    const groups = await query(
      `select distinct row_group_id as id, row_group_num_rows as rows from parquet_metadata('${path}') order by id`,
    );
    expect(groups.map(({ rows }) => rows)).toEqual([10_000, 10_000, 5000]);
  });
});

describe('a file', () => {
  it('is there when it is whole, and the one before until then', async () => {
    const folder = await emptyFolder();
    const path = join(folder, 'deep/er/a.csv');
    const first = await toFile(path);
    await first.write('old');
    await first.close();
    const second = await toFile(path);
    await second.write('n');
    await second.write('ew');
    expect(await readFile(path, 'utf8')).toBe('old');
    await second.close();
    expect(await readFile(path, 'utf8')).toBe('new');
    const third = await toFile(path);
    await third.write('half');
    await third.discard();
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(join(folder, 'deep/er'))).toEqual(['a.csv']);
  });
});
