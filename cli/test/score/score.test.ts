import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server as WebServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ledger } from '../../src/score/ledger.ts';
import { type Archive, comparable, HOP, makeArchive, PIECE } from './archive.ts';
import { run, start } from './program.ts';
import { missing, type Server, startPostgres, startRedis } from './servers.ts';

/* The same archive, whoever scores it and whatever happens meanwhile, gives the rows of `timeline` in a loop (the oracle). */

let folder: string;
let archive: Archive;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'score-'));
  archive = await makeArchive(join(folder, 'archive'));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

const how = ['--hop', `${HOP}`, '--piece', `${PIECE}`];

async function expectAllThere(ledger: string): Promise<void> {
  const { out } = await run('export', '--ledger', ledger, '--json');
  expect(comparable(out)).toBe(archive.rows);
  const failures = (await run('status', '--ledger', ledger, '--failures', '--json')).out.trim().split('\n');
  const reasons = failures.map((line) => JSON.parse(line) as { source: string; reason: string; fault: boolean });
  expect(reasons.map(({ source }) => source)).toEqual(Object.keys(archive.failures));
  for (const { source, reason, fault } of reasons) {
    expect(reason).toMatch(archive.failures[source]!);
    expect(fault).toBe(!source.includes('missing'));
  }
}

const doneOf = async (ledger: string) => {
  const { out } = await run('status', '--ledger', ledger, '--json');
  return out === '' ? 0 : (JSON.parse(out).pieces.done as number);
};

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await condition()) return;
    await wait(200);
  }
  throw new Error('it does not come to that');
}

describe('without a queue', () => {
  it('all is scored by threads, once; again is quick, and changes nothing', async () => {
    const ledger = join(folder, 'plain.ledger');
    const first = await run('score', ...archive.sources, '--ledger', ledger, '--threads', '2', '--json', ...how);
    expect([first.code, first.said]).toEqual([
      1,
      expect.stringMatching(/^5 of 9 recordings · .* 4 failed \(run \w+\)\n$/),
    ]);
    expect(JSON.parse(first.out)).toMatchObject({
      recordings: { waiting: 0, begun: 0, done: 5, failed: 4 },
      pieces: { all: 10 }, // 3 + 3 + 2 + 1 + 1: of those that are done
    });
    await expectAllThere(ledger);
    await run('score', ...archive.sources, '--ledger', ledger, ...how);
    await expectAllThere(ledger);
    expect((await run('retry', '--ledger', ledger)).out).toMatch(/^1 recording waits again/);
    expect((await run('score', '--ledger', ledger)).code).toBe(1);
    await expectAllThere(ledger);
    const table = join(folder, 'emotions');
    await run('export', '--ledger', ledger, '--rows', '200', '--format', 'csv', '--out', table);
    const parts = ['part-00000.csv', 'part-00001.csv'].map((name) =>
      readFileSync(join(table, name), 'utf8').trim().split('\n'),
    );
    expect(parts[0]![0]).toBe(parts[1]![0]);
    expect(parts.flatMap((lines) => lines.slice(1)).length).toBe(archive.rows.split('\n').length);
  }, 600_000);

  it('a process that is ended by SIGKILL or Ctrl-C goes on where it was', async () => {
    const ledger = join(folder, 'killed.ledger');
    for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      const { process, ended } = start('score', ...archive.sources, '--ledger', ledger, '--threads', '1', ...how);
      const before = await doneOf(ledger);
      await until(async () => (await doneOf(ledger)) > before || process.exitCode !== null);
      process.kill(signal);
      const { code } = await ended;
      expect(code).toBe({ SIGKILL: null, SIGINT: 130, SIGTERM: 143 }[signal]);
    }
    await run('score', '--ledger', ledger);
    await expectAllThere(ledger);
  }, 600_000);

  it('a full disk ends it with the reason, and what is done stays', async (context) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return context.skip('no file system can be mounted here');
    }
    try {
      const ledger = join(disk, 'ledger');
      const { code, said } = await run('score', ...archive.sources, '--ledger', ledger, '--threads', '1', ...how);
      expect([code, said]).toEqual([1, expect.stringMatching(/^Cannot write the ledger: .*(full|I\/O)/)]);
      execFileSync('mount', ['-o', 'remount,size=50m', disk]);
      await run('score', ...archive.sources, '--ledger', ledger, ...how);
      await expectAllThere(ledger);
    } finally {
      execFileSync('umount', [disk]);
    }
  }, 600_000);

  it('recordings of the web are read in parts, where their server gives them', async () => {
    let parts = 0;
    const server = await serve(archive.folder, () => parts++);
    try {
      const { port } = server.address() as AddressInfo;
      const ledger = join(folder, 'web.ledger');
      const names = ['a long.wav', 'd short.wav', 'nothing.wav'];
      const addresses = names.map((name) => `http://127.0.0.1:${port}/${encodeURIComponent(name)}`);
      const { code } = await run('score', ...addresses, '--ledger', ledger, ...how, '--threads', '1');
      expect(code).toBe(1);
      const { out } = await run('export', '--ledger', ledger, '--json');
      const wanted = archive.rows.split('\n').filter((row) => /a long|d short/.test(row));
      const named = comparable(out).replaceAll(/http:[^"]*\/([^"]*)/g, (_, name) =>
        join(archive.folder, decodeURIComponent(name)),
      );
      expect(named).toBe(wanted.join('\n'));
      expect(parts).toBeGreaterThan(10);
      expect((await run('status', '--ledger', ledger, '--failures')).out).toMatch(/nothing\.wav.*404/);
    } finally {
      server.close();
    }
  }, 300_000);

  it('shards are parts of all, none twice', async () => {
    const ledger = join(folder, 'shards.ledger');
    for (const shard of ['1/3', '2/3', '3/3']) {
      await run('score', ...archive.sources, '--shard', shard, '--ledger', ledger, '--threads', '1', ...how);
    }
    await expectAllThere(ledger);
    expect((await run('score', 'x', '--shard', '4/3')).said).toMatch(/shard must be such as 1\/3, got 4\/3/);
  }, 600_000);
});

