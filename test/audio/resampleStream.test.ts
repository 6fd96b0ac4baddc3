import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resample } from '../../src/audio/resample.ts';
import { ResampleStream } from '../../src/audio/resampleStream.ts';
import { RandomStream } from '../../src/core/random.ts';

const noise = Float32Array.from({ length: 40_000 }, (_, i) => 0.2 * new RandomStream(1, i).normal());

describe('ResampleStream', () => {
  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [8000, 16_000],
    [22_050, 16_000],
    [16_000, 16_000],
    [12_345, 16_000],
  ])('%i to %i Hz: in pieces of any size, what the whole gives (oracle: resample)', async (from, to) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 7000 }),
        async (sizes, last) => {
          const stream = new ResampleStream(from, to);
          const pieces: Float32Array[] = [];
          let length = 0;
          for (const size of [...sizes, last]) {
            pieces.push(stream.push(noise.slice(length, length + size)));
            length = Math.min(noise.length, length + size);
            // What is held back is less than the filter's reach, so delay is bounded.
            const made = pieces.reduce((sum, piece) => sum + piece.length, 0);
            expect(length - (made * from) / to).toBeLessThan(120 * Math.max(1, from / to) + from / to);
          }
          pieces.push(stream.flush());
          const found = Float32Array.from(pieces.flatMap((piece) => [...piece]));
          const { samples } = await resample({ samples: noise.slice(0, length), sampleRate: from }, to);
          expect(found).toHaveLength(samples.length);
          for (const [i, value] of samples.entries()) if (found[i] !== value) expect([i, found[i]]).toEqual([i, value]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('gives 48 kHz within a hundredth of a second', () => {
    const stream = new ResampleStream(48_000, 16_000);
    let made = 0;
    for (let at = 0; at < noise.length; at += 128) {
      made += stream.push(noise.subarray(at, at + 128)).length; // as an audio worklet has them
      expect(at / 48_000 - made / 16_000).toBeLessThan(0.01);
    }
  });

  it('refuses rates that resample refuses', () => {
    expect(() => new ResampleStream(0, 16_000)).toThrow("the waveform's sampleRate must be a whole number");
    expect(() => new ResampleStream(16_000, 1.5)).toThrow(RangeError);
    expect(() => new ResampleStream(300_000, 1000)).toThrow('within 256 times');
  });
});
