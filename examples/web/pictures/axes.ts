// features, seconds → the labels of an axis and their positions

import { hzToMel, type ResolvedFeatureExtractorOptions } from 'speech-emotion/features';

/** A label and its position along the axis, from 0 to 1. */
export interface Tick {
  readonly text: string;
  readonly at: number;
}

const HERTZ = [500, 1000, 2000, 4000, 8000, 16_000];

/** Frequencies along the bins of the features; none if the bins are not frequencies. */
export function frequencyTicks({ sampleRate, features }: ResolvedFeatureExtractorOptions): Tick[] {
  if (features.type === 'mfcc') return [];
  const most = sampleRate / 2;
  const place =
    features.type === 'stft'
      ? (hz: number) => hz / most
      : (hz: number) => {
          const { minHz, maxHz, melScale, melBands } = features;
          const [low, high] = [hzToMel(minHz, melScale), hzToMel(maxHz, melScale)];
          const band = ((melBands + 1) * (hzToMel(hz, melScale) - low)) / (high - low) - 1; // the peaks of the first and last are within
          return (band + 0.5) / melBands;
        };
  return HERTZ.map((hz) => ({ text: hz < 1000 ? `${hz} Hz` : `${hz / 1000} kHz`, at: place(hz) })).filter(
    ({ at }) => at > 0 && at <= 1,
  );
}

/** About ten labels in seconds at most. */
export function secondTicks(from: number, to: number): Tick[] {
  const length = to - from;
  const step = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 600].find((step) => length / step <= 10) ?? 3600;
  const ticks: Tick[] = [];
  for (let second = Math.ceil(from / step) * step; second <= to + 1e-9; second += step) {
    ticks.push({ text: `${Number(second.toFixed(2))} s`, at: (second - from) / length });
  }
  return ticks;
}
