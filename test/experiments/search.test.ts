import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRIALS } from '../../experiments/search/trials.ts';
import { runProgram, writeFakeCorpus } from '../support/program.ts';

/* On a made-up corpus: a tone for each emotion. */

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-search-'));
  await writeFakeCorpus(join(folder, 'corpus'), [1, 2, 3, 8, 10]); // one of each fold of si5
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm run search', () => {
  const parameters = ['--data', 'corpus', '--only', 'narrow', '--record', 'search.jsonl', '--workers', '1'];

  it('scores a configuration on inner splits, adds a line to the record, and does not run it again', async () => {
    const { code, stderr, stdout } = await runProgram('experiments/search/search.ts', parameters, folder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const text = await readFile(join(folder, 'search.jsonl'), 'utf8');
    const record = JSON.parse(text);
    expect(record).toMatchObject({ trial: 'narrow', protocol: 'si5', seed: 1 });
    expect(record.config).toEqual(JSON.parse(JSON.stringify(TRIALS.find(({ name }) => name === 'narrow')!.config)));
    // Oracle: innerSplits.ts says which folds are scored without which; one actor of eight clips is in each.
    expect(record.splits.map(({ name, clips }: { name: string; clips: number }) => [name, clips])).toEqual([
      ['actors5/1 without actors5/0', 8],
      ['actors5/3 without actors5/2', 8],
    ]);
    // Property: as many clips in either, one of each emotion, so that the whole is the mean.
    const mean = (record.splits[0].uar + record.splits[1].uar) / 2;
    expect(record.single.uar).toBeCloseTo(mean, 12);
    expect(stdout).toContain(`narrow: UAR ${(100 * mean).toFixed(1)} %`);

    const again = await runProgram('experiments/search/search.ts', parameters, folder);
    expect(again.code).toBe(0);
    expect(await readFile(join(folder, 'search.jsonl'), 'utf8')).toBe(text);
  }, 240_000);

  it('refuses wrong options in one line, without a stack', async () => {
    const { code, stderr } = await runProgram(
      'experiments/search/search.ts',
      ['--data', 'corpus', '--only', 'best'],
      folder,
    );
    expect(stderr).toMatch(/--only must name trials of trials.ts, got best/);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(1);
  }, 60_000);
});
