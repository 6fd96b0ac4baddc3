// path → a ledger's database in a file

import { setTimeout as wait } from 'node:timers/promises';
import { type Database, LedgerError, ledgerError, type Row, type Statements } from './database.ts';

/** What Node's own SQLite and better-sqlite3 have in common. */
interface Engine {
  exec(sql: string): unknown;
  prepare(sql: string): {
    /** Whether it gives rows; better-sqlite3 only. */
    readonly reader?: boolean;
    all(...parameters: unknown[]): unknown[];
    run(...parameters: unknown[]): unknown;
  };
  close(): unknown;
}

/** Several processes may have it open: one writes at a time, and the others ask again, for so many milliseconds. */
const MOST_WAITING = 60_000;
const WAIT = 20;

export async function openSqlite(path: string): Promise<Database> {
  const engine = await openEngine(path);
  try {
    await patiently(async () =>
      engine.exec(`PRAGMA busy_timeout = ${WAIT}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`),
    );
  } catch (error) {
    engine.close();
    throw ledgerError('open', error);
  }
  const statements: Statements = {
    async query(sql, parameters = []) {
      try {
        return ask(engine, sql, parameters);
      } catch (error) {
        throw ledgerError('write', error);
      }
    },
    async lock() {}, // there is one transaction at a time
  };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  };
  return {
    bytewise: '',
    query: (sql, parameters) => inTurn(() => patiently(() => statements.query(sql, parameters))),
    transaction: (work) =>
      inTurn(async () => {
        await patiently(() => statements.query('BEGIN IMMEDIATE'));
        try {
          const result = await work(statements);
          await statements.query('COMMIT');
          return result;
        } catch (error) {
          try {
            engine.exec('ROLLBACK');
          } catch {
            // SQLite has done so itself, where the disk is full.
          }
          throw error;
        }
      }),
    close: () => inTurn(async () => void engine.close()),
  };
}

/** Does something as soon as nobody else writes. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const until = Date.now() + MOST_WAITING;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!/database is locked/.test((error as Error).message) || Date.now() > until) throw error;
      await wait(WAIT * Math.random());
    }
  }
}

async function openEngine(path: string): Promise<Engine> {
  // Node has SQLite itself from 22.13 on.
  const own = process.getBuiltinModule?.('node:sqlite' as 'node:fs') as unknown as
    | { readonly DatabaseSync: new (path: string) => Engine }
    | undefined;
  if (own) return new own.DatabaseSync(path);
  const { default: Sqlite } = await import('better-sqlite3').catch((cause: unknown) => {
    throw new LedgerError(
      'Cannot open the ledger: better-sqlite3 is not installed, as where it could not be compiled; Node 22.13 and later do without it',
      { cause },
    );
  });
  return new Sqlite(path) as unknown as Engine;
}

/** Parameters are named by number, for PostgreSQL; here they have to come as often as they are named. */
function ask(engine: Engine, sql: string, parameters: readonly unknown[]): Row[] {
  const ordered: unknown[] = [];
  const plain = sql.replace(/\$(\d+)/g, (_, number: string) => {
    ordered.push(parameters[Number(number) - 1] ?? null);
    return '?';
  });
  const statement = engine.prepare(plain);
  if (statement.reader !== false) return statement.all(...ordered) as Row[];
  statement.run(...ordered);
  return [];
}
