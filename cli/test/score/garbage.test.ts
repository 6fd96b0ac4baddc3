import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { toWaveform } from 'speech-emotion/features';
import { expect, it } from 'vitest';
import { emptyFolder } from '../support/folder.ts';
import { MAIN } from './program.ts';
import { encodeWav } from './wavFiles.ts';

const CLIP = fileURLToPath(new URL('../../../examples/clips/in-turns.wav', import.meta.url));

/** As users have it: the more samples a second, the more garbage. */
const RATE = 44_100;

it('ten minutes of sound pass through a thread without all of its memory being looked through again and again', async () => {
  const folder = await emptyFolder();
  const { samples } = await toWaveform(readFileSync(CLIP));
  const long = Float32Array.from({ length: 600 * RATE }, (_, i) => samples[i % samples.length]!);
  const file = join(folder, 'long.wav');
  writeFileSync(file, encodeWav([long], RATE));
  const words = ['score', file, '--ledger', join(folder, 'ledger'), '--threads', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, ['--trace-gc', MAIN, ...words]);
  // V8 begins with little room, and looks through all of it whenever that is full; it says so of all threads.
  expect(stdout.match(/Mark-Compact/g)!.length).toBeLessThan(10);
}, 300_000);
