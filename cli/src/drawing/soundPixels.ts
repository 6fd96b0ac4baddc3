// Waveform → the lightness of a spectrogram's pixels

import { Stft, type Waveform } from 'speech-emotion/features';

/** A spectrogram as pixels; frequency is even from 0 at the bottom to `maxHz` at the top. */
export interface SoundPixels {
  /** [height, width], top row first: 1 at the loudest point, 0 at {@link RANGE_DB} below it or less. */
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly maxHz: number;
}

const MAX_WIDTH = 1000;
const MAX_HZ = 8000;
const RANGE_DB = 70;

/** Frames of 32 ms, which show pitch as well as syllables, as many as a screen has room for. */
export function soundPixels({ samples, sampleRate }: Waveform): SoundPixels {
  const frameLength = Math.ceil(0.032 * sampleRate);
  const hopLength = Math.ceil(Math.max(0.005 * sampleRate, samples.length / MAX_WIDTH));
  const stft = new Stft({ sampleRate, frameLength, hopLength, output: 'power' });
  const power = stft.compute(samples);
  const hzPerBin = sampleRate / stft.options.fftLength;
  const width = power.frames;
  const height = Math.min(power.bins, Math.floor(MAX_HZ / hzPerBin) + 1);
  const loudest = power.values.reduce((most, value) => Math.max(most, value), 1e-10);
  const values = new Float32Array(width * height);
  for (let x = 0; x < width; x++) {
    for (let bin = 0; bin < height; bin++) {
      const decibels = 10 * Math.log10(Math.max(power.values[x * power.bins + bin]! / loudest, 1e-10)); // 0 or less
      values[(height - 1 - bin) * width + x] = Math.max(0, 1 + decibels / RANGE_DB);
    }
  }
  return { values, width, height, maxHz: (height - 1) * hzPerBin };
}
