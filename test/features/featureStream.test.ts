import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { Ring } from '../../src/core/ring.ts';
import { FeatureExtractor, type FeatureExtractorOptions } from '../../src/features/featureExtractor.ts';
import { FeatureStream } from '../../src/features/featureStream.ts';

describe('Ring', () => {
  it('keeps the latest numbers of a sequence (oracle: an array that grows)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.integer({ min: 0, max: 25 })), (capacity, sizes) => {
        const ring = new Ring(capacity);
        const all: number[] = [];
        for (const size of sizes) {
          const numbers = Float32Array.from({ length: size }, (_, i) => all.length + i);
          ring.push(numbers);
          all.push(...numbers);
          expect([ring.start, ring.end]).toEqual([Math.max(0, all.length - capacity), all.length]);
          for (let from = ring.start; from <= ring.end; from++) {
            for (let to = from; to <= ring.end; to++) {
              expect(Array.from(ring.slice(from, to))).toEqual(all.slice(from, to));
            }
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('says so when numbers are gone, or not there yet', () => {
    const ring = new Ring(4);
    ring.push(new Float32Array(6));
    expect(() => ring.slice(1, 3)).toThrow('Cannot read: 1 to 3 must lie within 2 to 6');
    expect(() => ring.slice(5, 7)).toThrow(RangeError);
    expect(() => ring.slice(5, 4)).toThrow(RangeError);
  });
});

const noise = Float32Array.from({ length: 9000 }, (_, i) => 0.2 * new RandomStream(1, i).normal());

describe('FeatureStream', () => {
  const frames = { sampleRate: 2000, frameLength: 160, hopLength: 50 };
  const { sampleRate, ...options } = frames;
  const kinds: Record<string, FeatureExtractorOptions> = {
    'log-mel, mirrored ends': {
      sampleRate,
      features: { type: 'logMel', melBands: 12, maxHz: 1000, minHz: 50, ...options },
    },
    'log-mel, zeros beyond': {
      sampleRate,
      features: { type: 'logMel', melBands: 12, maxHz: 1000, minHz: 50, padding: 'constant', ...options },
    },
    'STFT, no frames beyond': { sampleRate, features: { type: 'stft', padding: 'none', ...options } },
    'STFT, frames of an odd length': { sampleRate, features: { type: 'stft', ...options, frameLength: 133 } },
    MFCC: { sampleRate, features: { type: 'mfcc', melBands: 12, maxHz: 1000, minHz: 50, ...options } },
  };

  it.each(Object.entries(kinds))('%s: any stretch has the features it has alone (oracle: the extractor)', (_, kind) => {
    const extractor = new FeatureExtractor(kind);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 4, maxLength: 20 }),
        fc.integer({ min: 300, max: 3000 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (sizes, capacity, draws) => {
          const stream = new FeatureStream(extractor, capacity);
          let end = 0;
          for (const size of sizes) {
            stream.push(noise.subarray(end, end + size));
            end = Math.min(noise.length, end + size);
            expect(stream.end).toBe(end);
            expect(end - stream.start).toBeLessThanOrEqual(2 * capacity + 2 * 256);
            const hop = options.hopLength;
            const first = Math.ceil(Math.max(stream.start, end - capacity) / hop);
            const from = hop * (first + Math.floor(draws.next().value! * ((end / hop - first) * 0.9)));
            const to = from + Math.ceil(draws.next().value! * (end - from));
            if (to <= from) continue;
            const [found, wanted] = [stream.features(from, to), extractor.compute(noise.slice(from, to))];
            expect([found.frames, found.bins]).toEqual([wanted.frames, wanted.bins]);
            for (const [i, value] of wanted.values.entries())
              expect(Math.abs(found.values[i]! - value)).toBeLessThan(1e-4);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps as many samples as its capacity, however large the pieces they come in', () => {
    const extractor = new FeatureExtractor(kinds['log-mel, mirrored ends']);
    const stream = new FeatureStream(extractor, 2000);
    stream.push(noise);
    expect(stream.start).toBeLessThanOrEqual(noise.length - 2000 + options.hopLength);
    const from = options.hopLength * Math.ceil((noise.length - 2000) / options.hopLength);
    expect(stream.features(from, noise.length).values).toHaveLength(12 * (1 + Math.floor((noise.length - from) / 50)));
  });
});
