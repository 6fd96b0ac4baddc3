import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskDone } from '../../docs/figures/tasks.ts';
import { withChromium } from '../support/chromium.ts';
import { root } from '../support/program.ts';
import { HANDS } from './tasks/hands.ts';
import { type Material, makeMaterial } from './tasks/material.ts';
import { TASKS } from './tasks/tasks.ts';
import { type ServedPage, servePage } from './webPage.ts';

/*
 * Ten things that people come for, each from the first visit on, with a pointer and by keyboard alone. Oracle: each task says itself what
 * must be there in the end; the steps are those on record. With RECORD=1 steps and seconds are put on record.
 */

const RECORD = 'docs/results/tasks.json';

withChromium('ten tasks', () => {
  let served: ServedPage;
  let material: Material;
  let recorded: readonly TaskDone[];
  const done: TaskDone[] = [];

  beforeAll(async () => {
    recorded = JSON.parse(await readFile(join(root, RECORD), 'utf8'));
    await mkdir(join(root, 'runs'), { recursive: true });
    material = await makeMaterial();
    served = await servePage([
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${join(root, 'examples/clips/in-turns.wav')}`,
      '--autoplay-policy=no-user-gesture-required',
    ]);
  }, 240_000);

  afterAll(async () => {
    await served?.close();
  });

  describe.each(Object.keys(HANDS) as (keyof typeof HANDS)[])('by %s', (kind) => {
    it.each(Object.entries(TASKS))(
      '%s',
      async (task, perform) => {
        const page = await served.open({ viewport: { width: 1440, height: 900 }, permissions: ['microphone'] });
        const hands = HANDS[kind](page);
        const start = performance.now();
        await perform(hands, material);
        const seconds = Number(((performance.now() - start) / 1000).toFixed(1));
        await hands.page.context().close();
        const { steps, keys } = hands;
        done.push({ task, hands: kind, steps, keys, seconds });
        await writeFile(
          join(root, process.env.RECORD ? RECORD : 'runs/tasks.json'),
          `${JSON.stringify(done, undefined, 2)}\n`,
        );
        if (process.env.RECORD) return;
        const before = recorded.find((one) => one.task === task && one.hands === kind);
        expect(steps).toBe(before?.steps ?? steps); // a new one is not on record yet
      },
      300_000,
    );
  });
});
