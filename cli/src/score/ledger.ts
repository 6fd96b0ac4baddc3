// a database → what has been scored, and what is to be
//
// A result and its 'done' are one row, which is written once: doing a piece twice changes nothing. What was done is known by the sound,
// not by its name; a recording is done when all of its pieces are.

import { type Database, openDatabase, type Row, type Statements } from './database.ts';

/** How a recording was cut. */
export interface RecordingPlan {
  /** A hash of its bytes. */
  readonly sound: string;
  /** Undefined where that is known only when it has been decoded. */
  readonly seconds: number | undefined;
  readonly pieces: number;
}

/** What has become of the recordings of a run. */
export interface RunStatus {
  readonly recordings: {
    readonly waiting: number;
    readonly begun: number;
    readonly done: number;
    readonly failed: number;
  };
  /** Of the recordings that were looked at. */
  readonly pieces: { readonly done: number; readonly all: number };
  /** Hours of sound that are done. */
  readonly hours: number;
  /** Hours of sound an hour, over the last minutes in which anything was done. */
  readonly rate: number | undefined;
}

/** A recording that could not be scored. */
export interface Failure {
  readonly source: string;
  readonly reason: string;
  /** Whether the recording is at fault: another try would end alike. */
  readonly fault: boolean;
}

/** The results of a recording. */
export interface ScoredRecording {
  readonly source: string;
  readonly sound: string;
  readonly seconds: number;
  /** As they were written, in order. */
  readonly results: readonly string[];
}

/** Recordings that are read, or written, at once. */
export const PAGE = 500;
/** Seconds over which the rate is measured. */
const RATE_SECONDS = 600;

