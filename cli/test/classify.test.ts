import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openClassifier } from '../src/openClassifier.ts';

/* The built program, as its users run it. */

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const clip = fileURLToPath(new URL('../../examples/clips/lively.wav', import.meta.url));

it('classifies a file (oracle: the library)', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'classify', clip]);
  const classifier = await openClassifier(undefined);
  const wanted = await classifier.classify(await readFile(clip));
  classifier.dispose();
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify({ file: clip, ...wanted })));
});
