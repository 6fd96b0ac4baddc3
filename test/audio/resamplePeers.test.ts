import { readFileSync } from 'node:fs';
import { create } from '@alexanderolsen/libsamplerate-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/audio/decode.ts';
import { resample } from '../../src/audio/resample.ts';
import type { Waveform } from '../../src/audio/waveform.ts';

/* libsamplerate's best converter (its pass band ends at 97 % of Nyquist, 145 dB) on speech, where both have a pass band. */

let speech: Waveform;
beforeAll(async () => {
  speech = await decodeAudio(readFileSync(new URL('../fixtures/audio/speech.wav', import.meta.url)));
});

const level = (samples: Float32Array) => 10 * Math.log10(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

describe('speech at another rate (oracle: libsamplerate’s best converter)', () => {
  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [22_050, 16_000],
    [16_000, 44_100],
  ])('%i to %i Hz: what differs is 60 dB below the speech', async (from, to) => {
    const input = (await resample(speech, from)).samples;
    const converter = await create(1, from, to, { converterType: 0 });
    // Enough silence behind that the converter gives all.
    const padded = new Float32Array(input.length + from);
    padded.set(input);
    const theirs = converter.simple(padded).slice();
    converter.destroy();
    const { samples } = await resample({ samples: input, sampleRate: from }, to);
    const difference = samples.map((value, i) => value - theirs[i]!);
    expect(level(difference) - level(samples)).toBeLessThan(-60);
  });
});
