import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, runProgram } from '../support/program.ts';

it('personalise.ts learns a voice from a folder, and knows it the next time without the clips', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'personalise-'));
  try {
    const clip = (name: string) => join(root, 'examples/clips', `${name}.wav`);
    for (const [label, name] of [
      ['happy', 'lively'],
      ['sad', 'slow'],
    ] as const) {
      await mkdir(join(folder, 'me', label), { recursive: true });
      await copyFile(clip(name), join(folder, 'me', label, 'clip.wav'));
    }
    await copyFile(clip('in-turns'), join(folder, 'me', 'unlabelled.wav'));
    const run = () => runProgram('examples/node/personalise.ts', ['me', clip('lively'), clip('slow')], folder);
    const { code, stdout, stderr } = await run();
    expect(stderr).not.toContain('Error');
    expect(code).toBe(0);
    expect(stdout).toContain('3/3');
    const answers = stdout.split('\n').filter((line) => line.includes('for all speakers'));
    expect(answers).toHaveLength(2);
    for (const answer of answers) expect(answer).toMatch(/: [a-z]+, \d+ %; for all speakers [a-z]+, \d+ %$/);
    expect((await readFile(join(folder, 'me.adaptation'))).length).toBeLessThan(20_000);
    await rm(join(folder, 'me'), { recursive: true });
    const again = await run();
    expect(again.stdout).not.toContain('3/3');
    expect(again.stdout.split('\n').filter((line) => line.includes('for all speakers'))).toEqual(answers);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 120_000);
