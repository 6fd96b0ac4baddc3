// Oracle: the extractor, given the whole recording.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureExtractor, type FeatureExtractorOptions } from '../../src/features/featureExtractor.ts';
import { wholeFeatures } from '../../src/features/wholeFeatures.ts';
import { parseModelSettings } from '../../src/model/trainedModel.ts';
import { pretrained } from '../../src/pretrained/index.ts';
import { pretrained as small } from '../../src/pretrained/small.ts';

const KINDS: Record<string, FeatureExtractorOptions> = {
  'the shipped model': parseModelSettings(pretrained.json.userDefinedMetadata?.['speech-emotion']).features,
  'the small model': parseModelSettings(small.json.userDefinedMetadata?.['speech-emotion']).features,
  'the default': {},
  MFCC: { features: { type: 'mfcc' } },
  STFT: { features: { type: 'stft' } },
  'a hop longer than the window': { features: { type: 'logMel', frameLength: 200, fftLength: 256, hopLength: 700 } },
};

describe.each(Object.entries(KINDS))('wholeFeatures of %s', (_, options) => {
  const extractor = new FeatureExtractor({ ...options, trim: false });

  it('gives the frames of the whole, however long it is and however it is cut (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 6000, max: 60_000 })),
        fc.array(fc.oneof(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 30_000 })), { maxLength: 40 }),
        fc.nat(1000),
        async (length, cuts, seed) => {
          const samples = noise(length, seed);
          const whole = extractor.compute(samples);
          const parts: number[] = [];
          for await (const { values } of wholeFeatures(extractor, pieces(samples, cuts))) {
            for (const value of values) parts.push(value);
          }
          expect(parts.length).toBe(whole.values.length);
          const worst = whole.values.reduce((most, value, i) => Math.max(most, Math.abs(value - parts[i]!)), 0);
          expect(worst).toBeLessThan(1e-3); // frames are transformed in pairs, which round differently
        },
      ),
      { numRuns: 60 },
    );
  });
});

function noise(length: number, seed: number): Float32Array {
  let state = seed + 1;
  return Float32Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  });
}

async function* pieces(samples: Float32Array, cuts: readonly number[]): AsyncGenerator<Float32Array> {
  let at = 0;
  for (const cut of cuts) {
    yield samples.subarray(at, at + cut);
    at += cut;
  }
  yield samples.subarray(at);
}
