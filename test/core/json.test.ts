import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from '../../src/core/json.ts';

// The oracle is JSON.parse itself, and a depth that is counted on the value and not on the text.
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

it('gives what JSON.parse gives, and refuses just what is nested deeper than it may be', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 6 }), (text, maxDepth) => {
      const value = JSON.parse(text);
      if (depthOf(value) > maxDepth) expect(() => parseJson(text, maxDepth)).toThrow(RangeError);
      else expect(parseJson(text, maxDepth)).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

it('takes brackets in strings for text, whatever quotes and backslashes stand beside them', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('[', '{', '"', '\\', ']', 'a') }), (text) => {
      expect(parseJson(JSON.stringify([text]), 1)).toEqual([text]);
    }),
  );
});

it.each(['['.repeat(100_000), '{"a":'.repeat(100_000), `${'['.repeat(1e6)}${']'.repeat(1e6)}`])(
  'refuses a hundred thousand levels by an error of its own (%#)',
  (text) => expect(() => parseJson(text)).toThrow(/^Cannot parse JSON: values may be nested 100 deep/),
);

it.each(['', '{', '"', '"\\', '[1,]', '}{', 'nonsense'])('says that %j is no JSON', (text) => {
  expect(() => parseJson(text)).toThrow(SyntaxError);
});
