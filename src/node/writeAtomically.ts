// bytes → a file that is there whole or not at all

import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { crc32 } from '../core/crc32.ts';

/**
 * Writes a file so that a reader, even after a power failure, sees the old content or the new: it is written to a part file beside it,
 * flushed to the disk, then renamed. Every writer has its own part file, so that of several writers, in any thread or process, the last
 * one wins. The part file is removed when writing fails; one that a killed writer left is removed when the next one writes.
 *
 * @throws {Error} of node:fs, with the path
 */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  await clearLeftOvers(path);
  const part = `${path}.${HOST}-${process.pid}-${threadId}-${count++}.part`;
  await writeNew(part, content);
  try {
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Writes a file that was not there to the disk, or leaves nothing behind.
 *
 * @throws {Error} of node:fs, with the path
 */
export async function writeNew(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(path, { force: true }).catch(() => {}); // the error that counts is the first
    throw error;
  }
}

let count = 0;
const HOST = crc32(new TextEncoder().encode(hostname()));
const DAY = 86_400_000;
const cleared = new Set<string>();

/** Removes the part files of a file that killed writers left, once per process. */
async function clearLeftOvers(path: string): Promise<void> {
  if (cleared.has(path)) return;
  cleared.add(path);
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    const [, host, pid] = /^([0-9a-f]{8})-(\d+)-\d+-\d+\.part$/.exec(name.slice(prefix.length)) ?? [];
    if (!name.startsWith(prefix) || pid === undefined) continue;
    const part = join(dirname(path), name);
    const time = await stat(part).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (isLeftOver(time, host === HOST ? Number(pid) : undefined)) await rm(part, { force: true }).catch(() => {});
  }
}

/**
 * Whether the writer of a part file has ended. On this host it has where its process is gone, or where the file is older than the
 * machine's start or, with this process's id, than this process: ids are used again, in containers always. On another host, with a
 * shared folder, only the age can tell.
 */
function isLeftOver(time: number, pid: number | undefined): boolean {
  const now = Date.now();
  if (time < now - DAY) return true;
  if (pid === undefined) return false;
  if (pid === process.pid) return time < now - 1000 * process.uptime() - 1000;
  return !isAlive(pid) || time < now - 1000 * uptime() - 1000;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0); // signal 0 asks, and does nothing
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's
  }
}

/** Flushes the rename to the disk; Windows cannot open folders, and writes its journal by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
