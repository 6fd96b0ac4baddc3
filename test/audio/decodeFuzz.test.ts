import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { constantFlac } from '../support/flac.ts';

// The property: whatever the bytes, decoding ends with finite samples or with an AudioFormatError. That it ends is held
// by the test's time limit; that nothing makes it hoard is held by the bound on what comes out, and bytes made to be the most
// that a format unpacks to are among them.

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));

async function decodesOrRefuses(bytes: Uint8Array): Promise<void> {
  const outcome = await decodeAudio(bytes).catch((error: unknown) => error);
  if (outcome instanceof Error) {
    expect(outcome).toBeInstanceOf(AudioFormatError);
    return;
  }
  const { samples, sampleRate } = outcome as Awaited<ReturnType<typeof decodeAudio>>;
  expect(samples.length).toBeGreaterThan(0);
  expect(samples.length).toBeLessThanOrEqual(1000 * bytes.length + 2 ** 22);
  expect(samples.every(Number.isFinite)).toBe(true);
  expect(sampleRate).toBeGreaterThan(0);
}

beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // mpg123-decoder tells of each damaged frame
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe('decodeAudio, on bytes that are not audio', () => {
  it('decodes or refuses arbitrary bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), decodesOrRefuses), { numRuns: 500 });
  });

  it('decodes or refuses arbitrary bytes behind the beginning of each format', async () => {
    const beginnings = [
      'RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0',
      'fLaC',
      'OggS\0\x02',
      '\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff\x16\x54\xae\x6b\x9a\xae\x98\xd7\x81\x01\x83\x81\x02\x86\x88A_VORBIS\x63\xa2\x80\x1f\x43\xb6\x75\xff',
      'ID3\x03\0\0\0\0\0\x01a',
      '\xff\xfb\x90\x00',
      'RIFF\x24\0\0\0WAVEfmt \x14\0\0\0\x31\0\x01\0\x40\x1f\0\0',
      'RIFF\x24\0\0\0WAVEfmt \x14\0\0\0\x11\0\x01\0\x40\x1f\0\0\0\0\0\0\0\x01\x04\0\x02\0\0\0data\0\0\0\0',
      'RIFF\x24\0\0\0WAVEfmt \x14\0\0\0\x02\0\x03\0\x40\x1f\0\0\0\0\0\0\x20\0\x04\0\x02\0\0\0data\0\0\0\0',
      'FORM\0\0\0\x04AIFFCOMM\0\0\0\x12',
      '.snd\0\0\0\x18\xff\xff\xff\xff\0\0\0',
      'NIST_1A\n   1024\n',
    ];
    const beginning = fc.constantFrom(...beginnings).map((text) => Array.from(text, (c) => c.charCodeAt(0)));
    const bytes = fc
      .tuple(beginning, fc.uint8Array({ maxLength: 2000 }))
      .map(([a, b]) => Uint8Array.from([...a, ...b]));
    await fc.assert(fc.asyncProperty(bytes, decodesOrRefuses), { numRuns: 500 });
  });

  it('decodes or refuses FLAC of frames as large and as small as there are, damaged or not', async () => {
    const made = fc.record({
      frames: fc.integer({ min: 1, max: 100 }),
      blockSize: fc.constantFrom(16, 4096, 65_535),
      channels: fc.integer({ min: 1, max: 8 }),
      damage: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
    });
    const bytes = made.map(({ damage, ...options }) => {
      const flac = constantFlac(options);
      for (const [at, value] of damage) flac[at % flac.length] = value;
      return flac;
    });
    await fc.assert(fc.asyncProperty(bytes, decodesOrRefuses), { numRuns: 15 });
    await decodesOrRefuses(constantFlac({ frames: 500 })); // 7 kB, 131 MB
  });

  const names = [
    ...['speech.wav', 'a-law.wav', 'mu-law.wav', 'adpcm.wav', 'aiff.wav', 'speech.flac', 'stereo.flac', 'speech.oga'],
    ...[
      'speech.mp3',
      'speech-id3.mp3',
      'stereo.mp3',
      'speech.ogg',
      'stereo.ogg',
      'speech.opus',
      'speech.webm',
      'vorbis.webm',
      'theora.ogv',
    ],
    ...['speech.m4a', 'adts.aac', 'gsm.wav', 'ima-adpcm.wav', 'ms-adpcm.wav'],
  ];
  it.each(names)('decodes or refuses %s with bytes overwritten, a stretch replaced, or cut', async (name) => {
    const original = fixture(name);
    const place = fc.oneof(fc.nat(200), fc.nat(original.length - 1)); // headers more often than their share
    const damage = fc.record({
      bytes: fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 12 }),
      stretch: fc.option(fc.tuple(place, fc.uint8Array({ maxLength: 600 }))),
      length: fc.option(fc.nat(original.length)),
    });
    const damaged = damage.map(({ bytes, stretch, length }) => {
      const copy = original.slice();
      for (const [at, value] of bytes) copy[at] = value;
      if (stretch) copy.set(stretch[1].subarray(0, copy.length - stretch[0]), stretch[0]);
      return copy.subarray(0, length ?? copy.length);
    });
    await fc.assert(fc.asyncProperty(damaged, decodesOrRefuses), { numRuns: 150 });
  });
});
