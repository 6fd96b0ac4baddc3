import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ledger } from '../../src/score/ledger.ts';
import { left } from '../../src/score/sources.ts';
import { missing, type Server, startPostgres } from './servers.ts';

/* What a ledger has to do, written out; the same of both kinds. */

const noPostgres = missing('postgres');

describe.each(['SQLite', 'PostgreSQL'] as const)('a ledger in %s', (kind) => {
  const skipped = kind === 'PostgreSQL' && noPostgres !== undefined;
  let folder: string;
  let server: Server | undefined;
  let address: string;
  beforeAll(async () => {
    if (skipped) return;
    folder = await mkdtemp(join(tmpdir(), 'ledger-'));
    if (kind === 'PostgreSQL') server = await startPostgres();
    address = server?.url ?? join(folder, 'ledger');
  });
  afterAll(async () => {
    await server?.stop();
    if (folder) await rm(folder, { recursive: true });
  });
  const opened = async (work: (ledger: Ledger) => Promise<void>) => {
    const ledger = await Ledger.open(address);
    try {
      await work(ledger);
    } finally {
      await ledger.close();
    }
  };
  const all = async <T>(many: AsyncIterable<T>) => {
    const list: T[] = [];
    for await (const one of many) list.push(one);
    return list;
  };
  const result = (text: string) => ({ result: text, seconds: 300 });

  // Oracle: the pages that were submitted, each once.
  it.skipIf(kind === 'SQLite' || skipped)('takes in what comes while its server starts again', () =>
    opened(async (ledger) => {
      await ledger.begin('restart', '{}');
      const pages = Array.from({ length: 60 }, (_, page) =>
        Array.from({ length: 20 }, (_, i) => `${100 + page}-${100 + i}`),
      );
      const restarted = server!.restart();
      for (const page of pages) expect(await ledger.submit('restart', page)).toEqual(page);
      await restarted;
      for (const page of pages) await ledger.submit('restart', page);
      expect((await all(left(ledger, 'restart'))).flat()).toEqual(pages.flat());
    }),
  );

  it.skipIf(skipped)('has what was written when it is opened again, each piece once, by the bytes of names', () =>
    opened(async (ledger) => {
      await ledger.begin('a', '{}');
      expect(await ledger.submit('a', ['b', 'é', 'Z', 'a', 'b'])).toEqual(['b', 'é', 'Z', 'a']);
      expect(await ledger.plan('a', 'b', { sound: 's', seconds: 450, pieces: 2 })).toEqual([0, 1]);
      expect(await ledger.plan('a', 'a', { sound: 's', seconds: 450, pieces: 2 })).toEqual([0, 1]); // a copy
      await ledger.finish('a', { sound: 's', pieces: 2 }, 1, result('[2]'));
      await ledger.finish('a', { sound: 's', pieces: 2 }, 1, result('[another]'));
      expect(await ledger.plan('a', 'b', { sound: 's', seconds: 450, pieces: 2 })).toEqual([0]);
      await opened(async (other) => {
        expect(await other.submit('a', ['a', 'c'])).toEqual(['a', 'c']);
        await other.finish('a', { sound: 's', pieces: 2 }, 0, result('[1]'));
      });
      expect(await ledger.unfinished('a', '')).toEqual(['Z', 'c', 'é']);
      expect(await ledger.unfinished('a', 'c')).toEqual(['é']);
      expect(await all(ledger.results('a'))).toEqual(
        ['a', 'b'].map((source) => ({ source, sound: 's', seconds: 450, results: ['[1]', '[2]'] })),
      );
      // What comes too late changes nothing; a third copy is done at once.
      await ledger.fail('a', { source: 'b', reason: 'late', fault: true });
      expect(await ledger.plan('a', 'c', { sound: 's', seconds: 450, pieces: 2 })).toEqual([]);
      expect(await ledger.isUnfinished('a', 'c')).toBe(false);
      // Another run has nothing of it.
      expect(await ledger.submit('other', ['a'])).toEqual(['a']);
      expect(await ledger.plan('other', 'a', { sound: 's', seconds: 450, pieces: 2 })).toEqual([0, 1]);
    }),
  );

  it.skipIf(skipped)('knows the length of what is not cut from its result, and lists and retries failures', () =>
    opened(async (ledger) => {
      await ledger.begin('b', '{}');
      await ledger.submit('b', ['x', 'y', 'z']);
      await ledger.plan('b', 'x', { sound: 't', seconds: undefined, pieces: 1 });
      await ledger.finish('b', { sound: 't', pieces: 1 }, 0, { result: '[]', seconds: 12.5 });
      await ledger.fail('b', { source: 'y', reason: 'away', fault: false });
      await ledger.fail('b', { source: 'z', reason: 'damaged', fault: true });
      expect((await all(ledger.results('b')))[0]?.seconds).toBe(12.5);
      expect(await all(ledger.failures('b'))).toEqual([
        { source: 'y', reason: 'away', fault: false },
        { source: 'z', reason: 'damaged', fault: true },
      ]);
      expect(await ledger.submit('b', ['x', 'y', 'z'])).toEqual([]);
      const { recordings, pieces, hours } = await ledger.status('b');
      expect({ recordings, pieces, hours }).toEqual({
        recordings: { waiting: 0, begun: 0, done: 1, failed: 2 },
        pieces: { done: 1, all: 1 },
        hours: 12.5 / 3600,
      });
      expect(await ledger.retry('b', { all: false })).toBe(1);
      expect(await ledger.unfinished('b', '')).toEqual(['y']);
      expect(await ledger.retry('b', { all: true })).toBe(1);
      expect(await ledger.unfinished('b', '')).toEqual(['y', 'z']);
      expect((await ledger.runs())[0]).toBe('b');
    }),
  );

  it.skipIf(skipped)('marks a recording done whichever of many writers comes last', () =>
    opened(async (ledger) => {
      await ledger.submit('c', ['long']);
      await ledger.plan('c', 'long', { sound: 'u', seconds: 1, pieces: 40 });
      const many = await Promise.all([1, 2, 3].map(() => Ledger.open(address)));
      const pieces = Array.from({ length: 40 }, (_, i) => i);
      await Promise.all(pieces.map((i) => many[i % 3]!.finish('c', { sound: 'u', pieces: 40 }, i, result(`${i}`))));
      await Promise.all(many.map((one) => one.close()));
      expect((await all(ledger.results('c')))[0]?.results).toEqual(pieces.map(String));
    }),
  );

  it.skipIf(skipped)('says what is wrong with it', async () => {
    const wrong = kind === 'SQLite' ? join(folder, 'none', 'ledger') : 'postgres://nobody@127.0.0.1:1/none';
    await expect(Ledger.open(wrong)).rejects.toThrow(/^Cannot (open|reach) the ledger: /);
  });
});
