import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { missing, startPostgres, startRedis } from '../score/servers.ts';
import { emptyFolder } from '../support/folder.ts';
import { main, run } from '../support/program.ts';

/* What --help says can be done is done: places of its examples are put where the test has theirs. */

const reason = missing('redis') ?? missing('postgres');

it.skipIf(reason)('the examples of training-worker run, until they are stopped', { timeout: 240_000 }, async () => {
  const [redis, postgres, folder] = [await startRedis(), await startPostgres(), await emptyFolder()];
  try {
    await writeFile(join(folder, 'network.js'), 'export const build = () => {};\n');
    const { stdout } = await run(['training-worker', '--help']);
    const examples = [...stdout.matchAll(/^ +\$ speech-emotion (.*)$/gm)].map(([, example]) => example!);
    expect(examples).toHaveLength(2);
    for (const example of examples) {
      const words = example
        .replace('redis://queue:6379', redis.url)
        .replace('postgres://db/trainings', postgres.url)
        .replace('/mnt/trainings', join(folder, 'trainings'))
        .split(' ');
      const worker = spawn(process.execPath, [main, ...words], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
      const ended = new Promise<number | null>((resolve) => worker.on('close', resolve));
      let said = '';
      worker.stderr.on('data', (text) => (said += text));
      await expect.poll(() => said, { timeout: 60_000 }).toMatch(/^Waiting for trainings, with \d+ threads?\.$/m);
      worker.kill('SIGTERM');
      expect([example, await ended]).toEqual([example, 0]);
    }
  } finally {
    await Promise.all([redis.stop(), postgres.stop()]);
  }
});
