// Debian's Redis and PostgreSQL → servers of the tests' own, on loopback, in a folder of their own

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A server that runs. */
export interface Server {
  readonly url: string;
  /** Ends it at once and starts it again, with what it had written. */
  restart(): Promise<void>;
  /** What it holds: Redis' `used_memory`, or the size of PostgreSQL's tables and their indices. */
  bytes(): Promise<number>;
  stop(): Promise<void>;
}

const REDIS = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(existsSync);
const POSTGRES = postgresFolder();

/** Why there is no server of a kind; undefined where there is one. CI has both. */
export function missing(kind: 'redis' | 'postgres'): string | undefined {
  if (kind === 'redis' ? REDIS : POSTGRES) return undefined;
  if (process.env.SERVERS_REQUIRED) throw new Error(`${kind} must be installed`);
  return `${kind} is not installed`;
}

export async function startRedis(): Promise<Server> {
  const [folder, port] = [mkdtempSync(join(tmpdir(), 'redis-')), await freePort()];
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', ''];
  const start = () => spawn(REDIS!, [...options, '--appendfsync', 'always'], { stdio: 'ignore' });
  const bytes = async () => {
    const { stdout } = await ask('redis-cli', ['-p', `${port}`, 'info', 'memory']);
    return Number(/^used_memory:(\d+)/m.exec(stdout)![1]);
  };
  return running({ folder, start, bytes, url: `redis://127.0.0.1:${port}` });
}

export async function startPostgres(): Promise<Server> {
  const [folder, port] = [mkdtempSync(join(tmpdir(), 'postgres-')), await freePort()];
  // It does not run as root.
  const user = process.getuid?.() === 0 ? 'postgres' : undefined;
  const ids = user && { uid: idOf(user, '-u'), gid: idOf(user, '-g') };
  if (user) execFileSync('chown', [user, folder]);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const how = { ...ids, cwd: folder, stdio: 'ignore' as const };
  execFileSync(join(POSTGRES!, 'initdb'), ['-D', data, '-U', 'tests', '-A', 'trust', '-E', 'UTF8', '--no-sync'], how);
  const options = ['-D', data, '-p', `${port}`, '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
  const start = () => spawn(join(POSTGRES!, 'postgres'), options, how);
  const url = `postgres://tests@127.0.0.1:${port}/postgres`;
  const bytes = async () => Number((await ask(join(POSTGRES!, 'psql'), ['-At', '-c', SIZE, url])).stdout);
  return running({ folder, start, bytes, url });
}

const ask = promisify(execFile);
const SIZE = `SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_stat_user_tables`;

interface Running extends Pick<Server, 'url' | 'bytes'> {
  readonly folder: string;
  readonly start: () => ChildProcess;
}

async function running({ folder, start, bytes, url }: Running): Promise<Server> {
  let server = start();
  const ended = () =>
    new Promise<void>((resolve) => (server.exitCode === null ? server.once('exit', () => resolve()) : resolve()));
  const end = async (signal: NodeJS.Signals) => {
    const over = ended();
    server.kill(signal);
    await over;
  };
  await answers(bytes);
  return {
    ...{ url, bytes },
    async restart() {
      await end('SIGINT'); // PostgreSQL's "fast"
      server = start();
      await answers(bytes);
    },
    async stop() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that is open is not enough: PostgreSQL listens before it takes anybody in. */
async function answers(bytes: () => Promise<number>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await bytes().then(Number.isFinite, () => false)) return;
    await wait(100);
  }
  throw new Error('the server does not start');
}

function postgresFolder(): string | undefined {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort() : [];
  return versions
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .findLast((folder) => existsSync(join(folder, 'initdb')));
}

function idOf(user: string, which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, user]).toString());
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
