// address of a ledger → a database, SQLite or PostgreSQL, behind the same few calls

/** A row, by the names of its columns. */
export type Row = Record<string, unknown>;

/** Says SQL with parameters $1, $2, … */
export interface Statements {
  query(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Until the transaction ends, no other one holds the same key. */
  lock(key: string): Promise<void>;
}

/** A database. */
export interface Database extends Pick<Statements, 'query'> {
  /** What sorts text by its bytes, behind a column's type. */
  readonly bytewise: string;
  /** All of it or nothing, and nothing of others in between that would be seen. */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** What the ledger says no to: a full disk, a server that is away. What was to be written is not. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

/**
 * Opens a database; a file that is not there is made.
 *
 * @param address a path, or `postgres://…`
 * @throws {LedgerError} when it cannot be opened
 */
export async function openDatabase(address: string): Promise<Database> {
  try {
    if (/^postgres(ql)?:/.test(address)) return await (await import('./postgresDatabase.ts')).openPostgres(address);
    return await (await import('./sqliteDatabase.ts')).openSqlite(address);
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    throw ledgerError('open', cause);
  }
}

/** What a database threw, as a {@link LedgerError}. */
export function ledgerError(action: string, cause: unknown): LedgerError {
  if (cause instanceof LedgerError) return cause;
  const { message, code } = cause as Error & { code?: string };
  return new LedgerError(`Cannot ${action} the ledger: ${message || code || 'its database does not answer'}`, {
    cause,
  });
}
