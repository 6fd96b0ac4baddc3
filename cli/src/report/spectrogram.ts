// Waveform → a spectrogram with the timeline of emotions beneath, SVG

import type { Waveform } from 'speech-emotion';
import { labelColours } from '../drawing/colours.ts';
import { soundPixels } from '../drawing/soundPixels.ts';
import { type Segment, timelineCells } from '../drawing/timelineCells.ts';
import { type Panel, toSvg } from './chart.ts';
import { heatPng } from './png.ts';

const WIDTH = 720;

/** Both share one time axis. Without segments there is only the spectrogram. */
export function spectrogram(waveform: Waveform, segments: readonly Segment[] = []): Promise<string> {
  const seconds = waveform.samples.length / waveform.sampleRate;
  const { values, width, height, maxHz } = soundPixels(waveform);
  const sound: Panel = {
    width: WIDTH,
    height: 200,
    data: { values: [{ url: heatPng(values, width, height), from: 0, to: seconds, low: 0, high: maxHz }] },
    mark: { type: 'image', aspect: false },
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        scale: { domain: [0, seconds], nice: false },
        axis: segments.length > 0 ? null : { title: 'time (s)' },
      },
      x2: { field: 'to' },
      y: { field: 'low', type: 'quantitative', title: 'Hz', scale: { domain: [0, maxHz], nice: false } },
      y2: { field: 'high' },
      url: { field: 'url' },
    },
  };
  return toSvg({ vconcat: segments.length > 0 ? [sound, timelinePanel(segments, seconds)] : [sound], spacing: 8 });
}

/** The emotions alone, of recordings that are too long for a spectrogram. */
export function timelineOnly(segments: readonly Segment[], seconds: number): Promise<string> {
  return toSvg({ vconcat: [timelinePanel(segments, seconds)] });
}

function timelinePanel(segments: readonly Segment[], seconds: number): Panel {
  const labels = (segments.find(({ scores }) => scores)?.scores ?? []).map(({ label }) => label);
  return {
    width: WIDTH,
    height: 110,
    data: { values: timelineCells(segments, seconds) },
    mark: 'rect',
    encoding: {
      x: {
        field: 'from',
        type: 'quantitative',
        title: 'time (s)',
        scale: { domain: [0, seconds], nice: false },
        axis: { grid: false },
      },
      x2: { field: 'to' },
      y: {
        field: 'low',
        type: 'quantitative',
        title: 'probability',
        scale: { domain: [0, 1] },
        axis: { format: '.0%', grid: false, tickCount: 3 },
      },
      y2: { field: 'high' },
      color: {
        field: 'label',
        type: 'nominal',
        title: null,
        scale: labelColours(labels),
        legend: { orient: 'bottom', direction: 'horizontal', columns: 8 },
      },
    },
  };
}
