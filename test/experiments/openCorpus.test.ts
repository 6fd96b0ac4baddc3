import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UsageError } from '../../examples/node/commandLine.ts';
import { openCorpus } from '../../experiments/corpus/openCorpus.ts';
import { tinyWav } from '../support/fakeRavdess.ts';
import { runProgram, writeFakeCorpus } from '../support/program.ts';

let folder: string;
let printed: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corpus-'));
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void printed.push(line));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

it('opens the common mirror, which has every folder twice, and reports the copies', async () => {
  await writeFakeCorpus(folder, [1, 2]);
  await writeFakeCorpus(join(folder, 'audio_speech_actors_01-24'), [1, 2]);
  expect((await openCorpus([folder], false)).size).toBe(16);
  expect(printed).toHaveLength(1);
  expect(printed[0]).toMatch(/^Left out 16 files, the first .*audio_speech_actors_01-24.*: it is a copy of '/);
});

it('names the option of the command line in its advice, and heeds it', async () => {
  await writeFakeCorpus(folder, [1, 2]);
  await writeFile(join(folder, 'interview.wav'), tinyWav());
  const { code, stderr } = await runProgram(
    'experiments/training/train.ts',
    ['--data', folder, '--out', join(folder, 'out')],
    folder,
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^Cannot read the RAVDESS name '.*interview\.wav': .* \(--skip-invalid leaves such files out\)\n$/,
  );
  await expect(openCorpus([folder], false)).rejects.toThrow(UsageError);
  expect((await openCorpus([folder], true)).size).toBe(16);
});
