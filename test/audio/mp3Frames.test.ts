// Oracles: the plain file's samples; mpg123 given each of some joined files alone; sizes of frames by the standard's formula.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { mp3 } from '../../src/audio/formats/mp3.ts';
import { firstFrame, frameRuns } from '../../src/audio/formats/mp3Frames.ts';
import { ByteReader } from '../../src/core/byteReader.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { join, letters } from '../support/soundFiles.ts';
import { encodeWav } from '../support/wav.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));
const samplesOf = async (bytes: Uint8Array) => (await decodeAudio(bytes)).samples;
const file = fixture('speech.mp3').subarray(0, -128); // without its ID3v1 tag
const tag = join(letters('ID3\x03\0\0\0\0\0\x0a'), new Uint8Array(10));
const ape = join(letters('APETAGEX\xd0\x07\0\0\x33\0\0\0\x01\0\0\0\0\0\0\xa0'), new Uint8Array(8));
const item = join([5, 0, 0, 0, 0, 0, 0, 0], letters('Title\0Voice'));
const footer = join(letters('APETAGEX\xd0\x07\0\0\x33\0\0\0\x01\0\0\0\0\0\0\x80'), new Uint8Array(8));
let plain: Float32Array;

beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  plain = await samplesOf(file);
  expect(plain.length).toBe(14_400);
});

describe('MP3 is found by its frames', () => {
  const noise = Uint8Array.from({ length: 5000 }, (_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 0xff);
  it.each<[string, Uint8Array]>([
    ['zeros', new Uint8Array(4096)],
    ['more zeros than any tag pads', new Uint8Array(200_000)],
    ['an ID3 tag and zeros', join(tag, new Uint8Array(70_000))],
    ['an ID3 tag and other padding', join(tag, new Uint8Array(3000).fill(0x55))],
    ['an ID3 tag of a lying size', letters('ID3\x03\0\0\x7f\x7f\x7f\x7fTIT2\0\0\0\x02ab')],
    ['an APE tag', join(ape, item, footer)],
    ['an APE tag without its footer', join(ape, item)],
    ['both tags', join(tag, ape, item, footer, tag)],
    ['half a frame', file.subarray(-70)],
    ['noise', noise],
    ['text', letters('<html>'.repeat(99))],
    ['half a WAV header', encodeWav([[]], 8000).subarray(0, 30)],
    ['the header of an MP4', letters('\0\0\0\x1cftypM4A \0\0\x02\0M4A isomiso2')],
    ['RIFF of another kind', letters('RIFF\0\0\0\0RMP3data\0\0\0\0')],
  ])('behind %s', async (_, front) => {
    expect(await samplesOf(join(front, file))).toEqual(plain);
  });

  it.each<[string, Uint8Array]>([
    ['an ID3v1 tag', letters('TAG'.padEnd(128))],
    ['an APE tag', join(ape, item, footer)],
    ['zeros', new Uint8Array(10_000)],
    ['noise', noise],
    ['half a frame', file.subarray(180, 230)],
  ])('with %s behind', async (_, behind) => {
    expect(await samplesOf(join(file, behind))).toEqual(plain);
  });

  it.each<[string, Uint8Array]>([
    ['noise', Uint8Array.from({ length: 2 ** 20 }, (_, i) => (Math.imul(i + 7, 2_246_822_519) >>> 11) & 0xff)],
    ['bytes that are all sync', new Uint8Array(2 ** 20).fill(0xff)],
    ['one frame in a picture', join(letters('\x89PNG\r\n\x1a\n'), file.subarray(0, 180), noise)],
    ['some frames in an archive', join(letters('PK\x03\x04'), file.subarray(0, 900), noise, noise)],
  ])('is not %s', async (_, bytes) => {
    await expect(decodeAudio(bytes)).rejects.toThrow(AudioFormatError);
    await expect(decodeAudio(bytes)).rejects.not.toThrow('MP3 file');
  });

  it('in RIFF that says it were plain samples', async () => {
    const riff = encodeWav([[]], 16_000, { dataSize: file.length });
    expect(await samplesOf(join(riff, file))).toEqual(plain);
  });

  it('in RIFF, whatever the tag’s bits are', async () => {
    const riff = encodeWav([[]], 16_000, { tag: 85, bits: 0, dataSize: file.length });
    expect(await samplesOf(join(riff, file))).toEqual(plain);
  });
});

describe('files that were joined', () => {
  it('of one rate give the samples of each, of whatever channels', async () => {
    const stereo = fixture('stereo.mp3');
    const second = await samplesOf(stereo);
    const parts = [file, stereo, fixture('speech-id3.mp3')];
    const expected = join2(plain, second, await samplesOf(parts[2]!));
    expect(await samplesOf(join(...parts))).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['WAV', 'wav', 'a WAV gives its own samples'],
    ['MP3', 'mp3', 'found MP3 of 16000 Hz and, from'],
  ])('of two rates: %s', async (_, kind, message) => {
    const other = kind === 'mp3' ? otherRate(file) : encodeWav([[0.5]], 8000);
    const first = kind === 'mp3' ? file : fixture('speech.wav');
    if (kind === 'wav') expect(await samplesOf(join(first, other))).toEqual(await samplesOf(first));
    else await expect(decodeAudio(join(first, other))).rejects.toThrow(message);
  });

  it('FLACs of one rate give the samples of each, of whatever channels', async () => {
    const [mono, stereo] = [fixture('speech.flac'), fixture('stereo.flac')];
    const expected = join2(await samplesOf(mono), await samplesOf(stereo), await samplesOf(mono));
    expect(await samplesOf(join(mono, stereo, mono))).toEqual(expected);
    expect(await samplesOf(join(mono, tag, stereo, mono, letters('TAG'.padEnd(128))))).toEqual(expected);
  });
});

it('runs are the whole frames in order, none long, and end whatever the bytes are (property)', async () => {
  const part = fc.oneof(
    fc.constantFrom(file.subarray(180, 1080), file.subarray(0, 500), Uint8Array.of(0xff, 0xfb, 0x90, 0)),
    fc.uint8Array({ maxLength: 300 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 20 }), async (parts) => {
      const bytes = join(...parts);
      let at = 0;
      for (const run of await runsOf(bytes)) {
        expect(run.length).toBeGreaterThan(0);
        expect(run.length).toBeLessThanOrEqual(16 * 1441);
        const found = run.byteOffset - bytes.byteOffset;
        expect(found).toBeGreaterThanOrEqual(at);
        at = found + run.length;
      }
      expect(at).toBeLessThanOrEqual(bytes.length);
    }),
  );
});

