import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { archiveFaults, scalePage } from '../../docs/figures/scale.ts';
import { compareTables } from '../../experiments/scale/compareTables.ts';
import type { ScaleFile } from '../../experiments/scale/scaleFile.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(`${root}/docs/${name}`, 'utf8');
const about = { commit: 'abc1234', date: '2026-11-30T10:00:00.000Z', machine: '2 × CPU' };

describe('docs/scale.md (oracle: by hand)', () => {
  const rates = { ...about, hours: 1.5, loop: 110, twoLoops: 202, loopByCore: 100, one: 95, two: 170, byCore: 95 };
  const mp3 = {
    ...about,
    hours: 1.5,
    sampleRate: 44_100,
    kilobits: 128,
    loop: 120,
    loopByCore: 105,
    one: 125,
    byCore: 110,
  };

  it('names the command of what is not measured yet', () => {
    const page = scalePage(read('scale.md'), {});
    expect(page).toContain('Not measured yet: `npm run scale -- --data ZIP_OR_FOLDER --only rates,mp3`.');
    expect(page).toContain('--only queue`.');
    expect(archiveFaults(read('reliability.md'), {})).toContain('--only faults`.');
  });

  it('judges rates, and divides the archive by that of a thread', () => {
    const page = scalePage(read('scale.md'), { rates, mp3 });
    for (const row of [
      /\| the same, by core +\| 0\.95 × +\| ≥ 0\.95 × +\| yes +\|/,
      /\| two threads against one +\| 1\.79 × +\| ≥ 1\.80 × +\| no +\|/,
      /\| two processes against one: what this machine allows +\| 1\.84 × +\| – +\| – +\|/,
      /\| MP3 of 44\.1 kHz: `score`, an hour that one core computes +\| 110 h +\| ≥ 100 h +\| yes +\|/,
      /\| WAV +\| 1 053 +\| 5\.5 days +\| 6\.6 hours +\|/,
      /\| MP3 of 44\.1 kHz +\| 909 +\| 4\.7 days +\| 5\.7 hours +\|/,
    ])
      expect(page).toMatch(row);
    expect(page).toContain('Measured 2026-11-30 at abc1234, on 2 × CPU.');
    expect(scalePage(page, { rates, mp3 })).toBe(page);
    expect(page).not.toMatch(/undefined|NaN/);
  });

  it('tells what the server held after a tenth, after half and at most', () => {
    const sample = (taken: number, serverBytes: number, waiting = 4000) => ({
      ...{ taken, serverBytes, waiting, processBytes: 2e8 },
    });
    const samples = [
      sample(0, 1e6, 0),
      sample(100_000, 1e7),
      sample(500_000, 1.6e7, 5400),
      sample(1_000_000, 1.2e7, 0),
    ];
    const file: ScaleFile = { queue: { redis: { ...about, jobs: 1_000_000, seconds: 500, samples } } };
    expect(scalePage(read('scale.md'), file)).toMatch(
      /\| Redis +\| 1 000 000 +\| 2 000 +\| 5 400 +\| 200 MB +\| 10 MB +\| 16 MB +\| 16 MB +\|/,
    );
  });

  it('has a row of faults for each place', () => {
    const rows = { wanted: 9000, missing: 0, twice: 0, differing: 0, odd: 0 };
    const part = { ...about, killed: 20, inJob: 19, restarts: 2, fullDisks: 0, again: 1, rounds: 3, rows };
    const file: ScaleFile = {
      faults: { redis: part, embedded: { ...part, inJob: undefined, rows: { ...rows, odd: 1 } } },
    };
    const page = archiveFaults(read('reliability.md'), file);
    expect(page).toMatch(
      /\| queue on Redis, ledger in a file +\| 20 +\| 19 +\| 2 +\| 0 +\| 1 +\| 9 000 +\| 0 +\| 0 +\| 0 +\| yes +\|/,
    );
    expect(page).toMatch(/\| no queue, ledger in a file +\| 20 +\| – +\|.*\| 0 +\| 0 +\| 1 +\| no +\|/);
  });
});

it('rows that are missing, twice, different and of nothing wanted are counted (by hand)', () => {
  const row = (file: string, start: number, label: string) => JSON.stringify({ file, start, label });
  const failure = JSON.stringify({ source: 'b.wav', reason: 'broken' });
  const wanted = [row('a.wav', 0, 'sad'), row('a.wav', 1, 'sad'), row('a.wav', 2, 'happy'), failure].join('\n');
  const none = { wanted: 4, missing: 0, twice: 0, differing: 0, odd: 0 };
  expect(compareTables(wanted, wanted)).toEqual(none);
  expect(compareTables(wanted, wanted.split('\n').reverse().join('\n'))).toEqual(none);
  const found = [
    row('a.wav', 0, 'sad'),
    row('a.wav', 0, 'sad'),
    row('a.wav', 1, 'calm'),
    row('c.wav', 0, 'sad'),
    failure,
  ];
  expect(compareTables(wanted, found.join('\n'))).toEqual({ wanted: 4, missing: 1, twice: 1, differing: 1, odd: 1 });
  expect(compareTables(wanted, wanted.replace('broken', 'lost')).differing).toBe(1);
});
