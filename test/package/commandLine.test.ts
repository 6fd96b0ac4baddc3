import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openClassifier } from '../../cli/src/openClassifier.ts';
import { root } from './inProject.ts';
import { env } from './project.ts';

/* The command line as `npx` gets it: both packages, packed, in an empty folder. Oracle: the library in this process. */

const run = promisify(execFile);
const SOUND = join(root, 'test/fixtures/audio/speech.mp3');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-npx-'));
  for (const own of [[], ['--workspace', 'cli']])
    await run('npm', ['pack', '--ignore-scripts', ...own, '--pack-destination', folder], { cwd: root, env });
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz')).map((name) => `./${name}`);
  expect(tarballs).toHaveLength(2);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], { cwd: folder, env });
  await copyFile(SOUND, join(folder, 'call.mp3'));
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

it('classifies a file, with nothing else installed', async () => {
  const { stdout, stderr } = await run('npx', ['speech-emotion', 'classify', 'call.mp3'], { cwd: folder, env });
  expect(stderr).toBe('');
  const classifier = await openClassifier(undefined);
  const { speech, confidence = null } = await classifier.classify(await readFile(SOUND));
  classifier.dispose();
  expect(JSON.parse(stdout)).toMatchObject({ file: 'call.mp3', speech, confidence });
});

it('writes what its heavier parts write: Parquet and a page', async () => {
  const parameters = ['speech-emotion', 'classify', 'call.mp3', '--out', 'a.parquet', '--report', 'a.html'];
  await run('npx', parameters, { cwd: folder, env });
  const file = await readFile(join(folder, 'a.parquet'), 'latin1');
  expect([file.slice(0, 4), file.slice(-4)]).toEqual(['PAR1', 'PAR1']);
  expect(await readFile(join(folder, 'a.html'), 'utf8')).toContain('<h2>call.mp3, ');
});
