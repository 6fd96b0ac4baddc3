// names of Debian's packages → their files, unpacked, in a folder for each: npm run fetch:sounds -- --out FOLDER

import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { interruptible, readArguments, run } from '../../examples/node/commandLine.ts';
import { SOUND_PACKAGES } from './soundPackages.ts';

const USAGE = `
npm run fetch:sounds -- [--out FOLDER]

Downloads the packages of Debian 12 that music and other sounds are taken from (1.9 GB), by apt-get, and unpacks them with dpkg; nothing
is installed. Those that are there already are left.

  --out FOLDER  default: .cache/sounds
`;

const execute = promisify(execFile);

await run(async () => {
  const { out } = readArguments(USAGE, { out: { type: 'string', default: '.cache/sounds' } });
  const signal = interruptible('Stopped. The same command goes on from here.');
  for (const { name } of SOUND_PACKAGES) {
    const folder = resolve(out, name);
    if (await exists(folder)) continue;
    const download = await mkdtemp(join(tmpdir(), 'sounds-'));
    try {
      await execute('apt-get', ['download', name], { cwd: download, signal });
      const [file] = await readdir(download);
      await mkdir(folder, { recursive: true });
      await execute('dpkg', ['-x', join(download, file!), folder], { signal });
      await unpackArchives(folder, signal);
      console.log(name);
    } finally {
      await rm(download, { recursive: true });
    }
  }
});

/** Games of the Quake engine keep their files in zip archives. */
async function unpackArchives(folder: string, signal: AbortSignal): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.pk3')) continue;
    await execute('unzip', ['-qn', entry.name], { cwd: entry.parentPath, signal });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
