// Oracle: the recording that the files were made from; what a lossy codec loses, and what it adds at the ends, is bounded.

import { beforeAll, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { holdWaveform } from '../../src/audio/holdWaveform.ts';
import { monoPieces } from '../../src/audio/monoPieces.ts';
import { resample } from '../../src/audio/resample.ts';
import { soundPieces } from '../../src/audio/soundPieces.ts';
import { resolveTrimOptions, speechRange } from '../../src/audio/trim.ts';
import { AudioFormatError } from '../../src/core/errors.ts';
import { FeatureExtractor } from '../../src/features/featureExtractor.ts';
import { readCase, withCases } from '../support/cases.ts';

withCases('sound as people have it', () => {
  let reference: Float32Array;
  let at8000: Float32Array;

  beforeAll(async () => {
    const waveform = await decodeAudio(readCase('reference.wav'));
    reference = waveform.samples;
    at8000 = (await resample(waveform, 8000)).samples;
  });

  it.each([
    'id3-before-riff.wav',
    'data-before-fmt.wav',
    'list-odd-unpadded.wav',
    'size0-then-list.wav',
    'TIMIT-SPHERE.WAV',
  ])('%s has the very samples', async (name) => {
    const { samples, sampleRate } = await decodeAudio(readCase(name));
    expect(sampleRate).toBe(16_000);
    expect(samples).toEqual(reference);
  });

  it.each([
    ['stereo-antiphase.wav', { of: 2, used: [0, 1], flipped: [1] }],
    ['surround-centre-only.flac', { of: 6, used: [2], flipped: [] }],
  ])('%s has the very samples, whatever its other channels are', async (name, use) => {
    const pieces = monoPieces('test', soundPieces('test', readCase(name), {}));
    const { samples, sampleRate } = await holdWaveform(pieces);
    expect(sampleRate).toBe(16_000);
    expect(samples).toEqual(reference.subarray(0, samples.length));
    expect(samples.length).toBeGreaterThanOrEqual(24_000);
    expect(pieces.channels).toEqual(use);
  });

  it('dc-offset-0.1.wav is trimmed as without it, and has the same features to 0.01 dB', async () => {
    const { samples, sampleRate } = await decodeAudio(readCase('dc-offset-0.1.wav'));
    expect(samples[0]! - reference[0]!).toBeCloseTo(0.1, 4); // decoding is faithful to the file
    const options = resolveTrimOptions();
    const range = await speechRange({ samples: reference, sampleRate }, options);
    expect(await speechRange({ samples, sampleRate }, options)).toEqual(range);
    const extractor = new FeatureExtractor();
    const wanted = await extractor.extract({ samples: reference, sampleRate });
    const got = await extractor.extract({ samples, sampleRate });
    expect(got.frames).toBe(wanted.frames);
    for (const [i, value] of got.values.entries()) expect(Math.abs(value - wanted.values[i]!)).toBeLessThan(0.01);
  });

  it.each([
    // name, rate, samples that the codec may add, least correlation, most difference of level
    ['ulaw-bits16.wav', 8000, 0, 0.999, 0.01],
    ['asterisk-gsm.wav', 8000, 320, 0.95, 0.1],
    ['recorder-ima-adpcm.wav', 16_000, 2041, 0.995, 0.01],
    ['mp3-zeros-first.mp3', 16_000, 3 * 576, 0.97, 0.05],
    ['mp3-id3-then-zeros.mp3', 16_000, 3 * 576, 0.97, 0.05],
    ['mp3-apev2-first.mp3', 16_000, 3 * 576, 0.97, 0.05],
    ['mp3-in-riff.mp3', 16_000, 3 * 576, 0.97, 0.05],
  ] as const)('%s resembles it', async (name, rate, padding, least, most) => {
    const { samples, sampleRate } = await decodeAudio(readCase(name));
    const original = rate === 8000 ? at8000 : reference;
    expect(sampleRate).toBe(rate);
    expect(samples.length).toBeGreaterThanOrEqual(original.length);
    expect(samples.length).toBeLessThanOrEqual(original.length + padding);
    const { correlation, level } = alignment(original, samples, name.endsWith('.mp3') ? padding : 0);
    expect(correlation).toBeGreaterThan(least);
    expect(Math.abs(level - 1)).toBeLessThan(most);
  });

  it('the same MP3 gives the same samples, whatever is in front of it', async () => {
    const [first, ...others] = await Promise.all(
      ['zeros-first', 'id3-then-zeros', 'apev2-first', 'in-riff'].map((kind) =>
        decodeAudio(readCase(`mp3-${kind}.mp3`)),
      ),
    );
    for (const other of others) expect(other).toEqual(first);
  });

  it.each([
    ['mp3-joined-two-rates.mp3', 'found MP3 of 16000 Hz and, from 2.088 seconds on, of 24000 Hz'],
    ['scipy-float-int16-range.wav', 'they seem to be 16-bit integers, to be divided by 32768'],
  ])('%s is refused for what it is', async (name, message) => {
    await expect(decodeAudio(readCase(name))).rejects.toThrow(AudioFormatError);
    await expect(decodeAudio(readCase(name))).rejects.toThrow(message);
  });
});

/** How alike two signals are where they fit best, the second delayed by some samples at most. */
function alignment(x: Float32Array, y: Float32Array, most: number): { correlation: number; level: number } {
  let best = { correlation: -1, level: 0 };
  for (let lag = 0; lag <= most; lag++) {
    let [xy, xx, yy] = [0, 0, 0];
    for (let i = 0; i < Math.min(x.length, y.length - lag); i++) {
      xy += x[i]! * y[i + lag]!;
      xx += x[i]! ** 2;
      yy += y[i + lag]! ** 2;
    }
    const correlation = xy / Math.sqrt(xx * yy);
    if (correlation > best.correlation) best = { correlation, level: Math.sqrt(yy / xx) };
  }
  return best;
}
