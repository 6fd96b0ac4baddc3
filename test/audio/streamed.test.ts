// All formats, as their bytes come. Oracle: the same bytes in one array; for when sound comes, the bytes that were asked for.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EncodedSound } from '../../src/audio/encodedSound.ts';
import type { LengthBounds } from '../../src/audio/lengthCheck.ts';
import { soundPieces } from '../../src/audio/soundPieces.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { collect } from '../support/collect.ts';
import { inPieces } from '../support/decoded.ts';
import { constantFlac } from '../support/flac.ts';
import { blockBody, element, matroska, trackEntry } from '../support/matroska.ts';
import { oggPackets, oggPage, oggPagesOf } from '../support/ogg.ts';
import { letters, sampleBytes, WRITERS } from '../support/soundFiles.ts';
import { encodeWav } from '../support/wav.ts';

const folder = new URL('../fixtures/audio/', import.meta.url);
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const tag = joined(letters('ID3\x03\0\0\0\0\0\x0a'), new Uint8Array(10));

/** A file of each format and kind. */
const FILES: readonly (readonly [string, Uint8Array])[] = [
  ...readdirSync(folder)
    .filter((name) => !/\.(sh|gsm)$|decoded/.test(name))
    .map((name) => [name, fixture(name)] as const),
  ...Object.entries(WRITERS).map(([name, { write }]) => {
    const values = Array.from({ length: 600 }, (_, i) => Math.round(9000 * Math.sin(i / 5)));
    const bytes = sampleBytes(values, 's16', name === 'Wave64');
    return [
      name,
      write({ bytes, written: 's16', little: name === 'Wave64', channels: 2, sampleRate: 16_000 }),
    ] as const;
  }),
  ['WAV of floats', encodeWav([[0, 0.5, -0.25, 1]], 16_000, { encoding: 'float64' })],
  ['MP3 behind a tag and zeros', joined(tag, new Uint8Array(5000), fixture('speech.mp3'))],
  ['MP3 behind noise', joined(letters('<html>'.repeat(99)), fixture('stereo.mp3'))],
  ['MP3 in RIFF', joined(encodeWav([[]], 16_000, { dataSize: 3000 }), fixture('speech.mp3'))],
  ['MP3s joined', joined(fixture('speech.mp3'), fixture('stereo.mp3'))],
  ['FLAC behind a tag', joined(tag, fixture('stereo.flac'))],
  ['FLACs joined', joined(fixture('stereo.flac'), tag, fixture('stereo.flac'))],
  ['FLAC of large and small frames', joined(constantFlac({ frames: 3 }), constantFlac({ frames: 20, blockSize: 16 }))],
  ['Ogg, chained', joined(fixture('speech.opus'), letters('OggS and nothing'), fixture('surround.opus'))],
  ['Vorbis, chained', joined(fixture('stereo.ogg'), fixture('stereo.ogg'))],
  ['text', letters('Dear diary, today')],
];

/** What decoding gives: samples, bit for bit, or the error. */
async function outcome(input: EncodedSound, bounds: LengthBounds = {}): Promise<string> {
  const hashes: ReturnType<typeof createHash>[] = [];
  let length = 0;
  let rate = 0;
  try {
    for await (const { channels, sampleRate } of soundPieces('decode audio', input, bounds)) {
      rate = sampleRate;
      length += channels[0]!.length;
      for (const [i, { buffer, byteOffset, byteLength }] of channels.entries()) {
        hashes[i] ??= createHash('md5');
        hashes[i].update(new Uint8Array(buffer, byteOffset, byteLength));
      }
    }
  } catch (error) {
    expect(error).toBeInstanceOf(AudioFormatError);
    return (error as Error).message.replace(/\d+ bytes/, 'some bytes'); // how many is not known beforehand
  }
  return [length, rate, ...hashes.map((hash) => hash.digest('hex'))].join(' ');
}