describe.each(['redis', 'postgres'] as const)('on %s', (kind) => {
  const reason = missing(kind) ?? (kind === 'redis' ? undefined : missing('postgres'));
  let server: Server;
  beforeAll(async () => {
    if (!reason) server = await (kind === 'redis' ? startRedis() : startPostgres());
  }, 60_000);
  afterAll(() => server?.stop());
  const places = (name: string) =>
    kind === 'redis' ? ['--queue', server.url, '--ledger', join(folder, `${name}.ledger`)] : ['--queue', server.url];
  const ledgerOf = (name: string) => (kind === 'redis' ? join(folder, `${name}.ledger`) : server.url);

  it.skipIf(reason)(
    'two workers, of which one is killed again and again, and a server that is started again',
    async () => {
      const work = () => start('worker', ...places(kind), '--threads', '1', '--lock', '2');
      const scoring = start('score', ...archive.sources, ...places(kind), ...how);
      const steady = work();
      let kills = 0;
      for (let isOver = false; !isOver; kills++) {
        const victim = work();
        const before = await doneOf(ledgerOf(kind)).catch(() => 0);
        await until(async () => {
          isOver = scoring.process.exitCode !== null;
          return isOver || (await doneOf(ledgerOf(kind)).catch(() => 0)) > before;
        });
        victim.process.kill('SIGKILL');
        await victim.ended;
        if (kills === 1) await server.restart();
      }
      const { code, said } = await scoring.ended;
      expect([code, said]).toEqual([1, expect.stringMatching(/5 of 9 recordings · .* 4 failed/)]);
      await expectAllThere(ledgerOf(kind));
      steady.process.kill('SIGTERM');
      expect((await steady.ended).code).toBe(0);
      expect(kills).toBeGreaterThan(1);
    },
    900_000,
  );

  it.skipIf(reason)(
    'what failed for want of a file is tried again when it is there',
    async () => {
      // Already scored: the queue gets the recording that is missing, and a worker finds it.
      const found = await run('retry', ...places(kind));
      expect(found.out).toMatch(/^1 recording waits again/);
      const worker = start('worker', ...places(kind), '--threads', '1');
      await until(
        async () => JSON.parse((await run('status', '--ledger', ledgerOf(kind), '--json')).out).recordings.failed === 4,
      );
      worker.process.kill('SIGTERM');
      await worker.ended;
      await expectAllThere(ledgerOf(kind));
    },
    300_000,
  );

  it.skipIf(reason)(
    'a worker that has another model than a run ends, and fails nothing',
    async () => {
      const ledger = await Ledger.open(ledgerOf(kind));
      const source = join(archive.folder, 'd short.wav');
      await ledger.begin('other', JSON.stringify({ fingerprint: 'another', labels: [], options: {} }));
      await ledger.submit('other', [source]);
      await ledger.fail('other', { source, reason: 'none', fault: false });
      expect((await run('retry', ...places(kind), '--run', 'other')).out).toMatch(/^1 recording waits again/);
      const { code, said } = await run('worker', ...places(kind), '--threads', '1');
      expect([code, said]).toEqual([
        1,
        expect.stringMatching(/Cannot score: the model must be that of run other, got another one/),
      ]);
      expect((await ledger.status('other')).recordings).toEqual({ waiting: 1, begun: 0, done: 0, failed: 0 });
      await ledger.close();
    },
    120_000,
  );
});

/** A server of a folder, with ranges. */
async function serve(root: string, onPart: () => void): Promise<WebServer> {
  const server = createServer((request, response) => {
    let file: Buffer;
    try {
      file = readFileSync(join(root, basename(decodeURIComponent(request.url!))));
    } catch {
      return void response.writeHead(404).end();
    }
    const headers = { etag: '"1"', 'accept-ranges': 'bytes' };
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (from === undefined)
      return void response.writeHead(200, { ...headers, 'content-length': file.length }).end(file);
    onPart();
    const part = file.subarray(Number(from), Number(to) + 1);
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${file.length}`;
    response.writeHead(206, { ...headers, 'content-range': range, 'content-length': part.length }).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