it('finds the frames of every version, rate and bit rate (oracle: the formula of the standard)', async () => {
  const KBPS1 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
  const KBPS2 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
  for (const [version, samples, kbps, rates] of [
    [3, 1152, KBPS1, [44_100, 48_000, 32_000]],
    [2, 576, KBPS2, [22_050, 24_000, 16_000]],
    [0, 576, KBPS2, [11_025, 12_000, 8000]],
  ] as const) {
    for (const [r, rate] of rates.entries()) {
      for (const [k, rateOfBits] of kbps.entries()) {
        const length = Math.floor((samples / 8) * ((rateOfBits * 1000) / rate));
        const frame = new Uint8Array(length);
        frame.set([0xff, 0xe3 | (version << 3), ((k + 1) << 4) | (r << 2), 0]);
        const bytes = join(new Uint8Array(7), frame, frame, frame);
        expect(firstFrame(bytes, true)).toBe(7);
        expect(join(...(await runsOf(bytes)))).toEqual(bytes.subarray(7));
      }
    }
  }
});

describe('the beginning of a stream', () => {
  const sniff = (bytes: Uint8Array) => mp3.sniff(bytes, false);

  it('is known by three whole frames in a row, at its first byte or behind something', () => {
    const [front, frame] = [letters('noise'), 72];
    for (const first of [new Uint8Array(0), front]) {
      const bytes = join(first, otherRate(file));
      expect(sniff(bytes.subarray(0, first.length + 3 * frame))).toBe('an MP3 file');
      expect(sniff(bytes.subarray(0, first.length + 3 * frame - 1))).toBeUndefined();
    }
  });

  it('is not known where it has the beginning of another format, until there is much of it', () => {
    const many = join(...new Array<Uint8Array>(500).fill(file.subarray(180)));
    const png = join(letters('\x89PNG\r\n\x1a\n'), many);
    expect(png.length).toBeGreaterThan(2 ** 20);
    expect(sniff(png.subarray(0, 2 ** 16))).toBeUndefined();
    expect(sniff(png.subarray(0, 2 ** 20))).toBe('an MP3 file');
  });
});

/** All runs of frames in some bytes. */
async function runsOf(bytes: Uint8Array): Promise<Uint8Array[]> {
  const runs: Uint8Array[] = [];
  for await (const run of frameRuns(new ByteReader(bytes))) if (run) runs.push(run.bytes);
  return runs;
}

/** The same frames as of 24 kHz: what they decode to is of no interest. */
function otherRate(bytes: Uint8Array): Uint8Array {
  const frames = Array.from({ length: 12 }, () => {
    const frame = new Uint8Array(72);
    frame.set([0xff, 0xf3, 0x34, 0xc4]); // 24 kbit/s at 24 kHz: 72 bytes
    return frame;
  });
  expect(bytes[0]).toBe(0xff);
  return join(...frames);
}

function join2(...parts: Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((samples) => [...samples]));
}