/** Pieces as the platform's stream. */
function webStream(pieces: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** The ways in which bytes come. */
const WAYS: Readonly<Record<string, (bytes: Uint8Array, sizes: readonly number[]) => EncodedSound>> = {
  iterable: inPieces,
  'iterable of known size': (bytes, sizes) => Object.assign(inPieces(bytes, sizes), { size: bytes.length }),
  stream: (bytes, sizes) => webStream(inPieces(bytes, sizes)),
  blob: (bytes) => new Blob([bytes as Uint8Array<ArrayBuffer>]),
};

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // decoders tell of each damaged frame
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe.each(FILES)('%s', (_, file) => {
  const size = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50 }), fc.nat(2 ** 12), fc.nat(2 ** 16));
  const sizes = fc.array(size, { minLength: 1, maxLength: 20 }).map((some) => [...some, 13]);
  const way = fc.constantFrom(...Object.keys(WAYS));

  it('gives the same in whatever pieces it comes (property)', async () => {
    const whole = await outcome(file);
    const same = async (how: string, some: number[]) => {
      expect(await outcome(WAYS[how]!(file, some))).toBe(whole);
    };
    for (const how of Object.keys(WAYS)) await same(how, [1000]);
    await fc.assert(fc.asyncProperty(way, sizes, same), { numRuns: 3 });
  });

  it('gives the same or fails by the same error where it is cut or damaged (property)', async () => {
    const place = fc.oneof(fc.nat(200), fc.nat(file.length - 1)); // headers more often than their share
    const damage = fc.record({
      bytes: fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 6 }),
      length: fc.option(fc.nat(file.length)),
    });
    const damaged = damage.map(({ bytes, length }) => {
      const copy = file.slice();
      for (const [at, value] of bytes) copy[at % copy.length] = value;
      return copy.subarray(0, length ?? copy.length);
    });
    await fc.assert(
      fc.asyncProperty(damaged, way, sizes, async (bytes, how, some) => {
        expect(await outcome(WAYS[how]!(bytes, some))).toBe(await outcome(bytes));
      }),
      { numRuns: 6 },
    );
  });
});

/** Bytes that go on for ever. */
interface Endless {
  readonly header: Uint8Array;
  readonly part: (i: number) => Uint8Array;
}

/** Bytes that go on until nobody wants them, how many were asked for, and whether they were let go. */
function endless({ header, part }: Endless) {
  const seen = { bytes: 0, isLetGo: false };
  async function* stream() {
    try {
      for (let i = -1; ; i++) {
        const bytes = i < 0 ? header : part(i);
        for (let at = 0; at < bytes.length; at += 500) {
          seen.bytes += Math.min(500, bytes.length - at);
          yield bytes.slice(at, at + 500);
        }
      }
    } finally {
      seen.isLetGo = true;
    }
  }
  return { stream: stream(), seen };
}

/** Pages of Ogg for ever: those of the headers, then one for each part. */
function endlessOgg(name: string, headers: number): Endless {
  const [pages, packets] = [oggPagesOf(fixture(name)), oggPackets(oggPagesOf(fixture(name)))];
  const head = [
    oggPage({ sequence: 0, flags: 2, packets: packets.slice(0, 1) }),
    oggPage({ sequence: 1, packets: packets.slice(1, headers) }),
  ];
  expect(pages.length).toBeGreaterThan(2);
  const sounding = packets.slice(headers);
  const page = (i: number) => [oggPage({ sequence: i + 2, granule: -1, packets: some(sounding, 8, i) })];
  return { header: joined(...head), part: (i: number) => joined(...page(i)) };
}

/** So many of a list, which begins anew at its end. */
const some = <T>(list: readonly T[], count: number, i: number) =>
  Array.from({ length: count }, (_, k) => list[(count * i + k) % list.length]!);

function endlessWebm(codec: string, codecPrivate: Uint8Array, packets: readonly Uint8Array[]): Endless {
  const blocks = (i: number) => some(packets, 8, i).map((packet) => element(0xa3, blockBody(1, [packet], 0)));
  const header = matroska([trackEntry(1, 2, codec, codecPrivate)], [], { unknown: true });
  return { header, part: (i: number) => element(0x1f43b675, joined(...blocks(i))) };
}

function xiphLaced(headers: readonly Uint8Array[]): Uint8Array {
  const lengths = headers
    .slice(0, -1)
    .flatMap(({ length }) => [...Array(Math.floor(length / 255)).fill(255), length % 255]);
  return joined(Uint8Array.of(headers.length - 1, ...lengths), ...headers);
}

const flac = fixture('speech.flac');
const mp3 = fixture('speech.mp3');
const opusPackets = oggPackets(oggPagesOf(fixture('speech.opus')));
const vorbisPackets = oggPackets(oggPagesOf(fixture('speech.ogg')));
/** Where the frames of the FLAC begin: behind its metadata. */
const metadata = (() => {
  let at = 4;
  for (let isLast = false; !isLast; ) {
    isLast = flac[at]! >= 128;
    at += 4 + flac[at + 1]! * 65_536 + flac[at + 2]! * 256 + flac[at + 3]!;
  }
  return at;
})();

