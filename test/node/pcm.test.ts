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

/** Samples as bytes, by Node's own buffers: the oracle. */
function written(samples: readonly number[], format: PcmFormat): Buffer {
  const bytes = Buffer.alloc(samples.length * (format === 's16' ? 2 : 4));
  for (const [i, sample] of samples.entries()) {
    if (format === 's16') bytes.writeInt16LE(Math.round(sample * 32_768), 2 * i);
    else if (format === 's32') bytes.writeInt32LE(Math.round(sample * 2 ** 31), 4 * i);
    else bytes.writeFloatLE(sample, 4 * i);
  }
  return bytes;
}

const samples = Array.from({ length: 300 }, (_, i) => Math.sin(i) * 0.9);
const LEAST: Record<PcmFormat, number> = { s16: 1 / 65_536 + 1e-9, s32: 1e-7, f32: 1e-7 };

describe('pcm', () => {
  it.each(['s16', 's32', 'f32'] as const)('reads %s wherever the pieces end (property)', async (format) => {
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
  });

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
    [{ format: 'u8' }, RangeError, /format must be .*s16.*s32.*f32/],
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
