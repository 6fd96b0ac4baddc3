// Waveform → its spectrogram, SVG

import type { Waveform } from 'speech-emotion';
import { soundPixels } from '../drawing/soundPixels.ts';
import { toSvg } from './chart.ts';
import { heatPng } from './png.ts';

/** Frequency is even from 0 to the top, as a Fourier transform gives it. */
export function spectrogram(waveform: Waveform): Promise<string> {
  const seconds = waveform.samples.length / waveform.sampleRate;
  const { values, width, height, maxHz } = soundPixels(waveform);
  return toSvg({
    width: 720,
    height: 200,
    data: { values: [{ url: heatPng(values, width, height), from: 0, to: seconds, low: 0, high: maxHz }] },
    mark: { type: 'image', aspect: false },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        scale: { domain: [0, seconds], nice: false },
        axis: { title: 'time (s)' },
      },
      x2: { field: 'to' },
      y: { field: 'low', type: 'quantitative', title: 'Hz', scale: { domain: [0, maxHz], nice: false } },
      y2: { field: 'high' },
      url: { field: 'url' },
    },
  });
}
