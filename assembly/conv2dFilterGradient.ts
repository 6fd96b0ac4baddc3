// feature maps, gradient of their convolution → gradient of the filters

import { pad } from './conv2d';
import { roundUp } from './panels';
import { BAND, PANEL, SPARE, writeBand } from './tile';

/** Bytes of images and gradients that all tiles are summed over before the next are fetched: the first-level cache. */
const BLOCK: usize = 28 * 1024;

/** Bytes of scratch that {@link conv2dFilterGradient} needs. */
export function conv2dFilterGradientScratch(
  channels: usize,
  filterHeight: usize,
  filterWidth: usize,
  strideY: usize,
  strideX: usize,
  outHeight: usize,
  outWidth: usize,
  outChannels: usize,
): usize {
  const wide = roundUp(outChannels, PANEL);
  const sums = filterHeight * roundUp(filterWidth * channels, BAND) * wide;
  const image = ((outHeight - 1) * strideY + filterHeight) * ((outWidth - 1) * strideX + filterWidth) * channels;
  // A band at the edge reads up to three floats beyond the image.
  return SPARE + ((sums + outHeight * outWidth * wide + image + BAND) << 2);
}

/**
 * The gradient of a convolution by its filters: for each filter weight the sum, over positions, of what it met times what
 * came of it. Both are read where they are, a few lines at a time.
 *
 * @param x [batch, height, width, channels]
 * @param dy [batch, outHeight, outWidth, outChannels]
 * @param to [filterHeight, filterWidth, channels, outChannels]
 * @param scratch `conv2dFilterGradientScratch` bytes
 */
export function conv2dFilterGradient(
  x: usize,
  batch: usize,
  height: usize,
  width: usize,
  channels: usize,
  top: usize,
  left: usize,
  filterHeight: usize,
  filterWidth: usize,
  strideY: usize,
  strideX: usize,
  dy: usize,
  outHeight: usize,
  outWidth: usize,
  outChannels: usize,
  to: usize,
  scratch: usize,
): void {
  const paddedHeight = (outHeight - 1) * strideY + filterHeight;
  const paddedWidth = (outWidth - 1) * strideX + filterWidth;
  const run = filterWidth * channels;
  const tall = roundUp(run, BAND);
  const wide = roundUp(outChannels, PANEL);
  const sums = scratch + SPARE;
  const gradients = sums + ((filterHeight * tall * wide) << 2);
  const image = gradients + ((outHeight * outWidth * wide) << 2);
  memory.fill(sums, 0, gradients - sums);

  const row = wide << 2;
  const dyLine = outWidth * row;
  const line = (paddedWidth * channels) << 2;
  const step = (strideX * channels) << 2;
  const skip = strideY * line - outWidth * step;
  const lines = max<usize>(1, BLOCK / (strideY * line + dyLine));
  for (let n: usize = 0; n < batch; n++) {
    pad(x, height, width, channels, image, paddedHeight, paddedWidth, top, left, 1, 1);
    if (wide !== outChannels) widen(dy, outHeight * outWidth, outChannels, wide, gradients);
    const source = wide !== outChannels ? gradients : dy;
    for (let first: usize = 0; first < outHeight; first += lines) {
      const count = min(lines, outHeight - first);
      for (let ky: usize = 0; ky < filterHeight; ky++) {
        for (let weight: usize = 0; weight < tall; weight += BAND) {
          const a = image + (first * strideY + ky) * line + (weight << 2);
          const band = sums + (ky * tall + weight) * row;
          for (let column: usize = 0; column < wide; column += PANEL) {
            const b = source + first * dyLine + (column << 2);
            const sum = band + (column << 2);
            writeBand(a, step, skip, b, row, count, outWidth, sum, row, BAND, PANEL, true, scratch);
          }
        }
      }
    }
    x += (height * width * channels) << 2;
    dy += (outHeight * outWidth * outChannels) << 2;
  }

  const bytes = outChannels << 2;
  for (let ky: usize = 0; ky < filterHeight; ky++) {
    for (let weight: usize = 0; weight < run; weight++, to += bytes) {
      memory.copy(to, sums + (ky * tall + weight) * row, bytes);
    }
  }
}

/** Copies rows into wider ones, the rest of which is 0. */
function widen(from: usize, rows: usize, width: usize, wide: usize, to: usize): void {
  memory.fill(to, 0, (rows * wide) << 2);
  for (let row: usize = 0; row < rows; row++) {
    memory.copy(to, from, width << 2);
    from += width << 2;
    to += wide << 2;
  }
}
