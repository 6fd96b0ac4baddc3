import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { root, runProgram } from '../support/program.ts';

describe('live.ts', () => {
  it('shows the emotion of the moment of raw samples on standard input, and sums up', async () => {
    const { samples, sampleRate } = await decodeAudio(await readFile(join(root, 'examples/clips/in-turns.wav')));
    const bytes = new Uint8Array(Int16Array.from(samples, (sample) => Math.round(32_768 * sample)).buffer);
    const parameters = ['--rate', String(sampleRate), '--file'];
    const { code, stdout, stderr } = await runProgram('examples/node/live.ts', parameters, tmpdir(), undefined, bytes);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const seconds = samples.length / sampleRate;
    const moment = /^0:(\d\d\.\d) (?:[a-z]+ \(\d+ %\)|not sure: [a-z]+ \(\d+ %\) or [a-z]+ \(\d+ %\)|–)$/gm;
    const times = [...stdout.matchAll(moment)].map(([, time]) => Number(time));
    // Windows of 2 s, every half second, and the last one at the end.
    expect(times).toEqual([
      ...Array.from({ length: Math.floor((seconds - 2) / 0.5) + 1 }, (_, i) => 2 + i / 2),
      Number(seconds.toFixed(1)),
    ]);
    expect(stdout).toContain(`0:0${seconds.toFixed(1)} of sound`);
  }, 60_000);

  it('refuses wrong options in one line, without a stack', async () => {
    const { code, stderr } = await runProgram(
      'examples/node/live.ts',
      ['--rate', 'fast'],
      tmpdir(),
      undefined,
      new Uint8Array(4),
    );
    expect(stderr.trim()).toBe('Cannot read --rate: it must be a whole number, got fast');
    expect(code).toBe(1);
  }, 60_000);
});
