import { readFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PcmFormat, pcm } from '../../src/node/pcm.ts';

async function all(source: AsyncIterable<Float32Array>): Promise<number[]> {
  const samples: number[] = [];
  for await (const piece of source) samples.push(...piece);
  return samples;
}

/** Bytes of a sample. */
const BYTES: Record<PcmFormat, number> = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4, mulaw: 1, alaw: 1 };

/** Samples as bytes, by Node's own buffers and G.711's tables as sox has them: the oracle. */
function written(samples: readonly number[], format: PcmFormat, byteOrder: 'little' | 'big' = 'little'): Buffer {
  const width = BYTES[format];
  const bytes = Buffer.alloc(samples.length * width);
  for (const [i, sample] of samples.entries()) {
    if (format === 'mulaw' || format === 'alaw') bytes[i] = nearestCode(LAWS[format], sample);
    else if (format === 'u8') bytes[i] = Math.round(sample * 128) + 128;
    else if (format === 'f32') bytes.writeFloatLE(sample, 4 * i);
    else bytes.writeIntLE(Math.round(sample * 2 ** (8 * width - 1)), width * i, width);
  }
  if (byteOrder === 'big') for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
  return bytes;
}

/** The sample of each code, as sox decoded it: 16 bits behind a header of 44 bytes. */
const decoded = (name: string) =>
  new Int16Array(
    Uint8Array.from(readFileSync(new URL(`../fixtures/audio/${name}.decoded.wav`, import.meta.url)).subarray(44))
      .buffer,
  );
const LAWS = { mulaw: decoded('mu-law'), alaw: decoded('a-law') };

function nearestCode(table: Int16Array, sample: number): number {
  let best = 0;
  for (const [code, value] of table.entries()) {
    if (Math.abs(value / 32_768 - sample) < Math.abs(table[best]! / 32_768 - sample)) best = code;
  }
  return best;
}

const samples = Array.from({ length: 300 }, (_, i) => Math.sin(i) * 0.9);
const LEAST: Record<PcmFormat, number> = {
  u8: 1 / 256 + 1e-9,
  s16: 1 / 65_536 + 1e-9,
  s24: 2e-7,
  s32: 1e-7,
  f32: 1e-7,
  mulaw: 1 / 64, // half a step of the loudest samples
  alaw: 1 / 64,
};

describe('pcm', () => {
  it.each(['mulaw', 'alaw'] as const)('reads every code of %s as sox does', async (format) => {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
    const found = await all(pcm(Readable.from([codes]), { format }));
    expect(found.map((sample) => sample * 32_768 + 0)).toEqual([...LAWS[format]]);
  });

  it.each(['u8', 's16', 's24', 's32', 'f32', 'mulaw', 'alaw'] as const)(
    'reads %s of either byte order',
    async (format) => {
      const little = await all(pcm(Readable.from([written(samples, format)]), { format, byteOrder: 'little' }));
      const big = await all(pcm(Readable.from([written(samples, format, 'big')]), { format, byteOrder: 'big' }));
      expect(big).toEqual(little);
      for (const [i, value] of samples.entries()) expect(Math.abs(big[i]! - value)).toBeLessThanOrEqual(LEAST[format]);
    },
  );

  it.each(['u8', 's16', 's24', 's32', 'f32', 'mulaw', 'alaw'] as const)(
    'reads %s wherever the pieces end (property)',
    async (format) => {
      const bytes = written(samples, format);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 30 }), async (sizes) => {
          const pieces: Buffer[] = [];
          let at = 0;
          for (const size of [...sizes, bytes.length]) {
            pieces.push(bytes.subarray(at, at + size));
            at += size;
          }
          const found = await all(pcm(Readable.from(pieces), { format }));
          expect(found).toHaveLength(samples.length);
          for (const [i, value] of samples.entries())
            expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(LEAST[format]);
        }),
        { numRuns: 30 },
      );
    },
  );

  it('mixes channels that take turns', async () => {
    const stereo = samples.flatMap((sample) => [sample, -sample / 2]);
    const found = await all(pcm(Readable.from([written(stereo, 'f32')]), { format: 'f32', channels: 2 }));
    for (const [i, value] of samples.entries()) expect(found[i]).toBeCloseTo(value / 4, 6);
  });

  it('leaves out what is no whole sample at the end', async () => {
    expect(await all(pcm(Readable.from([written([0.5, 0.25], 's16').subarray(0, 3)])))).toEqual([0.5]);
  });

  it('ends the stream when the loop ends, and passes its errors on', async () => {
    const stream = new PassThrough();
    stream.write(written(samples, 's16'));
    for await (const _ of pcm(stream)) break;
    expect(stream.destroyed).toBe(true);
    const broken = new PassThrough();
    broken.destroy(new Error('unplugged'));
    await expect(all(pcm(broken))).rejects.toThrow('unplugged');
  });

  it('ends a stream that gives nothing, whether it was begun or not', async () => {
    for (const begun of [true, false]) {
      const quiet = new PassThrough();
      const source = pcm(quiet);
      const pending = begun ? source.next() : undefined;
      pending?.catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
      await source.return();
      expect(quiet.destroyed).toBe(true);
      await Promise.allSettled([pending]); // it settles
    }
  });

  it('takes arrays of another realm', async () => {
    const foreign = runInNewContext('Uint8Array.of(0, 64, 0, 32)') as Uint8Array;
    expect(foreign).not.toBeInstanceOf(Uint8Array);
    expect(await all(pcm(Readable.from([foreign])))).toEqual([0.5, 0.25]);
  });

  it.each([
    [{ format: 's8' }, RangeError, /format must be .*u8.*s16.*s24.*s32.*f32.*mulaw.*alaw/],
    [{ byteOrder: 'middle' }, RangeError, /byteOrder must be .*little.*big/],
    [{ channels: 0 }, RangeError, 'channels must be'],
    [{ channels: '1' }, TypeError, 'channels must be'],
    [{ rate: 3 }, TypeError, "no option named 'rate'"],
    [null, TypeError, 'options must be an object'],
  ])('says what is wrong: %j', (options, kind, message) => {
    expect(() => pcm(Readable.from([]), options as never)).toThrow(kind);
    expect(() => pcm(Readable.from([]), options as never)).toThrow(message);
  });

  it('says what is wrong with the bytes', async () => {
    for (const bytes of [undefined, null, 'text', new Uint8Array(4)]) {
      expect(() => pcm(bytes as never)).toThrow('bytes must be a Readable');
    }
    await expect(all(pcm(Readable.from(['text'])))).rejects.toThrow('must give bytes, got string');
  });
});
