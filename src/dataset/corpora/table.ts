// text of a table with a header, separated by commas → its rows
//
// After RFC 4180: fields in double quotes may hold commas, line breaks, and quotes that are doubled.

/** The rows of a table, by the names in its first row. */
export function* tableRows(text: string): Generator<Readonly<Record<string, string>>> {
  const [header = [], ...rows] = records(text.replace(/^\uFEFF/, ''));
  for (const row of rows) yield Object.fromEntries(header.map((name, i) => [name.trim(), row[i] ?? '']));
}

function records(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}
