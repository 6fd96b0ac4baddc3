import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openQueue } from '../../src/score/bullQueue.ts';
import { run as runProgram } from '../support/program.ts';
import { start } from './program.ts';
import { missing, startPostgres, startRedis } from './servers.ts';

/* Oracle: what was put into the queue. */

const SIGNED = 'https://name:password@store.example/calls/a.wav?signature=secret';

/** Starts the dashboard; its address is the first line that it writes. */
async function open(...words: string[]) {
  const { process: child, ended } = start('status', '--dashboard', '0', ...words);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.once('data', (line: string) => resolve(line.trim()));
    void ended.then(({ said }) => reject(new Error(said)));
  });
  return { url, child, ended };
}

describe.each([
  ['redis', startRedis],
  ['postgres', startPostgres],
] as const)('the dashboard of a queue on %s', (kind, startServer) => {
  it.skipIf(missing(kind))(
    'lists its jobs, without what addresses keep secret, and is only looked at',
    { timeout: 120_000 },
    async () => {
      const server = await startServer();
      try {
        const queue = await openQueue(server.url, () => {});
        await queue.add('recording', { run: 'r', source: SIGNED });
        await queue.add('recording', { run: 'r', source: '/archive/b.wav' });
        await queue.close();
        const { url, child, ended } = await open('--queue', server.url);
        expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);

        const page = await fetch(url);
        const text = await page.text();
        expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
        expect(text).toContain('<div id="root">');
        expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
        for (const [, file] of text.matchAll(/(?:src|href)="(static\/[^"]+\.(?:js|css))"/g))
          expect([file, (await fetch(`${url}/${file}`)).status]).toEqual([file, 200]);

        const jobs = async () =>
          (await fetch(`${url}/api/queues?activeQueue=speech-emotion&page=1&jobsPerPage=10`)).text();
        const listed = await jobs();
        const [own] = JSON.parse(listed).queues;
        expect([own.name, own.counts.waiting, own.readOnlyMode]).toEqual(['speech-emotion', 2, true]);
        expect(own.jobs.map(({ data }: { data: { source: string } }) => data.source).sort()).toEqual([
          '/archive/b.wav',
          'https://store.example/calls/a.wav',
        ]);
        expect(listed).not.toMatch(/secret|password/);
        const stats = await fetch(`${url}/api/redis/stats`);
        expect(stats.status).toBe(200);

        for (const [method, path] of [
          ['PUT', 'obliterate'],
          ['PUT', 'pause'],
          ['POST', 'add'],
        ] as const)
          expect((await fetch(`${url}/api/queues/speech-emotion/${path}`, { method })).status).toBe(405);
        expect(await jobs()).toBe(listed);
        expect(await statusAs('attacker.example', url)).toBe(403);
        expect(await statusAs(`localhost:${new URL(url).port}`, url)).toBe(200);

        child.kill('SIGINT');
        expect(await ended).toMatchObject({ code: 0, said: '' });
      } finally {
        await server.stop();
      }
    },
  );
});

it('needs a queue, and one that answers', async () => {
  const { code, stderr } = await runProgram(['status', '--dashboard']);
  expect([code, stderr]).toEqual([2, 'error: --dashboard shows a queue: name it, --queue\n']);
  const gone = await runProgram(['status', '--dashboard', '--queue', 'redis://127.0.0.1:1']);
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringMatching(/^Cannot reach the queue: .*ECONNREFUSED/)]);
});

/** What is answered to whoever calls the server by a name. */
function statusAs(host: string, url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
