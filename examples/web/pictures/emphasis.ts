// what spoke for an answer, on the model's grid → how much of each level of the picture is shown

import type { Explanation } from 'speech-emotion';
import { hzToMel, melToHz, type ResolvedFeatureExtractorOptions } from 'speech-emotion/features';
import { type Picture, SCALE } from './picture.ts';

/** [columns, bands] in 0…1: 1 where most was said for the label, 0 where nothing or something against it. */
export function emphasisOf(
  { contributions, start, framesPerSecond }: Explanation,
  { columns, columnsPerSecond }: Picture,
  options: ResolvedFeatureExtractorOptions,
): Float32Array {
  const { values, frames, bins } = contributions;
  const binOf = Array.from({ length: SCALE.bands }, (_, band) => binsAround(hzOf(band), options, bins));
  const strengths = smoothed(values, frames, bins);
  const most = strengths.reduce((a, b) => Math.max(a, b), 1e-12);
  const emphasis = new Float32Array(columns * SCALE.bands);
  for (let column = 0; column < columns; column++) {
    const frame = Math.round((column / columnsPerSecond - start) * framesPerSecond);
    if (frame < 0 || frame >= frames) continue;
    for (let band = 0; band < SCALE.bands; band++) {
      const strength = strengths[frame * bins + binOf[band]!]! / most;
      emphasis[column * SCALE.bands + band] = Math.sqrt(Math.max(0, strength)); // few points have most of it
    }
  }
  return emphasis;
}

/** The pitch of a band of the picture. */
function hzOf(band: number): number {
  const [low, high] = [hzToMel(SCALE.minHz, 'htk'), hzToMel(SCALE.maxHz, 'htk')];
  return melToHz(low + ((high - low) * (band + 1)) / (SCALE.bands + 1), 'htk');
}

/** The nearest of the model's bins. */
function binsAround(hz: number, { sampleRate, features }: ResolvedFeatureExtractorOptions, bins: number): number {
  const within = (bin: number) => Math.min(bins - 1, Math.max(0, Math.round(bin)));
  if (features.type === 'stft') return within((hz / (sampleRate / 2)) * (bins - 1));
  if (features.type !== 'logMel') return 0; // no axis of pitch
  const [low, high] = [features.minHz, features.maxHz].map((edge) => hzToMel(edge, features.melScale)) as [
    number,
    number,
  ];
  return within(((bins + 1) * (hzToMel(hz, features.melScale) - low)) / (high - low) - 1);
}

/** The mean over the neighbours in time and pitch: single points say little. */
function smoothed(values: Float32Array, frames: number, bins: number): Float32Array {
  const sums = new Float32Array(values.length);
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++) {
      let sum = 0;
      for (let f = Math.max(0, frame - 2); f <= Math.min(frames - 1, frame + 2); f++) {
        for (let b = Math.max(0, bin - 1); b <= Math.min(bins - 1, bin + 1); b++) sum += values[f * bins + b]!;
      }
      sums[frame * bins + bin] = sum;
    }
  }
  return sums;
}
