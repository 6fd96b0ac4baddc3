// a queue → pages that show what is in it, for those who run it
//
// They are bull-board's, and can be looked at only: what is to be tried again, `retry` tells the ledger as well. Whatever is loaded comes
// from here: no fonts of others, to whom the browser would tell where it is.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ServerType } from '@hono/node-server';
import type { Context, Next } from 'hono';
import { isLoopback } from '../commandLine/loopback.ts';
import type { RemoteQueue } from './bullQueue.ts';

/** Pages that are served. */
export interface Dashboard {
  /** Their address, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  close(): Promise<void>;
}

const POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

/**
 * Serves the pages.
 *
 * @throws {Error} when what serves them is not installed; as the system has it, when it cannot listen there
 */
export async function openDashboard(queue: RemoteQueue, host: string, port: number): Promise<Dashboard> {
  const { createBullBoard, BullMQAdapter, HonoAdapter, Hono, serve, serveStatic } = await load();
  const board = new HonoAdapter(serveStatic);
  const uiConfig = { boardTitle: 'speech-emotion' };
  createBullBoard({
    ...{ queues: [new BullMQAdapter(queue, { readOnlyMode: true })], serverAdapter: board },
    options: { uiConfig },
  });
  const app = new Hono();
  app.use(isLoopback(host) ? onlyFromHere : pass);
  app.use(onlyLooks);
  app.use('/api/*', withoutSecrets);
  app.route('/', board.registerPlugin());
  const server = serve({ fetch: app.fetch, hostname: host, port });
  await once(server, 'listening');
  const { address, family, port: chosen } = server.address() as AddressInfo;
  const name = family === 'IPv6' ? `[${address}]` : address;
  return { url: `http://${name}:${chosen}`, close: () => closed(server) };
}

async function load() {
  try {
    const [api, adapter, hono, { HonoAdapter }, node, { serveStatic }] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('hono'),
      import('@bull-board/hono'),
      import('@hono/node-server'),
      import('@hono/node-server/serve-static'),
    ]);
    const { createBullBoard } = api;
    return { createBullBoard, ...adapter, Hono: hono.Hono, HonoAdapter, serve: node.serve, serveStatic };
  } catch (cause) {
    throw new Error(
      'Cannot show the dashboard: its packages are missing; install them: npm install @bull-board/api @bull-board/hono hono @hono/node-server',
      { cause },
    );
  }
}

const pass = (_: Context, next: Next) => next();

/** Pages of others may give this machine a name of theirs, and read what is served to that name. */
const onlyFromHere = async (context: Context, next: Next) =>
  isLoopback(new URL(context.req.url).hostname) ? next() : context.text('Forbidden', 403);

const onlyLooks = async (context: Context, next: Next) => {
  context.header('content-security-policy', POLICY);
  context.header('referrer-policy', 'no-referrer');
  return ['GET', 'HEAD'].includes(context.req.method) ? next() : context.text('Method not allowed', 405);
};

/** Addresses of recordings may be signed, or hold passwords. */
async function withoutSecrets(context: Context, next: Next): Promise<void> {
  await next();
  const text = await context.res.text();
  const safe = text.replace(/(https?:\/\/)(?:[^\s"\\/@]*@)?([^\s"\\?#]*)(?:[?#][^\s"\\]*)?/g, '$1$2');
  context.res = new Response(safe, context.res);
}

function closed(server: ServerType): Promise<void> {
  const over = new Promise<void>((resolve) => server.close(() => resolve()));
  if ('closeAllConnections' in server) server.closeAllConnections();
  return over;
}