/** The ledger of an archive. */
export class Ledger {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** @throws {LedgerError} when it cannot be opened */
  static async open(address: string): Promise<Ledger> {
    const database = await openDatabase(address);
    try {
      await database.transaction((statements) => makeTables(statements, database.bytewise));
      return new Ledger(database);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** Notes how a run scores; the same again changes nothing. */
  async begin(run: string, settings: string): Promise<void> {
    await this.#database.query(
      'INSERT INTO runs (run, settings, created) VALUES ($1, $2, $3) ON CONFLICT (run) DO UPDATE SET created = $3',
      [run, settings, Date.now() / 1000],
    );
  }

  /** How a run scores; undefined where it is not known. */
  async settings(run: string): Promise<string | undefined> {
    const [row] = await this.#database.query('SELECT settings FROM runs WHERE run = $1', [run]);
    return row?.settings as string | undefined;
  }

  /** All runs, the one that was begun last first. */
  async runs(): Promise<string[]> {
    return (await this.#database.query('SELECT run FROM runs ORDER BY created DESC, run')).map(
      ({ run }) => run as string,
    );
  }

  /** Takes recordings in; those are returned that are neither done nor failed. */
  async submit(run: string, sources: readonly string[]): Promise<string[]> {
    if (sources.length === 0) return [];
    const places = sources.map((_, i) => `($1, $${i + 2}, 'waiting')`);
    const names = sources.map((_, i) => `$${i + 2}`);
    return this.#database.transaction(async ({ query }) => {
      await query(
        `INSERT INTO recordings (run, source, state) VALUES ${places.join(', ')} ON CONFLICT (run, source) DO NOTHING`,
        [run, ...sources],
      );
      const rows = await query(
        `SELECT source FROM recordings WHERE run = $1 AND source IN (${names.join(', ')}) AND state IN ('waiting', 'begun')`,
        [run, ...sources],
      );
      const open = new Set(rows.map(({ source }) => source));
      return sources.filter((source) => open.delete(source));
    });
  }

  /** Recordings that are neither done nor failed, by their names, those behind one. */
  async unfinished(run: string, after: string): Promise<string[]> {
    const rows = await this.#database.query(
      `SELECT source FROM recordings WHERE run = $1 AND source > $2 AND state IN ('waiting', 'begun') ORDER BY source LIMIT ${PAGE}`,
      [run, after],
    );
    return rows.map(({ source }) => source as string);
  }

  /** Whether a recording is neither done nor failed. */
  async isUnfinished(run: string, source: string): Promise<boolean> {
    const [row] = await this.#database.query('SELECT state FROM recordings WHERE run = $1 AND source = $2', [
      run,
      source,
    ]);
    return row?.state === 'waiting' || row?.state === 'begun';
  }

  /** Notes how a recording is cut, and says which pieces are missing. */
  async plan(run: string, source: string, { sound, seconds, pieces }: RecordingPlan): Promise<number[]> {
    return this.#database.transaction(async (statements) => {
      await statements.lock(`${run} ${sound}`);
      await statements.query(
        `UPDATE recordings SET state = 'begun', sound = $3, seconds = $4, pieces = $5, reason = NULL
         WHERE run = $1 AND source = $2 AND state <> 'done'`,
        [run, source, sound, seconds ?? null, pieces],
      );
      const done = new Set(
        (
          await statements.query('SELECT piece FROM pieces WHERE run = $1 AND sound = $2 AND pieces = $3', [
            ...[run, sound, pieces],
          ])
        ).map(({ piece }) => piece),
      );
      if (done.size === pieces) await markDone(statements, run, sound, pieces);
      return Array.from({ length: pieces }, (_, i) => i).filter((piece) => !done.has(piece));
    });
  }

  /** Writes the result of a piece. */
  async finish(
    run: string,
    { sound, pieces }: Pick<RecordingPlan, 'sound' | 'pieces'>,
    piece: number,
    { result, seconds }: { readonly result: string; readonly seconds: number },
  ): Promise<void> {
    await this.#database.transaction(async (statements) => {
      await statements.lock(`${run} ${sound}`);
      await statements.query(
        `INSERT INTO pieces (run, sound, pieces, piece, seconds, result, finished) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (run, sound, pieces, piece) DO NOTHING`,
        [run, sound, pieces, piece, seconds, result, Date.now() / 1000],
      );
      const [row] = await statements.query(
        'SELECT CAST(count(*) AS INTEGER) AS done FROM pieces WHERE run = $1 AND sound = $2 AND pieces = $3',
        [run, sound, pieces],
      );
      if (row?.done === pieces) await markDone(statements, run, sound, pieces);
    });
  }

  /** Notes why a recording cannot be scored. */
  async fail(run: string, { source, reason, fault }: Failure): Promise<void> {
    await this.#database.query(
      `UPDATE recordings SET state = 'failed', reason = $3, fault = $4 WHERE run = $1 AND source = $2 AND state <> 'done'`,
      [run, source, reason.replaceAll('\0', ''), fault ? 1 : 0],
    );
  }

  /**
   * Lets recordings that have failed be tried again.
   *
   * @param all those, too, that are at fault themselves
   * @returns how many
   */
  async retry(run: string, { all }: { readonly all: boolean }): Promise<number> {
    const rows = await this.#database.query(
      `UPDATE recordings SET state = 'waiting', reason = NULL WHERE run = $1 AND state = 'failed' AND fault <= $2 RETURNING source`,
      [run, all ? 1 : 0],
    );
    return rows.length;
  }

  async *failures(run: string): AsyncGenerator<Failure, void, undefined> {
    for await (const { source, reason, fault } of this.#recordings(run, 'failed')) {
      yield { source: source as string, reason: reason as string, fault: fault === 1 };
    }
  }

  async status(run: string): Promise<RunStatus> {
    const states = await this.#database.query(
      'SELECT state, CAST(count(*) AS INTEGER) AS many, CAST(sum(pieces) AS INTEGER) AS pieces FROM recordings WHERE run = $1 GROUP BY state',
      [run],
    );
    const of = (state: string) => states.find((row) => row.state === state);
    const many = (state: string) => (of(state)?.many as number | undefined) ?? 0;
    const [sums] = await this.#database.query(
      'SELECT CAST(count(*) AS INTEGER) AS many, sum(seconds) AS seconds, max(finished) AS last FROM pieces WHERE run = $1',
      [run],
    );
    const last = (sums?.last as number | null) ?? 0;
    const [recent] = await this.#database.query(
      'SELECT sum(seconds) AS seconds, min(finished) AS first FROM pieces WHERE run = $1 AND finished > $2',
      [run, last - RATE_SECONDS],
    );
    const span = last - ((recent?.first as number | null) ?? 0);
    const planned = ['begun', 'done'].reduce((sum, state) => sum + ((of(state)?.pieces as number | null) ?? 0), 0);
    return {
      recordings: { waiting: many('waiting'), begun: many('begun'), done: many('done'), failed: many('failed') },
      pieces: { done: (sums?.many as number | undefined) ?? 0, all: planned },
      hours: ((sums?.seconds as number | null) ?? 0) / 3600,
      rate: recent?.seconds && span > 0 ? (recent.seconds as number) / span : undefined,
    };
  }

  /** The recordings that are done, by their names, with all of their results. */
  async *results(run: string): AsyncGenerator<ScoredRecording, void, undefined> {
    for await (const { source, sound, seconds, pieces } of this.#recordings(run, 'done')) {
      const rows = await this.#database.query(
        'SELECT result FROM pieces WHERE run = $1 AND sound = $2 AND pieces = $3 ORDER BY piece',
        [run, sound, pieces],
      );
      const results = rows.map(({ result }) => result as string);
      yield { source: source as string, sound: sound as string, seconds: seconds as number, results };
    }
  }

  async *#recordings(run: string, state: 'done' | 'failed'): AsyncGenerator<Row, void, undefined> {
    for (let after = ''; ; ) {
      const page = await this.#database.query(
        `SELECT * FROM recordings WHERE run = $1 AND state = $2 AND source > $3 ORDER BY source LIMIT ${PAGE}`,
        [run, state, after],
      );
      yield* page;
      if (page.length < PAGE) return;
      after = page.at(-1)!.source as string;
    }
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}

