import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitSureThreshold, fitTemperature } from 'speech-emotion/evaluation';
import { afterAll, describe, expect, it } from 'vitest';
import { PROTOCOLS } from '../../experiments/protocols/protocols.ts';
import { crossValidated, releaseNames } from '../../experiments/release/release.ts';
import type { ClipFacts, ResultFile } from '../../experiments/results/resultFile.ts';
import { parseRavdessName } from '../../src/dataset/ravdessName.ts';
import { withTemperature } from '../../src/evaluation/calibrate.ts';
import { HEAD, madeUpResults, sayLabel } from '../support/madeUpResults.ts';

const folder = mkdtempSync(join(tmpdir(), 'calibration-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, content: unknown) => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  return join(folder, name);
};

// One of eight actors is mistaken for somebody else, by 0.7; strangers every third time, by 0.9.
const si5 = madeUpResults('si5', [1], ({ label, actor }) =>
  actor % 8 === 0 ? sayLabel((label + 1) % 8, 0.7, label) : sayLabel(label, 0.8 + 0.01 * (actor % 8)),
);
const clips: Record<string, ClipFacts> = {};
const loco: ResultFile = {
  ...{ ...HEAD, protocol: 'loco', clips },
  runs: PROTOCOLS.loco!.foldNames.map((fold) => ({
    ...{ seed: 1, fold, seconds: 60 },
    testClips: Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => {
        clips[`${fold} ${i}`] = { label: i % 8, speaker: fold };
        return [`${fold} ${i}`, i % 3 === 0 ? sayLabel((i + 1) % 8, 0.9, i % 8) : sayLabel(i % 8, 0.9)];
      }),
    ),
  })),
};

const predicted = ({ runs }: ResultFile, labelOf: (name: string) => number) =>
  runs.flatMap(({ testClips }) =>
    Object.entries(testClips).map(([name, probabilities]) => ({
      ...{ name, probabilities, label: labelOf(name), speaker: '', groups: {} },
    })),
  );
const own = predicted(si5, (name) => si5.labels.indexOf(parseRavdessName(name).emotion));

describe('the calibration of a release (oracle: the fits, of clips read from the files)', () => {
  it('is by its own cross-validation where nothing is known of strangers', async () => {
    const { calibration } = await crossValidated(write('si5.json', si5), si5.config, join(folder, 'nothing.json'));
    const temperature = fitTemperature(own);
    expect(calibration).toEqual({ temperature, sureAbove: fitSureThreshold(withTemperature(own, temperature)) });
  });

  it('has the temperature of strangers where there are some, and a threshold for its own clips at that temperature', async () => {
    const { calibration, evaluation } = await crossValidated(
      write('si5.json', si5),
      si5.config,
      write('loco.json', loco),
    );
    const temperature = fitTemperature(predicted(loco, (name) => clips[name]!.label));
    expect(temperature).not.toBeCloseTo(fitTemperature(own), 1);
    expect(calibration.temperature).toBeCloseTo(temperature, 6);
    expect(calibration.sureAbove).toBeCloseTo(fitSureThreshold(withTemperature(own, temperature)), 6);
    expect(evaluation.metrics.uar).toBeCloseTo(21 / 24, 12); // of 24 actors, all but 8, 16 and 24
  });

  it('refuses strangers of another configuration', async () => {
    const other = write('other.json', { ...loco, config: { ...loco.config, songs: false } });
    await expect(crossValidated(write('si5.json', si5), si5.config, other)).rejects.toThrow(
      "other.json must hold results of the model's",
    );
  });
});

it('models of different configurations have different files', () => {
  const names = (['independent', 'voices', 'small', 'dependent'] as const).map((config) => releaseNames(config).model);
  expect(new Set(names).size).toBe(4);
  expect(names).toContain('model');
});
