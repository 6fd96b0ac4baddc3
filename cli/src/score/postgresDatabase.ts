// postgres://… → a ledger's database on a server

import { despiteRestarts } from '../queue/restarts.ts';
import { type Database, ledgerError, type Statements } from './database.ts';

/** The tables lie in a schema of their own. */
const SCHEMA = 'speech_emotion';
const MOST_CONNECTIONS = 8;
const MOST_WAITING = 30_000;

export async function openPostgres(address: string): Promise<Database> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: address,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: MOST_WAITING,
    options: `-c search_path=${SCHEMA}`,
  });
  pool.on('error', () => {}); // of a connection that waits: the next query says so, or gets another one
  const said = (of: Pick<typeof pool, 'query'>): Statements => {
    const query: Statements['query'] = async (sql, parameters = []) => {
      try {
        return (await of.query(sql, [...parameters])).rows;
      } catch (error) {
        throw ledgerError('write', error);
      }
    };
    return {
      query,
      lock: async (key) => void (await query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key])),
    };
  };
  const inTransaction: Database['transaction'] = async (work) => {
    const client = await pool.connect().catch((error: unknown) => {
      throw ledgerError('reach', error);
    });
    client.on('error', ignored);
    let failure: Error | undefined;
    try {
      const statements = said(client);
      await statements.query('BEGIN');
      const result = await work(statements);
      await statements.query('COMMIT');
      return result;
    } catch (error) {
      failure = error as Error;
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    } finally {
      client.off('error', ignored);
      client.release(failure);
    }
  };
  const statements = said(pool);
  const database: Database = {
    bytewise: ' COLLATE "C"',
    query: (sql, parameters) => despiteRestarts(() => statements.query(sql, parameters)),
    transaction: (work) => despiteRestarts(() => inTransaction(work)),
    close: () => pool.end(),
  };
  try {
    // At once from several processes, one of them would fail. A server that is not there at all is not waited for.
    await inTransaction(async ({ query, lock }) => {
      await lock(SCHEMA);
      await query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
    });
  } catch (error) {
    await pool.end();
    throw error;
  }
  return database;
}

function ignored(): void {}
