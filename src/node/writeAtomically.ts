// bytes → a file that is there whole or not at all

import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { crc32 } from '../core/crc32.ts';

/**
 * Writes a file so that a reader, or a machine that loses power, sees the old content or the new: into a part file beside it,
 * to the disk, then renamed. Every writer has a part file of its own, so that of several at once, in whatever thread or process,
 * the last one's content stays. It is removed where writing fails; one that a killed writer left is, when the next one writes.
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

/** Removes what killed writers left of a file, once in a process. */
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
 * Whether a part file's writer is no more. Of this host's, one is not whose process is not there, or that wrote before the machine
 * or, where the process is this one, the process started: numbers of processes come again, in containers always. Of another
 * host, in a folder that both see, there is only time to tell.
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

/** Brings the rename to the disk; Windows opens no folders, and writes the journal by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
