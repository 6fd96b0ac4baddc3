// Waveform, a ratio → Waveform in white noise

import type { Waveform } from 'speech-emotion';
import { trimSilence } from 'speech-emotion/features';
import { RandomStream } from 'speech-emotion/layers';

/**
 * Adds Gaussian white noise throughout, whose mean power is that of the speech divided by the ratio. The speech is the clip
 * without the silence at its ends, as `trimSilence` finds it: with the silence, short sentences would get less noise.
 *
 * @param snr ratio of speech to noise, in decibels
 * @param clipName what the noise follows from: the same at every ratio, but for its level
 */
export function withNoise(waveform: Waveform, snr: number, clipName: string): Waveform {
  const { samples, sampleRate } = waveform;
  const random = new RandomStream(0, 'noise', clipName);
  const noise = Float64Array.from(samples, () => random.normal());
  // By the power that the noise came out with, so that the ratio is exact, not one on average.
  const wanted = meanPower(trimSilence(waveform).samples) / 10 ** (snr / 10);
  const factor = Math.sqrt(wanted / meanPower(noise));
  return { samples: samples.map((sample, i) => sample + factor * noise[i]!), sampleRate };
}

function meanPower(samples: Float32Array | Float64Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum / samples.length;
}
