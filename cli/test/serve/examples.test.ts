import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder } from '../support/folder.ts';
import { main, run, runAny } from '../support/program.ts';
import { clip, root } from './server.ts';

/* What docs/serve.md and `serve --help` say can be done is done, in a folder that has what they name. */

const ADDRESS = /127\.0\.0\.1:(8080|9000)/g;

/** A folder with a call, and the program by the names that it has. */
async function folderOfCalls(): Promise<{ folder: string; env: Record<string, string> }> {
  const folder = await emptyFolder();
  await mkdir(join(folder, 'bin'));
  for (const [name, first] of [
    ['speech-emotion', ''],
    ['npx', 'shift\n'],
  ]) {
    const path = join(folder, 'bin', name!);
    await writeFile(path, `#!/bin/sh\n${first}exec "${process.execPath}" "${main}" "$@"\n`);
    await chmod(path, 0o755);
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const sound = await clip('in-turns');
  for (const name of ['call.wav', 'call.mp3']) await writeFile(join(folder, name), sound); // the content says what it is
  return { folder, env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` } };
}

/** Runs commands in order: servers go on until the next one begins, at ports that are free. */
async function runAll(commands: readonly string[]): Promise<string[]> {
  const { folder, env } = await folderOfCalls();
  const printed: string[] = [];
  let server: ChildProcess | undefined;
  let address = '';
  const stop = async () => {
    server?.kill('SIGTERM');
    if (server) expect(await once(server, 'exit')).toEqual([0, null]);
  };
  for (const command of commands) {
    if (/ serve\b/.test(command)) {
      await stop();
      const anywhere = `${command.replace(/^(\w+=\w+ )?/, '$1exec ').replace(/ --(port \d+|host [\d.]+)/g, '')} --port 0`;
      server = spawn('bash', ['-c', anywhere], { cwd: folder, env: { ...process.env, ...env } });
      const [line] = await once(server.stdout!, 'data');
      address = new URL(String(line)).host;
      printed.push(String(line));
      continue;
    }
    const isProgram = command.startsWith('import ');
    const here = command.replace(ADDRESS, address);
    if (isProgram) await writeFile(join(folder, 'live.mjs'), here);
    const line = isProgram
      ? `"${process.execPath}" live.mjs`
      : here.replace('curl ', 'curl --silent --show-error --fail ');
    const { code, stdout, stderr } = await runAny('bash', ['-c', line], { cwd: folder, env });
    expect([command, code, stderr]).toEqual([command, 0, '']);
    printed.push(stdout);
  }
  await stop();
  return printed;
}

it('the examples of docs/serve.md run', { timeout: 120_000 }, async () => {
  const page = await readFile(join(root, 'docs/serve.md'), 'utf8');
  const blocks = [...page.matchAll(/^```(sh|js)\n(.*?)^```$/gms)].map(([, language, code]) => ({
    language,
    code: code!,
  }));
  const commands = blocks.flatMap(({ language, code }) => {
    // What begins with `npm run` is the project's own: how a table was measured.
    if (language === 'sh') return code.startsWith('npm run') ? [] : code.trim().split('\n');
    return code.includes('navigator') ? [] : [code]; // test/house/docsCode.test.ts reads those of pages
  });
  expect(commands.length).toBeGreaterThan(8);
  const printed = await runAll(commands);
  expect(printed.filter((text) => text === '')).toEqual([]);
  const segments = printed[commands.findIndex((command) => command.startsWith('import '))]!.trim().split('\n');
  expect(segments.length).toBeGreaterThan(3);
  for (const segment of segments) expect(segment).toMatch(/^[\d.]+ to [\d.]+ s: [a-z ]+$/);
});

it('the examples of serve --help run', { timeout: 120_000 }, async () => {
  const { stdout } = await run(['serve', '--help']);
  const examples = [...stdout.matchAll(/^ +\$ (.*)$/gm)].map(([, example]) => example!);
  expect(examples.length).toBeGreaterThan(2);
  expect((await runAll(examples)).filter((text) => text === '')).toEqual([]);
});