async function makeTables(statements: Statements, bytewise: string): Promise<void> {
  await statements.lock('tables');
  await statements.query(
    'CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY, settings TEXT NOT NULL, created DOUBLE PRECISION NOT NULL)',
  );
  await statements.query(
    `CREATE TABLE IF NOT EXISTS recordings (
       run TEXT NOT NULL, source TEXT${bytewise} NOT NULL, state TEXT NOT NULL, sound TEXT, seconds DOUBLE PRECISION,
       pieces INTEGER, reason TEXT, fault INTEGER, PRIMARY KEY (run, source))`,
  );
  await statements.query(
    `CREATE TABLE IF NOT EXISTS pieces (
       run TEXT NOT NULL, sound TEXT NOT NULL, pieces INTEGER NOT NULL, piece INTEGER NOT NULL,
       seconds DOUBLE PRECISION NOT NULL, result TEXT NOT NULL, finished DOUBLE PRECISION NOT NULL,
       PRIMARY KEY (run, sound, pieces, piece))`,
  );
  await statements.query('CREATE INDEX IF NOT EXISTS recordings_by_sound ON recordings (run, sound)');
  await statements.query('CREATE INDEX IF NOT EXISTS recordings_by_state ON recordings (run, state, source)');
  await statements.query('CREATE INDEX IF NOT EXISTS pieces_by_time ON pieces (run, finished)');
}

/** The recordings of a sound, all of whose pieces are there. */
async function markDone({ query }: Statements, run: string, sound: string, pieces: number): Promise<void> {
  await query(
    `UPDATE recordings SET state = 'done', reason = NULL, seconds = coalesce(seconds,
       (SELECT max(seconds) FROM pieces WHERE run = $1 AND sound = $2 AND pieces = $3))
     WHERE run = $1 AND sound = $2 AND pieces = $3 AND state = 'begun'`,
    [run, sound, pieces],
  );
}
