// Formats of plain samples and of fixed blocks, as their bytes come. Oracle: the same file in one piece; for when sound comes, the bytes
// that were asked for.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { soundPieces } from '../../src/audio/soundPieces.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { decodedSound, inPieces } from '../support/decoded.ts';
import { join, letters, type Sound, sampleBytes, WRITERS } from '../support/soundFiles.ts';
import { encodeWav } from '../support/wav.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));

/** A file with some bytes in place of others. */
function withBytes(file: Uint8Array, at: number, bytes: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(file);
  copy.set(bytes, at);
  return copy;
}

const values = Array.from({ length: 400 }, (_, i) => Math.round(10_000 * Math.sin(i / 3)));
const plain = encodeWav([values.map((value) => value / 2 ** 15)], 8000);
const [head, format, data] = [plain.subarray(0, 12), plain.subarray(12, 36), plain.subarray(36)];
const list = join(letters('LIST\x11\0\0\0INFOISFT\x05\0\0\0Lavf\0'));
const sound = (little: boolean): Sound => {
  return { bytes: sampleBytes(values, 's16', little), written: 's16', little, channels: 2, sampleRate: 16_000 };
};
const ofSize = (size: readonly number[]) => withBytes(data, 4, size);

const FILES: readonly (readonly [string, Uint8Array])[] = [
  ...['speech.wav', 'mu-law.wav', 'gsm.wav', 'ima-adpcm.wav', 'ms-adpcm.wav', 'aiff.wav'].map(
    (name) => [name, fixture(name)] as const,
  ),
  ...Object.entries(WRITERS).flatMap(([name, { write }]) =>
    [undefined, 0, 0xffffffff, 1e9, 100].map(
      (size) =>
        [`${name} of size ${size}`, write(sound(name === 'Wave64'), size === undefined ? {} : { size })] as const,
    ),
  ),
  ...[
    [0, 0, 0, 0],
    [255, 255, 255, 255],
    [255, 255, 255, 127],
    [0, 1, 0, 0],
  ].flatMap((size) => [
    [`WAV of size ${size}`, join(head, format, ofSize(size))] as const,
    [`WAV of size ${size} with a chunk behind`, join(head, format, ofSize(size), list)] as const,
    [`WAV of size ${size} with a file behind`, join(head, format, ofSize(size), list, [0], plain)] as const,
    [`WAV of size ${size} with what is no chunk behind`, join(head, format, ofSize(size), list, [1, 2, 3])] as const,
    [`WAV of size ${size} before the format`, join(head, ofSize(size), list, [0], format)] as const,
  ]),
  ['WAV of MP3', withBytes(join(head, format, data.subarray(0, 8), fixture('speech.mp3')), 20, [85, 0])],
  ['WAV of plain samples that are MP3', join(head, format, data.subarray(0, 8), fixture('speech.mp3'))],
  ['WAV that is MP3', join(head, fixture('speech.mp3'))],
  ['WAV with a chunk that is too long', join(head, letters('JUNK\xf0\xff\xff\xff1234'), format, data)],
  ['WAV with a chunk that is too short', join(head, format, letters('LIST\x03\0\0\0text and text'), data)],
  ['WAV without samples', join(head, format, list)],
  ['WAV without a format', join(head, list, [0], data)],
  ['WAV of nothing', head],
];

const outcome = (input: Parameters<typeof decodedSound>[0]) =>
  decodedSound(input).catch((error: unknown) => {
    expect(error).toBeInstanceOf(AudioFormatError);
    return (error as Error).message.replace(/\d+ bytes/, 'some bytes');
  });

it.each(FILES)('%s: gives the same in whatever pieces it comes (property)', async (_, file) => {
  const whole = await outcome(file);
  expect(await outcome(new Blob([file as Uint8Array<ArrayBuffer>]))).toEqual(whole);
  const size = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.nat(5000));
  await fc.assert(
    fc.asyncProperty(fc.array(size, { minLength: 1, maxLength: 20 }), fc.boolean(), async (sizes, isSizeKnown) => {
      const stream = inPieces(file, [...sizes, 1]);
      const input = isSizeKnown ? Object.assign(stream, { size: file.length }) : stream;
      expect(await outcome(input)).toEqual(whole);
    }),
    { numRuns: 12 },
  );
});

describe('a live stream', () => {
  /** Bytes of a file that goes on for ever, and how many were asked for. */
  function endless(header: Uint8Array, rest: Uint8Array, piece = 500) {
    const counter = { bytes: 0 };
    async function* stream() {
      for (let part = header; ; part = rest) {
        for (let at = 0; at < part.length; at += piece) {
          counter.bytes += Math.min(piece, part.length - at);
          yield part.slice(at, at + piece);
        }
      }
    }
    return { stream: stream(), counter };
  }
  const au = WRITERS.AU!.write(sound(false), { size: 0xffffffff });
  const aiff = WRITERS.AIFF!.write(sound(false), { size: 0 });

  it.each([
    ['WAV of size 0', join(head, format, ofSize([0, 0, 0, 0])), data.subarray(8), 2 * 8000],
    ['WAV of size 0xFFFFFFFF', join(head, format, ofSize([255, 255, 255, 255])), data.subarray(8), 2 * 8000],
    ['WAV of GSM', fixture('gsm.wav'), fixture('gsm.wav').subarray(60, 60 + 65), (65 * 8000) / 320],
    ['AU', au, au.subarray(28), 4 * 16_000],
    ['AIFF', aiff, aiff.subarray(-100), 4 * 16_000],
  ])('of %s gives its sound a second after it came, and is let go', async (_, header, rest, bytesPerSecond) => {
    const { stream, counter } = endless(join(header.subarray(0, header.length - (header.length % 2))), rest);
    let seconds = 0;
    for await (const { channels, sampleRate } of soundPieces('decode audio', stream, {})) {
      seconds += channels[0]!.length / sampleRate;
      expect(counter.bytes).toBeLessThan(4500 + bytesPerSecond * (seconds + 0.2)); // 4096 tell the format
      if (seconds > 20) break;
    }
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('takes no memory for what a header claims, and asks for no more than a piece where it is not taken', async () => {
    const { stream, counter } = endless(join(head, format, ofSize([255, 255, 255, 127])), data.subarray(8));
    const pieces = soundPieces('decode audio', stream, {});
    expect((await pieces.next()).value!.totalSamples).toBeUndefined();
    const before = counter.bytes;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(counter.bytes).toBe(before);
    await pieces.return();
  });

  it('without what says how samples are written is refused in the end, not held for ever', {
    timeout: 60_000,
  }, async () => {
    const { stream, counter } = endless(join(head, data), new Uint8Array(2 ** 22), 2 ** 22);
    await expect(decodedSound(stream)).rejects.toThrow('found no format chunk');
    expect(counter.bytes).toBeLessThan(2 ** 29);
  });
});
