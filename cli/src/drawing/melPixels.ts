// Waveform → the lightness of a mel spectrogram's pixels, and where its frequencies are

import { hzToMel, LogMel, type Waveform } from 'speech-emotion/features';

/** A spectrogram as pixels, in which pitch is even to the ear. */
export interface MelPixels {
  /** [height, width], top row first: 1 at the loudest point, 0 at {@link RANGE_DB} below it or less. */
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  /** Frequencies and where they are, from 0 at the bottom to 1 at the top. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

const MAX_WIDTH = 1200;
const BANDS = 112;
const [MIN_HZ, MAX_HZ] = [70, 7600];
const RANGE_DB = 50;
const SILENT_DB = -110;
const TICKS_HZ = [200, 500, 1000, 2000, 4000];

/** Frames of 40 ms, as many as a screen has room for. */
export function melPixels({ samples, sampleRate }: Waveform): MelPixels {
  const maxHz = Math.min(MAX_HZ, sampleRate / 2);
  const frameLength = Math.ceil(0.04 * sampleRate);
  const hopLength = Math.ceil(Math.max(0.01 * sampleRate, samples.length / MAX_WIDTH));
  const mel = new LogMel({
    ...{ sampleRate, frameLength, hopLength, fftLength: 2 ** Math.ceil(Math.log2(0.128 * sampleRate)) },
    ...{ melBands: BANDS, minHz: MIN_HZ, maxHz, melScale: 'htk', minDb: SILENT_DB },
  });
  const { values: decibels, frames: width } = mel.compute(samples);
  const loudest = decibels.reduce((most, value) => Math.max(most, value), SILENT_DB + RANGE_DB);
  const values = new Float32Array(width * BANDS);
  for (let x = 0; x < width; x++) {
    for (let band = 0; band < BANDS; band++) {
      const share = 1 + (decibels[x * BANDS + band]! - loudest) / RANGE_DB;
      values[(BANDS - 1 - band) * width + x] = Math.max(0, share);
    }
  }
  const [low, high] = [hzToMel(MIN_HZ, 'htk'), hzToMel(maxHz, 'htk')];
  const ticks = TICKS_HZ.filter((hz) => hz < maxHz).map((hz) => {
    return { at: (hzToMel(hz, 'htk') - low) / (high - low), text: hz < 1000 ? `${hz} Hz` : `${hz / 1000} kHz` };
  });
  return { values, width, height: BANDS, ticks };
}
