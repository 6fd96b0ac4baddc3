// Oracle: the lengths that the files were made with. That memory stays bounded is held by what the process takes.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { lengthCheck } from '../../src/audio/lengthCheck.ts';
import { toWaveform } from '../../src/audio/toWaveform.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { constantFlac } from '../support/flac.ts';
import { mostMemory } from '../support/memory.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url)));
const MEBIBYTE = 2 ** 20;

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('maxSeconds', () => {
  // 0.9 s each.
  it.each(['speech.wav', 'speech.flac', 'speech.oga', 'speech.mp3', 'speech.ogg'])('bounds %s', async (name) => {
    const bytes = fixture(name);
    const refused = decodeAudio(bytes, { maxSeconds: 0.5 });
    await expect(refused).rejects.toThrow(AudioFormatError);
    await expect(refused).rejects.toThrow(
      /^Cannot decode audio: found over 0.5 seconds of sound in an? .* file.* of \d+ bytes; the option maxSeconds/,
    );
    expect((await decodeAudio(bytes, { maxSeconds: 0.9 })).samples).toHaveLength(14_400);
    await expect(toWaveform(new Blob([bytes]), { maxSeconds: 0.5 })).rejects.toThrow('found over 0.5 seconds');
  });

  it('bounds what the platform decodes', async () => {
    const platform = class {
      decodeAudioData = async () => ({
        ...{ length: 96_000, sampleRate: 48_000, numberOfChannels: 1 },
        getChannelData: () => new Float32Array(96_000),
      });
    };
    vi.stubGlobal('OfflineAudioContext', platform);
    expect((await decodeAudio(fixture('speech.m4a'), { maxSeconds: 2 })).samples).toHaveLength(96_000);
    await expect(decodeAudio(fixture('speech.m4a'), { maxSeconds: 1 })).rejects.toThrow('found over 1 seconds');
  });

  it('is left out by honest recordings: 12 hours, 4 GiB, an hour of digital silence as small as it gets', () => {
    const silence = Math.ceil((3600 * 48_000) / 4096) * 14; // a FLAC of it, in bytes
    for (const [samples, rate, bytes] of [
      [12 * 3600 * 16_000, 16_000, 1e8],
      [2 ** 30, 48_000, 1e8],
      [3600 * 48_000, 48_000, silence],
      [60 * 48_000, 48_000, 1],
    ] as const) {
      expect(() => lengthCheck({ isHeld: true }, { size: bytes, position: 0 }, 'a file')(samples, rate)).not.toThrow();
    }
    for (const [samples, rate, bytes, seconds] of [
      [12 * 3600 * 16_000 + 1, 16_000, 1e8, 43_200],
      [2 ** 30 + 1, 48_000, 1e8, 22_369.621],
      [2 ** 22 + 1e6 + 1, 48_000, 1000, 108.215],
    ] as const) {
      const check = lengthCheck({ isHeld: true }, { size: bytes, position: 0 }, 'a file');
      expect(() => check(samples, rate)).toThrow(`found over ${seconds} seconds of sound in a file of ${bytes} bytes`);
      expect(() =>
        lengthCheck({ maxSeconds: samples / rate }, { size: bytes, position: 0 }, 'a file')(samples, rate),
      ).not.toThrow();
    }
  });

  it('is no bound where it is Infinity, and an error where it is none', async () => {
    const bytes = fixture('speech.flac');
    expect((await decodeAudio(bytes, { maxSeconds: Number.POSITIVE_INFINITY })).samples).toHaveLength(14_400);
    for (const maxSeconds of [-1, Number.NaN]) {
      await expect(decodeAudio(bytes, { maxSeconds })).rejects.toThrow(RangeError);
    }
    for (const maxSeconds of ['1', null, {}]) {
      await expect(decodeAudio(bytes, { maxSeconds } as never)).rejects.toThrow(TypeError);
      await expect(toWaveform(bytes, { maxSeconds } as never)).rejects.toThrow(TypeError);
    }
  });

  it('keeps memory bounded while it is found out that a file unpacks to a gigabyte', { timeout: 120_000 }, async () => {
    const bomb = constantFlac({ frames: 4000 });
    expect(bomb.length).toBeLessThan(60_000);
    const whole = 4000 * 65_535 * 4; // bytes
    const most = await mostMemory(async () => {
      await expect(decodeAudio(bomb)).rejects.toThrow('of sound in a FLAC file of');
    });
    expect(most).toBeLessThan(whole / 2);
    expect(
      await mostMemory(() => expect(decodeAudio(bomb, { maxSeconds: 60 })).rejects.toThrow('found over 60')),
    ).toBeLessThan(200 * MEBIBYTE);
  });

  it('lets those have it who say so', async () => {
    const bytes = constantFlac({ frames: 100, value: 16_384 });
    await expect(decodeAudio(bytes)).rejects.toThrow(AudioFormatError);
    const { samples } = await decodeAudio(bytes, { maxSeconds: 140 });
    expect(samples).toHaveLength(100 * 65_535);
    expect(samples.every((sample) => sample === 0.5)).toBe(true);
  });
});
