import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePieces } from '../../src/audio/decodePieces.ts';
import { wav } from '../../src/audio/formats/wav.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { BYTES, dequantise, type EncodeWavOptions, encodeWav, quantise, type WavEncoding } from '../support/wav.ts';

const fixture = (name: string) => readFile(new URL(`../fixtures/audio/${name}`, import.meta.url));
const ENCODINGS: WavEncoding[] = ['uint8', 'int16', 'int24', 'int32', 'float32', 'float64'];

/** What the reader owes for what the writer was given: channels quantised, averaged in double precision, rounded once. */
function expected(channels: readonly (readonly number[])[], encoding: WavEncoding): Float32Array {
  return Float32Array.from(channels[0]!, (_, i) => {
    const stored = channels.map((channel) => dequantise(quantise(channel[i]!, encoding), encoding));
    return stored.reduce((a, b) => a + b, 0) / channels.length;
  });
}

const sample = fc.oneof(
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(-1, 1, 0, 0.5, -0.5, 1 - 2 ** -15, 2 ** -31),
);

const recording = fc
  .record({ channels: fc.integer({ min: 1, max: 6 }), frames: fc.integer({ min: 1, max: 40 }) })
  .chain(({ channels, frames }) =>
    fc.array(fc.array(sample, { minLength: frames, maxLength: frames }), { minLength: channels, maxLength: channels }),
  );

const chunks = fc.array(
  fc.record({ id: fc.constantFrom('LIST', 'bext', 'fact', 'JUNK'), bytes: fc.uint8Array({ maxLength: 9 }) }),
  { maxLength: 3 },
);

/** What the decoder gives, of whatever rate and length. */
const readWav = (bytes: Uint8Array) => decodePieces(wav, bytes, () => {});

