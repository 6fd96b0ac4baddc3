// levels → the page's colours of loudness, even in OKLab lightness

import { SPECTROGRAM_COLOURS } from 'speech-emotion/timelines';

/** A theme of the page. */
export type Theme = keyof typeof SPECTROGRAM_COLOURS;

/** 256 colours, [256, RGB], from silence, which has the page's own colour, to the loudest. */
export function colourMap(theme: Theme): Uint8ClampedArray {
  maps[theme] ??= mix(SPECTROGRAM_COLOURS[theme].map(rgbOf));
  return maps[theme];
}

const maps: Partial<Record<Theme, Uint8ClampedArray>> = {};

function mix(stops: readonly (readonly number[])[]): Uint8ClampedArray {
  const map = new Uint8ClampedArray(256 * 3);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (stops.length - 1);
    const below = Math.min(stops.length - 2, Math.floor(at));
    for (let c = 0; c < 3; c++) {
      const [from, to] = [stops[below]![c]!, stops[below + 1]![c]!];
      map[3 * i + c] = from + (at - below) * (to - from);
    }
  }
  return map;
}

function rgbOf(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}
