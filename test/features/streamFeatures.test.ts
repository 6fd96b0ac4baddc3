import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { streamFeatures } from '../../src/features/streamFeatures.ts';
import { expectClose } from '../support/arrays.ts';

const extractor = new FeatureExtractor({
  sampleRate: 2000,
  trim: false,
  features: { type: 'logMel', melBands: 12, maxHz: 1000, frameLength: 160, hopLength: 50 },
});
const draws = new RandomStream(1);
const noise = Float32Array.from({ length: 20_000 }, () => 0.2 * draws.normal());

async function* cut(samples: Float32Array, sizes: readonly number[]) {
  for (let at = 0, i = 0; at < samples.length; i++) {
    const size = sizes[i % sizes.length]!;
    yield samples.subarray(at, at + size);
    at += size;
  }
}

it('gives the frames that the extractor gives of the whole, but for those that see beyond its ends (oracle: extract)', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1000, 2000, 4000, 4410),
      fc.integer({ min: 1, max: noise.length }),
      fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 5 }),
      async (sampleRate, length, sizes) => {
        const samples = noise.subarray(0, length);
        const whole = await extractor.extract({ samples, sampleRate });
        let next: number | undefined;
        for await (const { startFrame, frames, values, bins } of streamFeatures(extractor, cut(samples, sizes), {
          sampleRate,
        })) {
          if (next !== undefined) expect(startFrame).toBe(next);
          next = startFrame + frames;
          expectClose(values, whole.values.subarray(startFrame * bins, next * bins), 1e-3);
        }
        // A frame's 160 samples are centred on it: two frames at either end see beyond.
        if (whole.frames > 8) expect(next).toBeGreaterThanOrEqual(whole.frames - 3);
      },
    ),
    { numRuns: 40 },
  ));

it('refuses what makes no sense', async () => {
  const take = (sampleRate: number, more = {}) =>
    streamFeatures(extractor, cut(noise, [99]), { sampleRate, ...more }).next();
  await expect(take(0)).rejects.toThrow(RangeError);
  await expect(take(2000, { hop: 1 })).rejects.toThrow(/hop/);
});

it('ends the source when its loop ends', async () => {
  let ended = false;
  async function* source() {
    try {
      for (;;) yield noise;
    } finally {
      ended = true;
    }
  }
  for await (const _ of streamFeatures(extractor, source(), { sampleRate: 2000 })) break;
  expect(ended).toBe(true);
});
