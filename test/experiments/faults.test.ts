import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { RandomStream } from 'speech-emotion/layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abortCalls } from '../../experiments/faults/aborts/aborts.ts';
import { crc8, crc16, oggCrc, zipCrc } from '../../experiments/faults/fuzz/checksums.ts';
import { FORMATS } from '../../experiments/faults/fuzz/formats.ts';
import { fuzz } from '../../experiments/faults/fuzz/fuzz.ts';
import { isSentence, judge } from '../../experiments/faults/fuzz/judge.ts';
import { live } from '../../experiments/faults/kills/lives.ts';
import { faultsOf, type PartRecord, readFaults, recordPart } from '../../experiments/faults/record.ts';
import { FORMATS as PLANTED } from './plantedFormats.ts';

/* The oracle of the program that looks for faults: faults that are planted. What it finds in the library stands in docs/reliability.md. */

beforeAll(async () => {
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
});

describe('the fuzzing finds what is planted, and nothing else', () => {
  const module = new URL('./plantedFormats.ts', import.meta.url);

  it.each([
    ['none', 'answered', undefined],
    ['raw', 'raw', /TypeError: Cannot read properties of undefined/],
    ['foreign', 'raw', /RangeError: Cannot read the bytes: they are odd/],
    ['nonsense', 'nonsense', /NaN/],
    ['refused', 'nonsense', /refused what is right: .*it is odd/],
    ['tensors', 'tensors', /1 tensors left/],
  ] as const)('%s, in one input', async (format, wanted, words) => {
    const { errors, open } = PLANTED[format]!;
    const make = await open();
    const judged = async (index: number) => judge(await make(new RandomStream(1, format, index)), errors);
    const { verdict, what } = await judged(3);
    expect(verdict).toBe(wanted);
    if (words) expect(what).toMatch(words);
    expect(await judged(5)).toEqual({ verdict: 'answered' });
    expect((await judged(6)).verdict).toBe('refused');
  });

  it.each([
    ['none', undefined],
    ['unheard', { raw: /unhandled: .*nobody awaits this/ }],
    ['loop', { hang: /no end within/ }],
    ['waiting', { hang: /no end within/ }],
    ['end', { raw: /ends the process \(7\)/ }],
    ['hoard', { raw: /ends the process/, hang: /no end within/ }], // by the collector, who does not give up soon,
  ] as const)(
    '%s, in a process among others',
    { timeout: 240_000 },
    async (format, wanted: Partial<Record<string, RegExp>> | undefined) => {
      const found = await fuzz(format, { seed: 1, count: 10, workers: 1, patience: 4000, module });
      const { faults, inputs, answered, refused } = found;
      expect([inputs, refused]).toEqual([10, 5]);
      if (!wanted) return expect([faults, answered]).toEqual([{}, 5]);
      const [fault, ...others] = Object.values(faults);
      expect(others).toEqual([]);
      expect(fault!.what).toMatch(wanted[fault!.verdict] ?? /no such verdict was planted/);
      expect([fault!.count, fault!.indices]).toEqual([1, [3]]);
      expect(answered).toBe(format === 'unheard' ? 5 : 4); // that one was answered, too
    },
  );
});

describe('what counts as an error of the library’s own', () => {
  it.each([
    ['Cannot decode audio: found no samples', true],
    ["Cannot read 'C:\\x: y\n.wav': it must be a recording", true],
    ["Cannot read properties of undefined (reading 'a: b')", false],
    ["Cannot destructure property 'a' of 'undefined' as it is undefined.", false],
    ['Cannot mix BigInt and other types, use explicit conversions', false],
    ['Invalid array length', false],
    ['Maximum call stack size exceeded', false],
  ])('%s', (message, own) => expect(isSentence(message)).toBe(own));
});

describe('checksums of forged files (oracle: the check values of the catalogue of CRCs, https://reveng.sourceforge.io/crc-catalogue)', () => {
  it('are those of "123456789"', () => {
    const bytes = new TextEncoder().encode('123456789');
    expect([crc8(bytes), crc16(bytes), zipCrc(bytes)]).toEqual([0xf4, 0xfee8, 0xcbf43926]);
    // CRC-32/CKSUM without the final inversion.
    expect(oggCrc(bytes)).toBe(0x89a1897f);
  });
});

