import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchBytes } from '../../src/core/fetchBytes.ts';

/** Answers by path: so many bytes with or without their length, a body that never ends, one that stalls, one that breaks off. */
let server: Server;
let base: string;
let closed = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    const [, kind, size] = request.url!.split(/[/?]/);
    response.on('close', () => closed++);
    if (kind === 'long') response.setHeader('content-length', size!);
    if (kind === 'endless') {
      const more = (): void => {
        if (response.destroyed) return;
        response.write(new Uint8Array(65536));
        setImmediate(more);
      };
      more();
    } else if (kind === 'stalled' || kind === 'broken') {
      response.write(new Uint8Array(Number(size)));
      if (kind === 'broken') setTimeout(() => response.destroy(), 20);
    } else if (kind === 'long' || kind === 'plain') response.end(new Uint8Array(Number(size)));
    else response.writeHead(403).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  base = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = (path: string, left: number, signal?: AbortSignal) =>
  fetchBytes('load the model', new URL(`${base}/${path}`), { left }, signal);

it('gives the bytes, and takes them from the budget', async () => {
  const budget = { left: 1000 };
  for (const kind of ['plain', 'long']) {
    expect(await fetchBytes('load the model', new URL(`${base}/${kind}/300`), budget, undefined)).toEqual(
      new Uint8Array(300),
    );
  }
  expect(budget.left).toBe(400);
  expect(await get('plain/1000', 1000)).toHaveLength(1000);
});

it.each(['plain/1001', 'long/1001', 'long/100000000', 'endless', 'stalled/1001'])(
  'ends %s, which has more than it may',
  async (path) => {
    await expect(get(path, 1000)).rejects.toThrow(
      new RangeError(`Cannot load the model: ${base}/${path} must not have more bytes than maxBytes allows`),
    );
  },
);

it('does not read on where a file of the same budget failed', async () => {
  const before = closed;
  const budget = { left: 1e12 };
  const both = ['endless', 'missing'].map((path) =>
    fetchBytes('load the model', new URL(`${base}/${path}`), budget, undefined),
  );
  const outcomes = await Promise.allSettled(both);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect.poll(() => closed).toBe(before + 2);
});

it('aborts in the middle of a body, with the reason', async () => {
  const controller = new AbortController();
  const before = closed;
  const fetching = get('stalled/5', 1000, controller.signal);
  setTimeout(() => controller.abort(new Error('enough')), 50);
  await expect(fetching).rejects.toThrow('enough');
  await expect.poll(() => closed).toBe(before + 1);
  await expect(get('plain/5', 1000, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});

it('says what happened, and keeps queries, which may hold keys, to itself', async () => {
  const messages = [
    ['secret?token=abc', /^Cannot load the model: http:\/\/localhost:\d+\/secret answered 403 Forbidden$/],
    ['broken/5?token=abc', /^Cannot load the model: http:\/\/localhost:\d+\/broken\/5 broke off: /],
  ] as const;
  for (const [path, message] of messages) await expect(get(path, 1000)).rejects.toThrow(message);
  const nowhere = new URL('http://localhost:9/model.json?token=abc');
  await expect(fetchBytes('load the model', nowhere, { left: 9 }, undefined)).rejects.toThrow(
    /^Cannot load the model: http:\/\/localhost:9\/model.json cannot be fetched: (?!.*token)/,
  );
  await expect(fetchBytes('load', new URL('data:text/plain,secret'), { left: 2 }, undefined)).rejects.toThrow(
    'Cannot load: a data: URL must not have more bytes',
  );
});
