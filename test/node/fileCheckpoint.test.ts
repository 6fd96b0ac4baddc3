import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fileCheckpoint } from '../../src/node/fileCheckpoint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('gives back what was saved last, nothing where nothing was', async () => {
  const store = fileCheckpoint(join(folder, 'deep', 'run.checkpoint'));
  expect(await store.load()).toBeUndefined();
  await store.save(Uint8Array.of(1, 2, 3));
  expect(await store.load()).toEqual(Uint8Array.of(1, 2, 3));
  await store.save(new Uint8Array());
  expect(await store.load()).toEqual(new Uint8Array());
  expect(await readdir(join(folder, 'deep'))).toEqual(['run.checkpoint']);
});

it('saves one after the other, the last to ask last', async () => {
  const store = fileCheckpoint(join(folder, 'run'));
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.save(new Uint8Array(1000 * (20 - i)).fill(i))));
  expect(await store.load()).toEqual(new Uint8Array(1000).fill(19));
});

it('continues after a failure, of which nothing is left', async () => {
  const path = join(folder, 'run');
  const store = fileCheckpoint(path);
  await store.save(Uint8Array.of(1));
  await rm(path);
  await mkdir(path);
  await expect(store.save(Uint8Array.of(2))).rejects.toThrow(`Cannot write the checkpoint ${path}: `);
  expect(await readdir(folder)).toEqual(['run']);
  await rm(path, { recursive: true });
  await store.save(Uint8Array.of(3));
  expect(await store.load()).toEqual(Uint8Array.of(3));
  await expect(fileCheckpoint(folder).load()).rejects.toThrow(`Cannot read the checkpoint ${folder}: EISDIR`);
});

it('says what is no path', () => {
  for (const path of [undefined, null, 3, '']) {
    expect(() => fileCheckpoint(path as never)).toThrow(/^Cannot open a checkpoint: path must be a path, got/);
  }
});

it('keeps a whole checkpoint whenever its process is killed', async () => {
  const path = join(folder, 'run');
  const module = new URL('../../src/node/fileCheckpoint.ts', import.meta.url).href;
  const program = `
    const { fileCheckpoint } = await import(${JSON.stringify(module)});
    const store = fileCheckpoint(${JSON.stringify(path)});
    for (let i = 0; ; i++) {
      await store.save(new Uint8Array(1_000_000 + (i % 7) * 100_000).fill(i));
      if (i === 0) console.log('going');
    }`;
  for (const milliseconds of [3, 40, 111]) {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await setTimeout(milliseconds);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const bytes = await readFile(path);
    const i = bytes[0]!;
    expect(bytes.every((byte) => byte === i)).toBe(true);
    expect((bytes.length - 1_000_000) % 100_000).toBe(0);
  }
});