describe('every format: some inputs are answered, some refused, and each is made again from its seed', () => {
  it.each(Object.keys(FORMATS))('%s', async (name) => {
    const { errors, open } = FORMATS[name]!;
    const make = await open();
    const input = async (index: number) => (await make(new RandomStream(7, name, index))).input;
    const verdicts = new Set<string>();
    for (let index = 0; index < 25; index++) {
      const trial = await make(new RandomStream(7, name, index));
      verdicts.add((await judge(trial, errors)).verdict);
    }
    const dear = ['options', 'corpora', 'pcm', 'zip', 'ravdessNames', 'models'];
    if (!dear.includes(name)) expect(await input(3)).toEqual(await input(3));
    expect([...verdicts].some((verdict) => verdict === 'answered' || verdict === 'refused')).toBe(true);
  });
});

describe('the aborts find what is planted', () => {
  const abortable = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, 10);
      const abort = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      setTimeout(() => signal.removeEventListener('abort', abort), 20);
    });

  it.each([
    ['nothing in a call that settles with the reason', abortable, undefined, undefined],
    ['a call that never settles', () => new Promise(() => {}), /late/, undefined],
    [
      'a call that fails with something else',
      async (signal: AbortSignal) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (signal.aborted) throw new Error('otherwise');
      },
      undefined,
      /failed with Error: otherwise/,
    ],
    [
      'a listener that stays',
      async (signal: AbortSignal) => signal.addEventListener('abort', () => {}, { once: true }),
      undefined,
      /listeners on the signal|^$/,
    ],
    [
      'a tensor that stays',
      async () => {
        tf.scalar(1);
      },
      undefined,
      /left 1 tensors/,
    ],
  ] as const)('%s', async (_what, call, unsettled, otherwise) => {
    const found = await abortCalls({ seed: 1, count: 16, patience: 200, calls: { planted: { call } } });
    expect(found.aborts).toBe(16);
    if (unsettled) expect(found.unsettled.join('\n')).toMatch(unsettled);
    else expect(found.unsettled).toEqual([]);
    if (otherwise) expect(found.otherwise.join('\n')).toMatch(otherwise);
    else expect(found.otherwise).toEqual([]);
  });
});

describe('a process is killed after so many lines, and else ends by itself', () => {
  const program = new URL('./printing.ts', import.meta.url);

  it.each([
    { kill: { lines: 2, milliseconds: 0 }, killed: true },
    { kill: undefined, killed: false },
  ])('$killed', async ({ kill, killed }) => {
    const life = await live(program, ['5'], kill);
    expect(life.killed).toBe(killed);
    expect(life.code).toBe(killed ? null : 0);
    if (!killed) expect(life.lines).toBe(5);
    else expect(life.lines).toBeGreaterThanOrEqual(2);
  });
});

describe('the record', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'speech-emotion-record-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const part = (found: number): PartRecord => ({
    ...{ date: '2026-01-02T03:04', commit: 'abc', seed: 1, seconds: 2 },
    ...{ kind: 'kills', kills: 10, runs: 2, otherwise: Array(found).fill('a run') },
  });

  it('keeps what was there of other parts, and the last of each', async () => {
    const file = join(folder, 'faults.json');
    expect(await readFaults(file)).toBeUndefined();
    await recordPart('a', part(1), file);
    await recordPart('b', part(2), file);
    await recordPart('a', part(0), file);
    const { parts } = (await readFaults(file))!;
    expect(Object.entries(parts).map(([name, one]) => [name, faultsOf(one)])).toEqual([
      ['a', 0],
      ['b', 2],
    ]);
  });

  it('counts memory that grows and timers that wait (oracle: by hand)', () => {
    const heap = (last: number) => faultsOf({ kind: 'heap', hours: 24, segments: 1, first: 100, last });
    expect([heap(102), heap(103)]).toEqual([0, 1]);
    const waits = (longest: number) => ({ longest, own: 0, perMille: 0, ticks: 1 });
    const timers = (longest: number) =>
      faultsOf({ kind: 'timers', calls: 1, waits: { mp3: waits(longest), nothing: waits(99) } });
    expect([timers(50), timers(51)]).toEqual([0, 1]);
  });
});
