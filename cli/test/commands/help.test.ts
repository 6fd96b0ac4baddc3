import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ffmpegIsMissing } from '../../../test/support/ffmpeg.ts';
import { emptyFolder } from '../support/folder.ts';
import { clips, main, run, runAny } from '../support/program.ts';

/* What --help says can be done is done, in a folder that has what the examples name. */

/** The commands of `--help` that a shell runs: those after `$`. */
async function examplesOf(command: string): Promise<string[]> {
  const { code, stdout } = await run([command, '--help']);
  expect(code).toBe(0);
  return [...stdout.matchAll(/^ +\$ (.*)$/gm)].map(([, example]) => example!);
}

/** A folder with a call, more of them, and programs of the names that the examples call. */
async function folderOfCalls(): Promise<{ folder: string; env: Record<string, string> }> {
  const folder = await emptyFolder();
  const program = async (name: string, line: string) => {
    await mkdir(join(folder, 'bin'), { recursive: true });
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${line}\n`);
    await chmod(join(folder, 'bin', name), 0o755);
  };
  await program('speech-emotion', `exec "${process.execPath}" "${main}" "$@"`);
  await program('arecord', 'exec ffmpeg -v error -i call.mp3 -f s16le -ar 16000 -ac 1 -');
  const clip = await readFile(join(clips, 'slow.wav'));
  await mkdir(join(folder, 'calls/yesterday'), { recursive: true });
  await mkdir(join(folder, 'me/sad'), { recursive: true });
  for (const path of ['calls/a.wav', 'calls/yesterday/b.wav', 'me/sad/c.wav'])
    await writeFile(join(folder, path), clip);
  const parameters = ['-v', 'error', '-i', 'calls/a.wav', '-ac', '2', 'call.mp3'];
  const { code, stderr } = await runAny('ffmpeg', parameters, { cwd: folder });
  expect([code, stderr]).toEqual([0, '']);
  return { folder, env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` } };
}

describe.skipIf(ffmpegIsMissing).each(['classify', 'timeline', 'live', 'personalise'])(
  'speech-emotion %s --help',
  (command) => {
    it('has examples, each of which runs and writes what it says', { timeout: 240_000 }, async () => {
      const examples = await examplesOf(command);
      expect(examples.length).toBeGreaterThan(1);
      const { folder, env } = await folderOfCalls();
      for (const example of examples) {
        const { code, stdout, stderr } = await runAny('bash', ['-o', 'pipefail', '-c', example], { cwd: folder, env });
        expect([example, code, stderr]).toEqual([example, 0, '']);
        const paths = [...example.matchAll(/(?:--out|--report|>) (\S+)/g)].map(([, path]) => path!);
        for (const path of paths) expect((await stat(join(folder, path))).size, example).toBeGreaterThan(0);
        if (!/--out|>/.test(example)) expect(stdout, example).not.toBe('');
      }
    });
  },
);

it('every command has its line in the help of the program, which exits with 0', async () => {
  const { code, stdout } = await run(['--help']);
  expect(code).toBe(0);
  for (const command of ['classify', 'timeline', 'live', 'personalise'])
    expect(stdout).toMatch(new RegExp(`^  ${command} .*\\w`, 'm'));
  expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
