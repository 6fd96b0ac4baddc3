import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeWav } from '../score/wavFiles.ts';
import { emptyFolder } from '../support/folder.ts';
import { main, runAny } from '../support/program.ts';

/* Oracle: counting. Whatever a recording leaves in memory shows after some thousands of them. */

const [EARLY, LATE] = [3000, 9000];

/** Loaded before the program: what is in use, after a collection of garbage, once so many lines have been written, and at the end. */
const PROBE = `
  let lines = 0;
  const sizes = [];
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (...given) => {
      lines++;
      if (lines === ${EARLY} || lines === ${LATE}) {
        gc(); gc();
        sizes.push(process.memoryUsage().heapUsed);
      }
      return write(...given);
    };
  }
  process.on('exit', () => process.stderr.write('sizes ' + JSON.stringify(sizes)));
`;

it('memory does not grow with the number of recordings, whether they can be used or not', async () => {
  const folder = await emptyFolder();
  await mkdir(join(folder, 'calls'));
  await writeFile(join(folder, 'silence.wav'), encodeWav([new Float32Array(800)], 16_000));
  await writeFile(join(folder, 'empty.wav'), '');
  for (let i = 0; i < LATE; i++)
    await symlink(join(folder, i % 3 === 0 ? 'silence.wav' : 'empty.wav'), join(folder, `calls/${i}.wav`));
  const probe = `data:text/javascript,${encodeURIComponent(PROBE)}`;
  const words = ['--expose-gc', '--import', probe, main, 'classify', 'calls', '--json'];
  const { code, stdout, stderr } = await runAny(process.execPath, words, { cwd: folder });
  expect([code, stdout.split('\n').length - 1]).toEqual([1, LATE / 3]);
  const [early, late] = JSON.parse(stderr.slice(stderr.lastIndexOf('sizes ') + 6)) as [number, number];
  expect((late - early) / (LATE - EARLY)).toBeLessThan(100); // bytes a recording: less than a listener that stays
}, 900_000);
