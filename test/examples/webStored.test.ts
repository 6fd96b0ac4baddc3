import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import about from '../../examples/web/stored/about.json' with { type: 'json' };
import { makeShipped } from '../../examples/web/stored/make.ts';
import shipped from '../../examples/web/stored/shipped.json' with { type: 'json' };
import { root } from '../support/program.ts';

/* What the page shows before any model is loaded. Oracle: the shipped model, now, on the same clips; the results on record. */

it('is what the shipped model says: run npx tsx examples/web/stored/make.ts after a change', async () => {
  const { shipped: now, about: figures, levels } = await makeShipped();
  expect(shipped.model).toEqual(now.model);
  expect(about).toEqual(figures); // which docs/results and the model's own record give
  expect(shipped.examples.map(({ id }) => id)).toEqual(now.examples.map(({ id }) => id));
  for (const [i, { result, segments, captions }] of now.examples.entries()) {
    const stored = shipped.examples[i]!;
    expect(stored.captions).toEqual(captions);
    expect(stored.segments.length).toBe(segments.length);
    expect(stored.result.label).toBe(result.label);
    expect(stored.result.confidence).toBeCloseTo(result.confidence ?? 0, 3);
  }
  for (const [id, values] of levels) {
    const stored = await readFile(join(root, `examples/web/stored/${id}.levels`));
    expect(stored.length).toBe(values.length);
    expect(stored.every((level, at) => Math.abs(level - values[at]!) <= 1)).toBe(true);
  }
}, 240_000);
