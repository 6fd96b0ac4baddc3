import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { decodePieces } from '../../src/audio/decodePieces.ts';
import { wav } from '../../src/audio/formats/wav.ts';
import { holdWaveform } from '../../src/audio/holdWaveform.ts';
import { monoPieces } from '../../src/audio/monoPieces.ts';
import { ByteReader } from '../../src/core/byteReader.ts';
import { decodedAs } from '../support/decoded.ts';
import { BYTES, dequantise, type EncodeWavOptions, encodeWav, quantise, type WavEncoding } from '../support/wav.ts';

const fixture = (name: string) => readFile(new URL(`../fixtures/audio/${name}`, import.meta.url));
const ENCODINGS: WavEncoding[] = ['uint8', 'int16', 'int24', 'int32', 'float32', 'float64'];

/** What the reader owes for what the writer was given: the channels, quantised. */
function expected(channels: readonly (readonly number[])[], encoding: WavEncoding): number[][] {
  return channels.map((channel) => channel.map((sample) => dequantise(quantise(sample, encoding), encoding) + 0));
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

/** A chunk without the padding that it should have. */
const chunk = (id: string, bytes: Uint8Array) =>
  Buffer.concat([Buffer.from(id), Buffer.from(Uint32Array.of(bytes.length).buffer), bytes]);

/** A WAV of two channels, made faster than the naive writer does. */
function encodeFloats(left: Float32Array, right: Float32Array, double: boolean): Uint8Array {
  const header = encodeWav([[], []], 8000, { encoding: double ? 'float64' : 'float32', dataSize: 0xffffffff });
  const samples = double ? new Float64Array(2 * left.length) : new Float32Array(2 * left.length);
  for (const [i, sample] of left.entries()) samples.set([sample, right[i]!], 2 * i);
  return Buffer.concat([header, new Uint8Array(samples.buffer)]);
}

/** What the decoder gives, of whatever rate and length. */
const readWav = (bytes: Uint8Array) =>
  holdWaveform(
    monoPieces(
      'decode audio',
      decodePieces(wav, new ByteReader(bytes), () => {}),
    ),
  );

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
          const decoded = await decodedAs(wav, bytes);
          expect(decoded).toEqual({ channels: expected(channels, encoding), sampleRate });
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
          const kept = Math.max(frame, frame * whole[0]!.length - cut); // streams end without the padding of an odd chunk
          const decoded = await decodedAs(wav, bytes.subarray(0, 44 + kept));
          expect(decoded.channels).toEqual(whole.map((channel) => channel.slice(0, Math.floor(kept / frame))));
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

  it.each(['gsm.wav', 'ima-adpcm.wav', 'ms-adpcm.wav'])('decodes %s to the very samples of sox', async (name) => {
    const theirs = (await decodeAudio(await fixture(`${name}.decoded.flac`))).samples;
    const ours = (await readWav(await fixture(name))).samples;
    expect(ours.length).toBeGreaterThan(3000);
    expect(theirs.length - ours.length).toBeLessThanOrEqual(1017); // sox does not trim what pads the last block of IMA's
    expect(ours).toEqual(theirs.subarray(0, ours.length));
  });

  it.each(['gsm.wav', 'ima-adpcm.wav', 'ms-adpcm.wav'])('decodes what is left of %s', async (name) => {
    const bytes = await fixture(name);
    const whole = (await readWav(bytes)).samples;
    const { samples } = await readWav(bytes.subarray(0, Math.floor(0.7 * bytes.length)));
    expect(samples.length).toBeGreaterThan(0.5 * whole.length);
    expect(samples).toEqual(whole.subarray(0, samples.length));
  });

  it('takes µ-law and A-law for 8 bits, whatever the header says', async () => {
    for (const [law, tag] of [
      ['mu-law', 7],
      ['a-law', 6],
    ] as const) {
      const right = await fixture(`${law}.wav`);
      const wrong = Uint8Array.from(right);
      expect(new DataView(wrong.buffer).getUint16(20, true)).toBe(tag);
      for (const bits of [0, 1, 12, 16, 64]) {
        new DataView(wrong.buffer).setUint16(34, bits, true);
        expect((await readWav(wrong)).samples).toEqual((await readWav(right)).samples);
      }
    }
  });

  it('takes chunks in any order, unpadded, of lying sizes, and behind samples of unknown number (oracle: the plain file)', async () => {
    const values = Array.from({ length: 301 }, (_, i) => Math.sin(i) / 2);
    const plain = encodeWav([values], 8000);
    const { samples } = await readWav(plain);
    const [head, fmt, data] = [plain.subarray(0, 12), plain.subarray(12, 36), plain.subarray(36)];
    const text = chunk('LIST', Buffer.from('INFOISFT\x05\0\0\0Lavf\0'));
    expect(text).toHaveLength(25);
    const unknown = (size: number) => {
      const copy = Uint8Array.from(data);
      new DataView(copy.buffer).setUint32(4, size, true);
      return copy;
    };
    const files = [
      [head, data, fmt],
      [head, text, data, text, new Uint8Array(1), fmt],
      [head, fmt, text, data],
      [head, fmt, text, new Uint8Array(1), data],
      [head, text, text, fmt, text, data, text],
      ...[0, 0xffffffff, 0x7fffffff].flatMap((size) => [
        [head, fmt, unknown(size), text],
        [head, fmt, unknown(size), text, new Uint8Array(1), chunk('id3 ', Buffer.from('ID3\x03'))],
        [head, unknown(size), fmt],
        [head, fmt, unknown(size), plain], // joined
      ]),
    ];
    for (const [i, parts] of files.entries()) {
      expect((await readWav(Buffer.concat(parts))).samples, `file ${i}`).toEqual(samples);
    }
  });

  it.each([
    ['float32', 16, 15_000],
    ['float64', 16, 40_000],
    ['float32', 24, 2 ** 22],
    ['float64', 32, 2 ** 30],
  ] as const)(
    'refuses %s in the range of %i-bit integers, whichever channel they are in',
    async (encoding, bits, peak) => {
      const few = 2 ** 15; // the loudest in a later piece
      const left = new Float32Array(few).fill(9, 1000, 1001);
      const right = new Float32Array(few).fill(-peak, few - 1);
      const bytes = encodeFloats(left, right, encoding === 'float64');
      await expect(readWav(bytes)).rejects.toThrow(
        `found float samples up to ${+peak.toPrecision(6)}, where full scale is ±1; they seem to be ${bits}-bit integers, ` +
          `to be divided by ${2 ** (bits - 1)}`,
      );
    },
  );

  it('takes floats somewhat beyond full scale as they are', async () => {
    expect([...(await readWav(encodeWav([[8, -8, 1.5]], 8000, { encoding: 'float32' }))).samples]).toEqual([
      8, -8, 1.5,
    ]);
  });

  it('says what it found in files it cannot read', async () => {
    const made = (options: EncodeWavOptions) => readWav(encodeWav([[0.5, 0.5]], 8000, options));
    await expect(made({ tag: 20, bits: 4 })).rejects.toThrow(
      'found G.723 ADPCM samples of 4 bits; 8, 16, 24 and 32 bit integers',
    );
    await expect(made({ tag: 17, bits: 3 })).rejects.toThrow('found IMA ADPCM samples of 3 bits');
    await expect(made({ tag: 17, bits: 4 })).rejects.toThrow('found blocks of 2 bytes, which hold no samples');
    await expect(made({ tag: 85, bits: 0 })).rejects.toThrow('found MP3 samples of 0 bits');
    await expect(made({ tag: 1234 })).rejects.toThrow('found format 1234 samples of 16 bits');
    await expect(made({ bits: 0 })).rejects.toThrow('found integer samples of 0 bits');
    await expect(made({ bits: 64 })).rejects.toThrow('found integer samples of 64 bits');
    await expect(made({ tag: 3, bits: 16 })).rejects.toThrow('found float samples of 16 bits');
    await expect(readWav(encodeWav([], 8000))).rejects.toThrow('found 0 channels');
    const bytes = encodeWav([[0.5]], 8000);
    await expect(readWav(bytes.subarray(0, 12))).rejects.toThrow('found no format chunk');
    await expect(readWav(bytes.subarray(0, 30))).rejects.toThrow('found a damaged format chunk');
    await expect(readWav(bytes.subarray(0, 40))).rejects.toThrow('found no data chunk');
  });

  it('believes no size in a header: what it allocates is bounded by the bytes there are', async () => {
    const bytes = encodeWav([[0.5]], 8000, { dataSize: 0xfffffffe, riffSize: 0xfffffffe });
    expect((await readWav(bytes)).samples).toHaveLength(1);
    const hugeChunk = encodeWav([[0.5]], 8000, { before: [{ id: 'JUNK', bytes: new Uint8Array(4) }] });
    new DataView(hugeChunk.buffer).setUint32(16, 0xfffffff0, true);
    expect((await readWav(hugeChunk)).samples).toHaveLength(1); // the letters of the next chunk lead back
    await expect(readWav(hugeChunk.subarray(0, 24))).rejects.toThrow('found no format chunk, the file is cut short');
  });
});