const ENDLESS: Readonly<Record<string, Endless>> = {
  FLAC: { header: flac.subarray(0, metadata), part: () => flac.subarray(metadata) },
  'FLAC of silence': {
    header: new Uint8Array(0),
    part: () => constantFlac({ frames: 1, blockSize: 1024, sampleRate: 16_000, value: 0 }),
  },
  MP3: { header: new Uint8Array(0), part: () => mp3.subarray(180, -128) },
  Opus: endlessOgg('speech.opus', 2),
  Vorbis: endlessOgg('speech.ogg', 3),
  'Opus in WebM': endlessWebm('A_OPUS', opusPackets[0]!, opusPackets.slice(2)),
  'Vorbis in WebM': endlessWebm('A_VORBIS', xiphLaced(vorbisPackets.slice(0, 3)), vorbisPackets.slice(3)),
};

describe('a stream without an end', () => {
  it.each(Object.entries(ENDLESS))('of %s gives its sound soon after its bytes have come', async (_, made) => {
    const { stream, seen } = endless(made);
    const points: { readonly seconds: number; readonly bytes: number }[] = [];
    let seconds = 0;
    for await (const { channels, sampleRate } of soundPieces('decode audio', stream, {})) {
      points.push({ seconds, bytes: seen.bytes - made.header.length }); // when the sound from there on came
      seconds += channels[0]!.length / sampleRate;
      if (seconds > 30) break;
    }
    expect(seen.isLetGo).toBe(true);
    const { bytes } = points.at(-1)!;
    const perSecond = bytes / seconds;
    for (const point of points) {
      // The format is told by 4096 bytes; a frame is known by the next one, and some are decoded together.
      expect(point.bytes).toBeLessThan(4096 + 1000 + perSecond * (point.seconds + 2));
    }
  });

  it.each(Object.entries(ENDLESS))('of %s is let go where it fails, or is too long', async (_, made) => {
    const tooLong = endless(made);
    await expect(outcome(tooLong.stream, { maxSeconds: 2 })).resolves.toContain('found over 2 seconds of sound');
    expect(tooLong.seen.isLetGo).toBe(true);

    const failure = new Error('the line is dead');
    const failing = endless({
      header: made.header,
      part: (i) => {
        if (i === 20) throw failure;
        return made.part(i);
      },
    });
    const pieces = soundPieces('decode audio', failing.stream, {});
    await expect(collect(pieces)).rejects.toBe(failure);
    expect(failing.seen.isLetGo).toBe(true);
  });

  it.each(FILES.filter(([name]) => !/aac|m4a|text/.test(name)))('%s is let go at its end', async (_, file) => {
    let isLetGo = false;
    const stream = {
      [Symbol.asyncIterator]: () => {
        const pieces = inPieces(file, [1000]);
        return {
          next: () => pieces.next(),
          async return() {
            isLetGo = true;
            return pieces.return();
          },
        };
      },
    };
    expect(await outcome(stream)).toMatch(/^\d+ /);
    expect(isLetGo).toBe(true);
  });

  it.each<[string, Uint8Array]>([
    ['noise behind FLAC', letters('fLaC')],
    ['noise behind MP3', mp3],
    ['noise behind a page of Ogg', oggPagesOf(fixture('speech.opus'))[0]!],
    ['what seems to be pages of Ogg', joined(oggPagesOf(fixture('speech.opus'))[0]!, letters('OggS\0'.repeat(5000)))],
    ['noise behind WebM', ENDLESS['Opus in WebM']!.header],
  ])('of %s holds up nobody', async (_, header) => {
    const noise = Uint8Array.from({ length: 2 ** 16 }, (_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 0xff);
    const { stream, seen } = endless({ header, part: () => noise });
    const controller = new AbortController();
    const decoding = collect(soundPieces('decode audio', stream, { signal: controller.signal }));
    const outcome = decoding.catch((error: unknown) => error);
    for (let before = 0; seen.bytes < 2 ** 22 && !seen.isLetGo; before = seen.bytes) {
      await new Promise((resolve) => setImmediate(resolve));
      expect(seen.bytes - before).toBeLessThan(2 ** 21);
    }
    controller.abort();
    expect(await outcome).toBeInstanceOf(Error);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen.isLetGo).toBe(true);
  });
});
