// a grid of values from 0 to 1 → a PNG as a data URL

import { crc32, deflateSync } from 'node:zlib';
import { scheme } from 'vega';

/** `magma` runs from black to pale yellow with even steps of lightness, so that twice as bright reads as twice as much. */
const palette = Buffer.concat(
  Array.from({ length: 256 }, (_, i) => {
    const colour: string = scheme('magma')(i / 255); // 'rgb(182, 55, 122)'
    return Buffer.from(colour.match(/\d+/g)!.map(Number));
  }),
);

/** Draws `values`, row-major with the top row first, one pixel each. */
export function heatPng(values: Float32Array, width: number, height: number): string {
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
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${png.toString('base64')}`;
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
