import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type * as fs from 'node:fs/promises';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { crc32 } from '../../src/core/crc32.ts';
import { writeAtomically } from '../../src/node/writeAtomically.ts';
import { runProgram } from './runProgram.ts';

const disk = vi.hoisted(() => ({ full: false }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  const open: typeof fs.open = async (...given) => {
    const file = await real.open(...given);
    if (!disk.full) return file;
    const writeFile = file.writeFile.bind(file);
    file.writeFile = async (content) => {
      await writeFile((content as Uint8Array).subarray(0, 10));
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    };
    return file;
  };
  return { ...real, open };
});

let folder: string;
beforeEach(async () => {
  disk.full = false;
  folder = await mkdtemp(join(tmpdir(), 'atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

const module = JSON.stringify(new URL('../../src/node/writeAtomically.ts', import.meta.url).href);
const partOf = (host: string, pid: number, n = 0) => `run.${host}-${pid}-0-${n}.part`;
const own = crc32(new TextEncoder().encode(hostname()));

it('leaves nothing on a full disk, and the old content as it was', async () => {
  const path = join(folder, 'run');
  await writeAtomically(path, 'old');
  disk.full = true;
  await expect(writeAtomically(path, new Uint8Array(100))).rejects.toThrow('ENOSPC');
  expect(await readdir(folder)).toEqual(['run']);
  expect(await readFile(path, 'utf8')).toBe('old');
});

it('is one of the contents, whole, while two processes write and one reads', async () => {
  const path = join(folder, 'run');
  await writeAtomically(path, 'a'.repeat(50_000));
  const program = (letter: string) => `
    const { writeAtomically } = await import(${module});
    for (let i = 0; i < 150; i++) await writeAtomically(${JSON.stringify(path)}, ${JSON.stringify(letter)}.repeat(50_000 + i));`;
  let running = 2;
  const children = ['a', 'b'].map((letter) => runProgram(program(letter)).finally(() => running--));
  while (running > 0) {
    const text = await readFile(path, 'utf8');
    expect(text.length).toBeGreaterThanOrEqual(50_000);
    expect(text).toBe(text[0]!.repeat(text.length));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await Promise.all(children)).toEqual(['', '']);
  expect(await readdir(folder)).toEqual(['run']);
});

it('and so with many writers in one process', async () => {
  const path = join(folder, 'run');
  await Promise.all(Array.from({ length: 30 }, (_, i) => writeAtomically(path, String(i).repeat(1000))));
  expect(await readdir(folder)).toEqual(['run']);
  const text = await readFile(path, 'utf8');
  expect(text).toBe(text.slice(0, text.length / 1000).repeat(1000));
});

it('removes what writers left that are no more, and nothing else', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const other = '00000000';
  const dead = [partOf(own, child.pid!), partOf(own, process.pid, 7), partOf(other, 1, 1)];
  const alive = [partOf(own, process.ppid), partOf(own, process.pid, 8), partOf(other, process.pid)];
  const foreign = ['run.part', 'run.txt', `run2.${own}-${child.pid}-0-0.part`, `run.${own}-${child.pid}.part`];
  for (const name of [...dead, ...alive, ...foreign]) await writeFile(join(folder, name), 'half a');
  const long = new Date(Date.now() - 1000 * process.uptime() - 60_000); // before this process began
  await utimes(join(folder, dead[1]!), long, long);
  const days = new Date(Date.now() - 2 * 86_400_000);
  await utimes(join(folder, dead[2]!), days, days);
  await writeAtomically(join(folder, 'run'), 'whole');
  expect((await readdir(folder)).sort()).toEqual(['run', ...alive, ...foreign].sort());
});
