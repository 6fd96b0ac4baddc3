import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Example, type ExampleSet, FeatureExtractor } from 'speech-emotion';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSize } from '../../experiments/gpu/featureSize.ts';
import { type KitPlan, readKit, writeKit } from '../../experiments/gpu/kit.ts';
import { HEAD } from '../support/madeUpResults.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'speech-emotion-kit-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('a kit', () => {
  const { commit: _, checks: __, ...head } = HEAD;
  const plan: KitPlan = {
    ...{ head, resultFile: 'si5.json', commit: 'abc1234', speakers: 'independent', seeds: [1, 2] },
    folds: [{ name: 'actors5/0', train: [{ name: 'b' }], test: [{ name: 'a' }] }],
  };
  const set: ExampleSet = {
    labels: ['neutral', 'happy'],
    features: new FeatureExtractor().options,
    speeds: [1, 1.06],
    examples: [exampleOf('a', 0), exampleOf('b', 1)],
  };
  const extra = { ...set, examples: [{ ...exampleOf('c', 1), corpus: 'TESS', asked: [0, 1] }] };

  it('is read as it was written, its features within half a unit of 11 bits', async () => {
    expect(await writeKit(folder, plan, set, extra)).toBe(2 * 3 * (4 * 3 + 2 * 3)); // bytes, clips, frames of three bins
    const kit = await readKit(folder);
    expect({ ...kit, own: undefined, extra: undefined }).toEqual({ ...plan, own: undefined, extra: undefined });
    expect(withoutValues(kit.own)).toEqual(withoutValues(set));
    expect(withoutValues(kit.extra!)).toEqual(withoutValues(extra));
    const written = valuesOf(set);
    for (const [i, value] of valuesOf(kit.own).entries()) {
      expect(Math.abs(value - written[i]!)).toBeLessThanOrEqual(Math.abs(written[i]!) * 2 ** -11);
    }
    await writeKit(folder, plan, set, undefined);
    expect((await readKit(folder)).extra).toBeUndefined();
  });

  it('is refused in clear words when a file is damaged, cut short, missing or of another version', async () => {
    await writeKit(folder, plan, set, undefined);
    const [features, text] = [join(folder, 'features.bin'), join(folder, 'kit.json')];
    const whole = await readFile(features);
    const damaged = /Cannot read the kit: features.bin must be as it was written, but it is damaged: copy it again/;
    const flipped = Uint8Array.from(whole);
    flipped[5]! ^= 1;
    for (const bytes of [flipped, whole.subarray(0, -2), new Uint8Array()]) {
      await writeFile(features, bytes);
      await expect(readKit(folder)).rejects.toThrow(damaged);
    }
    await rm(features);
    await expect(readKit(folder)).rejects.toThrow(/Cannot read the kit: ENOENT.*features.bin/);
    const plain = await readFile(text, 'utf8');
    await writeFile(text, plain.replace('"version":1', '"version":2'));
    await expect(readKit(folder)).rejects.toThrow('Cannot read the kit: its version must be 1, got 2');
    await writeFile(text, plain.slice(0, -9));
    await expect(readKit(folder)).rejects.toThrow(/Cannot read the kit: kit.json must be as it was written/);
  });
});

describe('features that are too large', () => {
  const values = new Float32Array(1e6); // 2 MB in 16 bit
  const clips = (count: number, copies: number): Example[] =>
    Array.from({ length: count }, (_, i) => ({
      ...exampleOf(`clip ${i}`, 0),
      variants: Array.from({ length: 1 + copies }, () => ({ values, frames: 1e4, bins: 100 })),
    }));

  it('are refused with their size and the speed copies with which they would fit', () => {
    expect(() => checkSize(clips(20, 0), [])).not.toThrow(); // 40 MB
    expect(() => checkSize(clips(6, 4), [0.88, 0.94, 1.06, 1.12])).toThrow(
      'Cannot write the kit: features must be at most 40.0 MB in 16 bit, got 60.0 MB of 6 clips with 4 speed copies each; ' +
        '--speeds 0.88,0.94 would take 36.0 MB, and is another configuration',
    );
    expect(() => checkSize(clips(15, 1), [1.06])).toThrow('--speeds none would take 30.0 MB');
    expect(() => checkSize(clips(21, 1), [1.06])).toThrow('without any they would be 42.0 MB: give fewer clips');
  });
});

/** A clip of 4 frames, and a copy of 2. */
function exampleOf(name: string, label: number): Example {
  const variants = [4, 2].map((frames) => ({
    values: Float32Array.from({ length: 3 * frames }, (_, i) => 40 * Math.sin(i + label + 1)),
    ...{ frames, bins: 3 },
  }));
  return { name, label, speaker: `of ${name}`, groups: { sex: 'female' }, variants };
}

function withoutValues(set: ExampleSet) {
  const examples = set.examples.map((example) => ({
    ...example,
    variants: example.variants.map(({ frames, bins }) => [frames, bins]),
  }));
  return { ...set, examples };
}

function valuesOf({ examples }: ExampleSet): number[] {
  return examples.flatMap(({ variants }) => variants.flatMap(({ values }) => [...values]));
}
