import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LearningCurveFile } from '../../experiments/results/resultFile.ts';
import { runProgram, writeFakeCorpus } from '../support/program.ts';

const ACTORS = [1, 2, 3, 8, 10]; // one of each fold of si5

/* On a made-up corpus: a tone for each emotion. */

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-curve-'));
  await writeFakeCorpus(join(folder, 'corpus'), ACTORS);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm run learning-curve', () => {
  it('tests the same clips, trained on fewer actors; another call adds its points', async () => {
    const parameters = ['--data', 'corpus', '--epochs', '1', '--out', 'curve', '--workers', '1'];
    for (const actors of ['2', '1']) {
      const { code, stderr } = await runProgram(
        'experiments/protocols/learningCurve.ts',
        [...parameters, '--actors', actors],
        folder,
      );
      expect(stderr).toBe('');
      expect(code).toBe(0);
    }
    const { points } = JSON.parse(
      await readFile(join(folder, 'curve/learning-curve.json'), 'utf8'),
    ) as LearningCurveFile;
    expect(points.map(({ actors }) => actors)).toEqual([1, 2]);
    const tested = points.map(({ runs }) => runs.flatMap(({ testClips }) => Object.keys(testClips)).sort());
    expect(tested[0]).toHaveLength(5 * 8);
    expect(tested[1]).toEqual(tested[0]);
    const many = await runProgram('experiments/protocols/learningCurve.ts', [...parameters, '--actors', '4'], folder);
    expect(many.stderr).toContain('--actors must be below 4, got 4');
  }, 240_000);
});
