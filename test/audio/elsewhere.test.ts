// What is decoded by the platform, by optional packages or not at all. Oracles: the names of the formats; packages made up here, whose
// samples are known.

import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { isUnknownHere } from '../../src/audio/unknownHere.ts';
import { AudioFormatError } from '../../src/core/errors.ts';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const box = (name: string, content: Uint8Array) =>
  new Uint8Array(Buffer.concat([Uint8Array.of(0, 0, 0, 8 + content.length), ascii(name), content]));
const mp4 = (codec: string) =>
  new Uint8Array(
    Buffer.concat([
      box('ftyp', ascii('M4A \0\0\0\0')),
      box('mdat', ascii('stsd 4567890123 mp4a')),
      box('moov', box('stsd', ascii(`\0\0\0\0\0\0\0\x01\0\0\0\x20${codec}`))),
    ]),
  );

describe('a format that is known and not decoded', () => {
  it.each([
    ['AAC in MP4', mp4('mp4a'), 'an MP4 file (M4A) with AAC'],
    ['ALAC', mp4('alac'), 'an MP4 file (M4A) with ALAC'],
    ['AMR in 3GP', mp4('samr'), 'an MP4 file (M4A) with AMR (narrow band)'],
    ['an MP4 of what nobody knows', mp4('zzzz'), 'an MP4 file (M4A);'],
    ['AMR narrow band', ascii('#!AMR\n\x3c....'), 'an AMR file (narrow band)'],
    ['AMR wide band', ascii('#!AMR-WB\n\x3c....'), 'an AMR file (wide band)'],
  ])('is named: %s', async (_, bytes, found) => {
    await expect(decodeAudio(bytes)).rejects.toThrow(AudioFormatError);
    await expect(decodeAudio(bytes)).rejects.toThrow(`Cannot decode audio: found ${found}`);
  });

  it('says what decodes it in Node, or what converts it', async () => {
    await expect(decodeAudio(mp4('mp4a'))).rejects.toThrow(
      'in Node the packages mediabunny and @mediabunny/server decode it, which are not installed here',
    );
    for (const bytes of [mp4('alac'), ascii('#!AMR\n')]) {
      await expect(decodeAudio(bytes)).rejects.toThrow('ffmpeg converts such files: ffmpeg -i <file> speech.wav');
    }
  });

  it("has its file's name in the error, where there is one", async () => {
    const error = await toWaveform(new File([ascii('#!AMR\n')], 'note.amr')).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AudioFormatError);
    expect(error).toMatchObject({ file: 'note.amr', code: 'AUDIO_FORMAT' });
    expect(error.message).toMatch(/^Cannot decode audio: found an AMR file .* \(in note\.amr\)$/);
    expect(isUnknownHere(error)).toBe(true);
    const nameless = await toWaveform(new Blob([ascii('#!AMR\n')])).catch((thrown) => thrown);
    expect(nameless.file).toBeUndefined();
    const damaged = await toWaveform(new File([ascii('fLaC')], 'note.flac')).catch((thrown) => thrown);
    expect(damaged).toMatchObject({
      file: 'note.flac',
      message: 'Cannot decode audio: found no samples in a FLAC file (in note.flac)',
    });
    expect(isUnknownHere(damaged)).toBe(false);
  });
});

/** Two channels of three frames at 16 kHz, from a tenth of a millisecond before 0 to the end at 2 of 16 000 s. */
function fakePackages({ canDecode = true } = {}) {
  const registered = vi.fn();
  vi.doMock('@mediabunny/server', () => ({ registerMediabunnyServer: registered }));
  vi.doMock('mediabunny', () => ({
    ALL_FORMATS: [],
    BufferSource: class {},
    Input: class {
      getPrimaryAudioTrack = async () => ({
        canDecode: async () => canDecode,
        computeDuration: async () => 3 / 16_000,
      });
    },
    AudioSampleSink: class {
      async *samples() {
        for (let i = 0; i < 2; i++) {
          const copyTo = (to: Float32Array, { planeIndex }: { planeIndex: number }) => to.fill(i + planeIndex);
          const shape = { numberOfFrames: 3, numberOfChannels: 2, sampleRate: 16_000, timestamp: (3 * i - 1) / 16_000 };
          yield { ...shape, copyTo, close: () => undefined };
        }
      }
    },
  }));
  return registered;
}

describe('the optional packages, in Node', () => {
  beforeEach(() => void vi.resetModules()); // what was loaded knows that there are none
  afterEach(() => {
    vi.doUnmock('mediabunny');
    vi.doUnmock('@mediabunny/server');
  });

  it('decode what they know where they are installed, without what the encoder added', async () => {
    const registered = fakePackages();
    const again = await import('../../src/audio/decode.ts');
    for (let i = 0; i < 2; i++) {
      const { samples, sampleRate } = await again.decodeAudio(mp4('mp4a'));
      expect(sampleRate).toBe(16_000);
      expect([...samples]).toEqual([0.5, 0.5, 1.5]);
    }
    expect(registered).toHaveBeenCalledTimes(1);
    await expect(again.decodeAudio(mp4('mp4a'), { maxSeconds: 2 / 16_000 })).rejects.toThrow('of sound in an MP4 file');
  });

  it('are named where they do not know it either', async () => {
    fakePackages({ canDecode: false });
    const again = await import('../../src/audio/decode.ts');
    await expect(again.decodeAudio(mp4('zzzz'))).rejects.toThrow(
      'an MP4 file (M4A), which the packages mediabunny and',
    );
  });
});

it('a decoder that a bundle lacks is told of as that, not as a damaged file', async () => {
  vi.resetModules();
  vi.doMock('opus-decoder', () => {
    throw new Error('not in this bundle');
  });
  const again = await import('../../src/audio/decode.ts');
  const bytes = new Uint8Array(readFileSync(new URL('../fixtures/audio/speech.opus', import.meta.url)));
  const error = await again.decodeAudio(bytes).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'AUDIO_FORMAT' });
  expect(error.message).toMatch(/^Cannot decode audio: the decoder of Opus could not be loaded: /);
  vi.doUnmock('opus-decoder');
});

const cases = new URL(process.env.CASES ? `file://${process.env.CASES}/` : '../../../shared/cases/', import.meta.url);
const hasCases = existsSync(cases);

describe('recordings as people have them (needs ../shared/cases or CASES)', () => {
  const read = (name: string) => new Uint8Array(readFileSync(new URL(name, cases)));

  it.runIf(hasCases).each(['whatsapp-voice.ogg', 'mediarecorder.webm'])('%s sounds as the recording', async (name) => {
    const { samples } = await toWaveform(read(name), { sampleRate: 16_000 });
    const wanted = (await toWaveform(read('reference.wav'), { sampleRate: 16_000 })).samples;
    expect(Math.abs(samples.length - wanted.length)).toBeLessThan(16);
    let [xy, xx, yy] = [0, 0, 0];
    for (let i = 0; i < Math.min(samples.length, wanted.length); i++) {
      xy += samples[i]! * wanted[i]!;
      xx += samples[i]! ** 2;
      yy += wanted[i]! ** 2;
    }
    expect(xy / Math.sqrt(xx * yy)).toBeGreaterThan(0.9);
  });

  it.runIf(hasCases)('android.amr is named, with what converts it', async () => {
    const refused = decodeAudio(read('android.amr'));
    await expect(refused).rejects.toThrow('found an AMR file (narrow band)');
    await expect(refused).rejects.toThrow('ffmpeg converts');
  });
});
