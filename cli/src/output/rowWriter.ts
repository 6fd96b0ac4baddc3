// rows → a table of some format

/** A column: its name in files, and what is in it. Any value may be missing. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean';
}

/** A row: values by the names of their columns. */
export type Row = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes a table row by row, without holding it. */
export interface RowWriter {
  /** Waits until there is room for more. */
  write(row: Row): Promise<void>;
  /** Ends the table: what has been written is whole, however little it is. */
  close(): Promise<void>;
  /** It did not come to a good end: nothing is left of a file. */
  discard(): Promise<void>;
}