describe('wav', () => {
  it('gives back what a naive writer wrote: every encoding, rate, channel count, odd chunks, extensible or not', () =>
    fc.assert(
      fc.asyncProperty(
        recording,
        fc.constantFrom(...ENCODINGS),
        fc.integer({ min: 1000, max: 768_000 }),
        fc.boolean(),
        chunks,
        chunks,
        async (channels, encoding, sampleRate, extensible, before, after) => {
          const bytes = encodeWav(channels, sampleRate, { encoding, extensible, before, after });
          const waveform = await readWav(bytes);
          expect(waveform.sampleRate).toBe(sampleRate);
          expect(waveform.samples).toEqual(expected(channels, encoding));
        },
      ),
      { numRuns: 500 },
    ));

  it('reads to the end where the sizes are those of a stream, or lie, and leaves out a frame cut in two', async () => {
    const size = fc.constantFrom(0, 0xffffffff, 0x7fffffff, 1_000_000);
    await fc.assert(
      fc.asyncProperty(
        recording,
        fc.constantFrom(...ENCODINGS),
        size,
        size,
        fc.nat(1000),
        async (channels, encoding, dataSize, riffSize, cut) => {
          const bytes = encodeWav(channels, 16_000, { encoding, dataSize, riffSize });
          const whole = expected(channels, encoding);
          const frame = BYTES[encoding] * channels.length;
          const kept = Math.max(frame, frame * whole.length - cut); // streams end without the padding of an odd chunk
          const { samples } = await readWav(bytes.subarray(0, 44 + kept));
          expect(samples).toEqual(whole.subarray(0, Math.floor(kept / frame)));
        },
      ),
    );
  });

  it('reads the fixed values at the ends of each integer scale (closed form)', async () => {
    const ends = async (bits: number, ...stored: number[]) => {
      const encoding = bits === 8 ? 'uint8' : (`int${bits}` as WavEncoding);
      return [...(await readWav(encodeWav([stored.map((s) => s / 2 ** (bits - 1))], 8000, { encoding }))).samples];
    };
    expect(await ends(8, -128, 0, 127)).toEqual([-1, 0, 127 / 128]);
    expect(await ends(16, -32768, -1, 0, 1, 32767)).toEqual([-1, -1 / 32768, 0, 1 / 32768, 32767 / 32768]);
    expect(await ends(24, -(2 ** 23), -1, 2 ** 23 - 1)).toEqual([-1, -(2 ** -23), 1 - 2 ** -23]);
    expect(await ends(32, -(2 ** 31), 2 ** 30, 2 ** 31 - 1)).toEqual([-1, 0.5, 1]);
  });

  it('reads a 12-bit sample left-justified in two bytes, whatever the block size says', async () => {
    const bytes = encodeWav([[0.5, -0.25]], 8000, { bits: 12, blockSize: 0 });
    expect([...(await readWav(bytes)).samples]).toEqual([0.5, -0.25]);
  });

  it('distinguishes a stream that left its size at 0 from a file without samples', async () => {
    const empty = encodeWav([[]], 8000, { after: [{ id: 'LIST', bytes: Uint8Array.of(1, 2, 3) }] });
    expect((await readWav(empty)).samples).toHaveLength(0);
    const stream = encodeWav([[0.5, 0.5, 0.5, 0.5]], 8000, { dataSize: 0 });
    expect((await readWav(stream)).samples).toHaveLength(4);
    const shortest = encodeWav([[-1]], 8000, { encoding: 'uint8', dataSize: 0 });
    expect([...(await readWav(shortest.subarray(0, 45))).samples]).toEqual([-1]);
  });

  it('takes an RF64 file’s size from its ds64 chunk', async () => {
    const sizes = new DataView(new ArrayBuffer(28));
    sizes.setBigUint64(8, 4n, true);
    const bytes = encodeWav([[0.5, -0.5]], 8000, {
      dataSize: 0xffffffff,
      before: [{ id: 'ds64', bytes: new Uint8Array(sizes.buffer) }],
      after: [{ id: 'LIST', bytes: new Uint8Array(40) }],
    });
    expect([...(await readWav(bytes)).samples]).toEqual([0.5, -0.5]);
  });

  it('reads from within a larger buffer', async () => {
    const bytes = encodeWav([[0.5, -0.5]], 8000);
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    expect([...(await readWav(larger.subarray(3, 3 + bytes.length))).samples]).toEqual([0.5, -0.5]);
  });

  it.each(['mu-law', 'a-law'])('expands every %s code as sox does', async (law) => {
    const { samples } = await readWav(await fixture(`${law}.wav`));
    expect(samples).toHaveLength(256);
    expect(samples).toEqual((await readWav(await fixture(`${law}.decoded.wav`))).samples);
  });

  it('says what it found in files it cannot read', async () => {
    const made = (options: EncodeWavOptions) => readWav(encodeWav([[0.5, 0.5]], 8000, options));
    await expect(made({ tag: 17, bits: 4 })).rejects.toThrow(
      'found IMA ADPCM samples of 4 bits; 8, 16, 24 and 32 bit integers',
    );
    await expect(made({ tag: 1234 })).rejects.toThrow('found format 1234 samples of 16 bits');
    await expect(made({ bits: 0 })).rejects.toThrow('found integer samples of 0 bits');
    await expect(made({ bits: 64 })).rejects.toThrow('found integer samples of 64 bits');
    await expect(made({ tag: 3, bits: 16 })).rejects.toThrow('found float samples of 16 bits');
    await expect(readWav(encodeWav([], 8000))).rejects.toThrow('found 0 channels');
    const bytes = encodeWav([[0.5]], 8000);
    await expect(readWav(bytes.subarray(0, 12))).rejects.toThrow('found no format chunk');
    await expect(readWav(bytes.subarray(0, 30))).rejects.toThrow('found a damaged format chunk');
    await expect(readWav(bytes.subarray(0, 40))).rejects.toThrow('found no data chunk');
    const adpcm = await fixture('adpcm.wav');
    await expect(readWav(adpcm)).rejects.toThrow(AudioFormatError);
    await expect(readWav(adpcm)).rejects.toThrow('found Microsoft ADPCM samples of 4 bits');
  });

  it('believes no size in a header: what it allocates is bounded by the bytes there are', async () => {
    const bytes = encodeWav([[0.5]], 8000, { dataSize: 0xfffffffe, riffSize: 0xfffffffe });
    expect((await readWav(bytes)).samples).toHaveLength(1);
    const hugeChunk = encodeWav([[0.5]], 8000, { before: [{ id: 'JUNK', bytes: new Uint8Array(4) }] });
    new DataView(hugeChunk.buffer).setUint32(16, 0xfffffff0, true);
    await expect(readWav(hugeChunk)).rejects.toThrow('found no format chunk');
  });
});
