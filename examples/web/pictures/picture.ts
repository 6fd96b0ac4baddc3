// a recording's loudness by time and pitch, as the page shows it: type, scale, axis

import { hzToMel } from 'speech-emotion/features';

/** Levels over time and pitch. */
export interface Picture {
  /** [columns, bands], lowest band first: 0 has the page's colour, 255 is the loudest. */
  readonly levels: Uint8Array;
  readonly columns: number;
  readonly columnsPerSecond: number;
}

/** The scale of every picture: mel (HTK's), 70 Hz to 7.6 kHz, 50 dB. */
export const SCALE = {
  bands: 112,
  minHz: 70,
  maxHz: 7600,
  rangeDb: 50,
  sampleRate: 16_000,
  columnsPerSecond: 100,
} as const;

/** Where a pitch lies: 0 at the bottom, 1 at the top. */
function placeOfHz(hz: number): number {
  const [low, high] = [hzToMel(SCALE.minHz, 'htk'), hzToMel(SCALE.maxHz, 'htk')];
  return (hzToMel(hz, 'htk') - low) / (high - low);
}

/** The labels of the axis of pitch. */
export const PITCHES = [
  { text: '200 Hz', at: placeOfHz(200) },
  { text: '500 Hz', at: placeOfHz(500) },
  { text: '1 kHz', at: placeOfHz(1000) },
  { text: '2 kHz', at: placeOfHz(2000) },
  { text: '4 kHz', at: placeOfHz(4000) },
] as const;

/** A small picture of a whole recording, for lists. */
export function thumbnail({ levels, columns }: Picture): Picture {
  const [width, height] = [Math.min(columns, 96), SCALE.bands];
  const small = new Uint8Array(width * height);
  for (let x = 0; x < width; x++) {
    const [from, to] = [Math.floor((x * columns) / width), Math.floor(((x + 1) * columns) / width)];
    for (let band = 0; band < height; band++) {
      let sum = 0;
      for (let column = from; column < to; column++) sum += levels[column * height + band]!;
      small[x * height + band] = sum / (to - from);
    }
  }
  return { levels: small, columns: width, columnsPerSecond: 1 };
}

/** Levels below this are pale, at both ends of a take. */
const PALE = 96;

/** What is between the silence at both ends. */
export function withoutEnds({ levels, columns, columnsPerSecond }: Picture): Picture {
  const { bands } = SCALE;
  const isPale = (column: number) =>
    levels.subarray(column * bands, (column + 1) * bands).every((level) => level < PALE);
  let [from, to] = [0, columns];
  while (from < to && isPale(from)) from++;
  while (to > from && isPale(to - 1)) to--;
  return { levels: levels.subarray(from * bands, to * bands), columns: to - from, columnsPerSecond };
}
