import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder } from '../support/folder.ts';
import { clips, main, run, runAny } from '../support/program.ts';
import { start } from './program.ts';
import { missing, startPostgres, startRedis } from './servers.ts';

/* What --help says can be done is done: places of its examples are put where the test has theirs. */

const reason = missing('redis') ?? missing('postgres');

async function examplesOf(command: string): Promise<string[]> {
  const { code, stdout } = await run([command, '--help']);
  expect(code).toBe(0);
  return [...stdout.matchAll(/^ +\$ (.*)$/gm)].map(([, example]) => example!);
}

it.skipIf(reason)('the examples of score, worker, status, retry and export run', { timeout: 600_000 }, async () => {
  const [redis, postgres, folder] = [await startRedis(), await startPostgres(), await emptyFolder()];
  try {
    await mkdir(join(folder, 'calls'));
    for (const name of ['slow.wav', 'loud.wav']) await copyFile(join(clips, name), join(folder, 'calls', name));
    await writeFile(join(folder, 'addresses.txt'), `${join(folder, 'calls', 'slow.wav')}\n`);
    const here = (example: string) =>
      example
        .replaceAll('redis://queue:6379', redis.url)
        .replaceAll('postgres://scores@db/archive', postgres.url)
        .replace(/(\/mnt)?\/archive\b/, join(folder, 'calls'))
        .replaceAll('speech-emotion ', `"${process.execPath}" "${main}" `);
    const isDashboard = (example: string) => example.includes('--dashboard');
    const dashboards = (await examplesOf('status')).filter(isDashboard);
    const running = [...(await examplesOf('worker')), ...dashboards].map((example) =>
      start(
        ...example
          .replace('speech-emotion ', '')
          .replaceAll('redis://queue:6379', redis.url)
          .replaceAll('postgres://scores@db/archive', postgres.url)
          .replace('--dashboard', '--dashboard 0') // the default port may be taken
          .split(' '),
      ),
    );
    expect(running.length).toBe(3);
    for (const command of ['score', 'status', 'retry', 'export']) {
      const examples = (await examplesOf(command)).filter((example) => !isDashboard(example));
      expect(examples.length).toBeGreaterThan(1);
      for (const example of examples) {
        const { code, stderr } = await runAny('bash', ['-o', 'pipefail', '-c', here(example)], { cwd: folder });
        expect([example, code, code === 0 ? '' : stderr]).toEqual([example, 0, '']);
      }
    }
    for (const { process } of running) process.kill('SIGTERM');
    for (const { ended } of running) expect(await ended).toMatchObject({ code: 0, signal: null });
  } finally {
    await Promise.all([redis.stop(), postgres.stop()]);
  }
});

it('a ledger that is not there is not made by looking for it', async () => {
  const folder = await emptyFolder();
  for (const command of ['status', 'retry', 'export', 'score']) {
    const { code, stderr } = await run([command, '--ledger', join(folder, 'none')]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^Cannot open the ledger: .*none must be a file that score has made/),
    ]);
  }
  for (const words of [['score', 'x', '--queue', 'amqp://x'], ['score', 'x', '--queue', 'redis://x'], ['worker']]) {
    expect((await run(words)).code).toBe(2);
  }
});
