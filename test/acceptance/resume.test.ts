import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { LONG, trainSmall } from './smallTraining.ts';

const KILLS = 5;
const root = resolve(import.meta.dirname, '../..');
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-resume-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Life {
  /** The lines that the process printed. */
  readonly lines: readonly string[];
  /** How it ended. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that trains, killed (if `after` is given) so many milliseconds after it printed so many lines. */
async function live(parameters: readonly string[], after?: { lines: number; milliseconds: number }): Promise<Life> {
  const program = join(import.meta.dirname, 'trainingChild.ts');
  const child = spawn(process.execPath, ['--import', loader, program, ...parameters], {
    env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    // Meanwhile the process goes on: the moment falls within a step, a validation or the writing of a checkpoint.
    if (lines.length === after?.lines) void setTimeout(after.milliseconds).then(() => child.kill('SIGKILL'));
  }
  const [code, signal] = await closed;
  return { lines, code, signal };
}

/** How many steps were done before a life, by its first line. */
function stepsBefore({ lines: [first = ''] }: Life): number {
  const [, epochs, batches] = /^resume (\d+) (\d+)$/.exec(first) ?? [];
  return 3 * Number(epochs ?? 0) + Number(batches ?? 0);
}

describe('a training that is killed five times, at random moments, ends in the weights of one that is not', () => {
  it.each([
    { backend: 'cpu', how: 'bit for bit', tolerance: 0 },
    { backend: 'wasm', how: 'within 1e-5', tolerance: 1e-5 },
  ])('on $backend, $how (oracle: the one that is not)', { timeout: 240_000 }, async ({ backend, tolerance }) => {
    expect(await tf.setBackend(backend)).toBe(true);
    const { weights: wanted } = await trainSmall(LONG);

    const result = join(folder, `${backend}.weights`);
    const parameters = [backend, join(folder, `${backend}.checkpoint`), result];
    const seed = Date.now(); // other moments each time: all of them have to do
    const random = new RandomStream(seed, 'kills');
    const lives: Life[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      lives.push(await live(parameters, { lines: 1 + random.integer(20), milliseconds: random.integer(30) }));
      expect(lives.at(-1)!.signal).toBe('SIGKILL');
    }
    const last = await live(parameters);
    expect(last).toMatchObject({ code: 0, signal: null });

    const steps = [...lives, last].map(stepsBefore);
    expect(steps, 'no life loses what was saved').toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1), 'and the last has something to go on from').toBeGreaterThan(0);
    const found = new Float32Array(new Uint8Array(await readFile(result)).buffer);
    expect(found).toHaveLength(wanted.length);
    const worst = found.reduce((most, weight, i) => Math.max(most, Math.abs(weight - wanted[i]!)), 0);
    expect(worst, `largest difference, kills from seed ${seed} after ${steps} steps`).toBeLessThanOrEqual(tolerance);
  });
});
