import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../bench/measure.ts';
import type { BenchResult } from '../../bench/result.ts';
import { performance } from '../../docs/figures/performance.ts';

const folder = resolve(import.meta.dirname, '../../bench/results');
const files = readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))] as const);

const figure = v.pipe(v.number(), v.finite(), v.gtValue(0));
const spread = v.pipe(
  v.strictObject({ median: figure, min: figure, max: figure, unit: v.picklist(['ms', 's', 'MB', 'dispatches']) }),
  v.check(({ median, min, max }) => min <= median && median <= max, 'the median must lie within the range'),
);
const text = v.pipe(v.string(), v.nonEmpty());
const near = (a: number, b: number) => Math.abs(a / b - 1) < 1e-9;
const schema = v.strictObject({
  ...{ name: text, commit: text, machine: text, versions: v.record(text, text) },
  cases: v.array(
    v.pipe(
      v.strictObject({
        ...{ case: text, backend: text, against: text, ours: spread, theirs: spread, ratio: figure },
        ...{ floor: v.optional(figure), aim: figure, note: v.optional(text) },
      }),
      v.check(({ ours, theirs }) => ours.unit === theirs.unit, 'both must have one unit'),
      v.check(
        ({ ours, theirs, ratio }) => near(ratio, theirs.median / ours.median),
        'ratio must be that of the medians',
      ),
      v.check(({ floor = 0, aim }) => floor < aim, 'a floor of its own must lie below the aim'),
    ),
  ),
  limits: v.optional(
    v.array(
      v.pipe(
        v.strictObject({
          ...{ case: text, backend: text, by: v.picklist(['matMul', 'copy']), amount: figure, rate: figure },
          ...{ least: spread, ours: spread, share: figure },
        }),
        v.check(({ least, amount, rate }) => near(least.median, (1000 * amount) / rate), 'least must be amount / rate'),
        v.check(
          ({ least, ours, share }) => near(share, least.median / ours.median),
          'share must be that of the medians',
        ),
      ),
    ),
  ),
  missing: v.optional(v.array(text)),
});

describe('bench/results (oracle: the format as the benches are to write it)', () => {
  it.each(files)('%s', (name, content) => {
    expect(v.safeParse(schema, content).issues ?? []).toEqual([]);
    expect(`${content.name}.json`).toBe(name);
  });
});

describe('docs/performance.md (oracle: figures made up by hand)', () => {
  const about = { backend: 'wasm', against: 'a peer' };
  const times = { ours: spreadOf([2, 1, 4], 'ms'), theirs: spreadOf([1], 'ms') };
  const result: BenchResult = {
    ...{ name: 'thing', commit: 'abc', machine: '2 × a core', versions: { node: 'v20' } },
    cases: [
      { ...about, ...times, case: 'slow', ratio: 0.5, aim: 1, note: 'as it is' },
      { ...about, ...times, case: 'so so', ratio: 0.5, floor: 0.4, aim: 1 },
      { ...about, ...times, case: 'well', ratio: 0.5, floor: 0.3, aim: 0.5 },
    ],
    missing: ['another peer: not here'],
  };
  const page = 'prose\n<!-- figures:thing -->\n<!-- /figures -->\n<!-- figures:other -->\n<!-- /figures -->\n';
  const filled = performance(page, new Map([['thing', result]]));

  it('has ratios with what they should be', () => {
    expect(filled).toMatch(/\| slow +\| wasm +\| a peer +\| 2 ms \(1 to 4\) \| 1 ms +\| 0.5 +\| 1 +\| 1 +\| no +\|/);
    expect(filled).toMatch(/\| so so +\|.*\| 0.4 +\| 1 +\| floor +\|/);
    expect(filled).toMatch(/\| well +\|.*\| 0.3 +\| 0.5 +\| aim +\|/);
    expect(filled).toContain('- Against a peer: as it is.\n- Left out: another peer: not here.');
    expect(filled).toContain('Measured at abc on 2 × a core, with node v20.');
    expect(filled).toContain('Not measured yet: `npm run bench -- other`.');
  });

  it('has limits', () => {
    const limit = { case: 'slow', backend: 'wasm', by: 'copy', amount: 4e9, rate: 2e9, share: 0.25 } as const;
    const limits = [{ ...limit, least: spreadOf([2], 'ms'), ours: spreadOf([8], 'ms') }];
    expect(performance(page, new Map([['thing', { ...result, limits }]]))).toMatch(
      /\| slow +\| wasm +\| bytes moved \| 4 GB +\| 2 GB\/s \| 2 ms +\| 8 ms +\| 25.0 % +\|/,
    );
  });

  it('has a region for every result', () => {
    expect(() => performance('prose', new Map([['thing', result]]))).toThrow('must have one such region');
  });
});
