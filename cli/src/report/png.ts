// a grid of values from 0 to 1 → a PNG as a data URL

import { crc32, deflateSync } from 'node:zlib';
import { SPECTROGRAM_COLOURS } from 'speech-emotion/timelines';

/** Options of {@link heatPng}. */
export interface HeatPngOptions {
  /** The page that it is for. @default 'light' */
  readonly theme?: keyof typeof SPECTROGRAM_COLOURS;
  /** How hard to compress, in 0…9; 0 gives the same bytes on every machine. @default zlib's */
  readonly level?: number;
}

/** Draws `values`, row-major with the top row first, one pixel each: 0 has the colour of the page. */
export function heatPng(
  values: Float32Array,
  width: number,
  height: number,
  { theme = 'light', level }: HeatPngOptions = {},
): string {
  const rows = Buffer.alloc(height * (width + 1)); // each row is led by its filter type, 0 for none
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y * (width + 1) + x + 1] = Math.round(255 * Math.min(1, Math.max(0, values[y * width + x]!)));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // 8 bits a pixel, colours from the palette
  const png = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', paletteOf(SPECTROGRAM_COLOURS[theme])),
    chunk('IDAT', deflateSync(rows, level === undefined ? {} : { level })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${png.toString('base64')}`;
}

/** 256 colours by way of the given ones, at even distances: [256, RGB]. */
function paletteOf(colours: readonly string[]): Buffer {
  const stops = colours.map((colour) => Buffer.from(colour.slice(1), 'hex'));
  const palette = Buffer.alloc(3 * 256);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (stops.length - 1);
    const below = Math.min(stops.length - 2, Math.floor(at));
    for (let c = 0; c < 3; c++) {
      const [from, to] = [stops[below]![c]!, stops[below + 1]![c]!];
      palette[3 * i + c] = Math.round(from + (at - below) * (to - from));
    }
  }
  return palette;
}

/** @see https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
