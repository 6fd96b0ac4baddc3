// feature maps × filters → feature maps
//
// In an image with channels last, what a filter line meets is one run of memory, and the run of the next position starts
// one pixel later. So a position's patch is a row of a matrix product that consists of as many runs as the filter has lines:
// nothing is laid out but the image with its border, one at a time.

import { layOutPanels, panelBytes } from './panels';
import { BAND, PANEL, SPARE, writeTile } from './tile';

/** Positions that a panel of filters meets before the next one is fetched. */
const POSITIONS: usize = 64;

/** Bytes of scratch that {@link conv2d} needs. */
export function conv2dScratch(
  channels: usize,
  filterHeight: usize,
  filterWidth: usize,
  strideY: usize,
  strideX: usize,
  outHeight: usize,
  outWidth: usize,
  outChannels: usize,
): usize {
  const filters = panelBytes(filterHeight * filterWidth * channels, outChannels);
  const image = ((outHeight - 1) * strideY + filterHeight) * ((outWidth - 1) * strideX + filterWidth) * channels;
  return SPARE + filters + ((outHeight * outWidth + image) << 2);
}

/**
 * Convolves a batch of images.
 *
 * @param x [batch, height, width, channels]
 * @param top zeros above the image; how many are below follows from the output's height
 * @param left zeros before the image
 * @param lineStep 1, or more to have lines of zeros between those of the image: the gradient of a strided convolution
 * @param columnStep the same for columns
 * @param filter [filterHeight, filterWidth, channels, outChannels]; or flipped, for the gradient by the input of a convolution:
 *   its filter, [filterHeight, filterWidth, outChannels, channels], which is read from its end
 * @param bias [outChannels] to add, or 0 for none
 * @param rectify whether negative results become 0
 * @param y [batch, outHeight, outWidth, outChannels]
 * @param scratch `conv2dScratch` bytes
 */
export function conv2d(
  x: usize,
  batch: usize,
  height: usize,
  width: usize,
  channels: usize,
  top: usize,
  left: usize,
  lineStep: usize,
  columnStep: usize,
  filter: usize,
  filterHeight: usize,
  filterWidth: usize,
  flipped: bool,
  strideY: usize,
  strideX: usize,
  bias: usize,
  rectify: bool,
  y: usize,
  outHeight: usize,
  outWidth: usize,
  outChannels: usize,
  scratch: usize,
): void {
  const paddedHeight = (outHeight - 1) * strideY + filterHeight;
  const paddedWidth = (outWidth - 1) * strideX + filterWidth;
  const run = filterWidth * channels;
  const depth = filterHeight * run;
  const positions = outHeight * outWidth;
  const line = (paddedWidth * channels) << 2;
  const skip = line - (run << 2);
  const row = outChannels << 2;

  const panels = scratch + SPARE;
  const offsets = panels + panelBytes(depth, outChannels);
  const image = offsets + (positions << 2);
  layOutFilters(filter, filterHeight * filterWidth, channels, outChannels, flipped, panels);
  let offset = offsets;
  for (let oy: usize = 0; oy < outHeight; oy++) {
    for (let ox: usize = 0; ox < outWidth; ox++, offset += 4) {
      store<u32>(offset, oy * strideY * line + ((ox * strideX * channels) << 2));
    }
  }

  for (let n: usize = 0; n < batch; n++) {
    pad(x, height, width, channels, image, paddedHeight, paddedWidth, top, left, lineStep, columnStep);
    for (let first: usize = 0; first < positions; first += POSITIONS) {
      const last = min(positions, first + POSITIONS);
      let panel = panels;
      for (let channel: usize = 0; channel < outChannels; channel += PANEL, panel += depth << 5) {
        const columns = min(PANEL, outChannels - channel);
        for (let position = first; position < last; position += BAND) {
          const rows = min(BAND, last - position);
          const at = offsets + (position << 2);
          const a0 = image + load<u32>(at);
          const a1 = rows > 1 ? image + load<u32>(at, 4) : a0;
          const a2 = rows > 2 ? image + load<u32>(at, 8) : a0;
          const a3 = rows > 3 ? image + load<u32>(at, 12) : a0;
          const to = y + position * row + (channel << 2);
          writeTile(a0, a1, a2, a3, filterHeight, run, skip, panel, to, row, rows, columns, false, scratch);
        }
      }
      if (bias !== 0 || rectify) finish(y + first * row, last - first, outChannels, bias, rectify);
    }
    x += (height * width * channels) << 2;
    y += positions * row;
  }
}

/** Copies an image into a larger one of zeros. With strides, no filter may meet its last lines and columns. */
export function pad(
  x: usize,
  height: usize,
  width: usize,
  channels: usize,
  to: usize,
  paddedHeight: usize,
  paddedWidth: usize,
  top: usize,
  left: usize,
  lineStep: usize,
  columnStep: usize,
): void {
  const pixel = channels << 2;
  const line = paddedWidth * pixel;
  const lines = min(height, (paddedHeight - top + lineStep - 1) / lineStep);
  const columns = min(width, (paddedWidth - left + columnStep - 1) / columnStep);
  memory.fill(to, 0, paddedHeight * line);
  for (let y: usize = 0; y < lines; y++) {
    let source = x + y * width * pixel;
    let target = to + (top + y * lineStep) * line + left * pixel;
    if (columnStep === 1) {
      memory.copy(target, source, columns * pixel);
      continue;
    }
    for (let column: usize = 0; column < columns; column++) {
      memory.copy(target, source, pixel);
      source += pixel;
      target += columnStep * pixel;
    }
  }
}

/** Panels of the filters; flipped, of those reversed along both axes, with inputs and outputs exchanged. */
function layOutFilters(
  filter: usize,
  taps: usize,
  channels: usize,
  outChannels: usize,
  flipped: bool,
  to: usize,
): void {
  if (!flipped) {
    layOutPanels(filter, outChannels << 2, 4, taps * channels, outChannels, to);
    return;
  }
  const tapBytes = (channels * outChannels) << 2;
  for (let channel: usize = 0; channel < outChannels; channel += PANEL) {
    const width = min(PANEL, outChannels - channel);
    for (let tap: usize = 1; tap <= taps; tap++, to += channels << 5) {
      const from = filter + (taps - tap) * tapBytes + ((channel * channels) << 2);
      layOutPanels(from, 4, channels << 2, channels, width, to);
    }
  }
}

/** Adds the bias and rectifies, where asked for, while the values are in the cache. */
export function finish(y: usize, positions: usize, channels: usize, bias: usize, rectify: bool): void {
  const least: f32 = rectify ? 0 : -Infinity;
  const floors = f32x4.splat(least);
  for (let position: usize = 0; position < positions; position++) {
    let channel: usize = 0;
    for (; channel + 4 <= channels; channel += 4, y += 16) {
      const added = bias === 0 ? f32x4.splat(0) : v128.load(bias + (channel << 2));
      v128.store(y, f32x4.max(f32x4.add(v128.load(y), added), floors));
    }
    for (; channel < channels; channel++, y += 4) {
      const added: f32 = bias === 0 ? 0 : load<f32>(bias + (channel << 2));
      store<f32>(y, max<f32>(load<f32>(y) + added, least));
    }
  }
}
