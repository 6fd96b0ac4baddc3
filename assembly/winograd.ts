// 3 × 3 convolutions by tiles of 2 × 2 results, in 16 multiplications where the definition has 36
//
// A tile of 4 × 4 inputs d, the filter g and the tile of results are taken to a space where convolving is multiplying element
// by element: Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A. Over channels and tiles, each of the 16 elements is a matrix product. Lavin & Gray
// 2016, "Fast algorithms for convolutional neural networks", F(2×2, 3×3): the only such transform all of whose factors are
// 0, ±1 and ½, so that it costs no precision to speak of. The gradient of the filters is the transposed way back.

import { finish, pad } from './conv2d';
import { multiplyPanels } from './multiply';
import { layOutPanels, panelBytes, roundUp } from './panels';
import { BAND, PANEL, SPARE, writeBand } from './tile';
import {
  TILES,
  transformFilters,
  transformGradients,
  transformInputs,
  transformProducts,
  transformSums,
} from './winogradTransforms';

/** Pictures that are padded at a time, so that small ones make a whole block of tiles together. */
function groupSize(batch: usize, tiles: usize): usize {
  return min(batch, (TILES + tiles - 1) / tiles);
}

/** Bytes of scratch that {@link winogradConv2d} and {@link winogradFilterGradient} need. */
export function winogradScratch(
  batch: usize,
  channels: usize,
  outHeight: usize,
  outWidth: usize,
  outChannels: usize,
): usize {
  const tilesY = (outHeight + 1) / 2;
  const tilesX = (outWidth + 1) / 2;
  const images = groupSize(batch, tilesY * tilesX) * (tilesY * 2 + 2) * (tilesX * 2 + 2) * channels;
  const deep = roundUp(channels, BAND);
  const wide = roundUp(outChannels, PANEL);
  const blocks = TILES * 16 * (deep + wide);
  return SPARE + 16 * panelBytes(deep, wide) + ((16 * deep * wide + blocks + images) << 2);
}

/**
 * Convolves a batch of images by filters of 3 × 3 with stride 1; the parameters are those of `conv2d`.
 *
 * @param scratch `winogradScratch` bytes
 */
export function winogradConv2d(
  x: usize,
  batch: usize,
  height: usize,
  width: usize,
  channels: usize,
  top: usize,
  left: usize,
  filter: usize,
  flipped: bool,
  bias: usize,
  rectify: bool,
  y: usize,
  outHeight: usize,
  outWidth: usize,
  outChannels: usize,
  scratch: usize,
): void {
  const tilesY = (outHeight + 1) / 2;
  const tilesX = (outWidth + 1) / 2;
  const tiles = tilesY * tilesX;
  const group = groupSize(batch, tiles);
  const deep = roundUp(channels, BAND);
  const wide = roundUp(outChannels, PANEL);
  const panels = scratch + SPARE;
  const panel = panelBytes(channels, outChannels);
  const filters = panels + 16 * panelBytes(deep, wide);
  const inputs = filters + ((16 * deep * wide) << 2);
  const products = inputs + ((16 * TILES * deep) << 2);
  const images = products + ((16 * TILES * wide) << 2);

  // Turned, inputs and outputs are exchanged: the filters lie as [3, 3, outChannels, channels].
  const rows = flipped ? outChannels : channels;
  const columns = flipped ? channels : outChannels;
  transformFilters(filter, rows, columns, flipped, filters);
  for (let e: usize = 0; e < 16; e++) {
    const from = filters + ((e * channels * outChannels) << 2);
    const rowStep: usize = flipped ? 4 : outChannels << 2;
    const columnStep: usize = flipped ? channels << 2 : 4;
    layOutPanels(from, rowStep, columnStep, channels, outChannels, panels + e * panel);
  }
  const pixel = outChannels << 2;
  for (let n: usize = 0; n < batch; n += group) {
    const count = min(group, batch - n);
    padGroup(x, n, count, height, width, channels, images, tilesY, tilesX, top, left);
    for (let first: usize = 0; first < count * tiles; first += TILES) {
      const block = min(TILES, count * tiles - first);
      transformInputs(images, first, block, tilesY, tilesX, channels, deep, inputs);
      for (let e: usize = 0; e < 16; e++) {
        const a = inputs + ((e * TILES * deep) << 2);
        const to = products + ((e * TILES * wide) << 2);
        multiplyPanels(block, outChannels, channels, a, deep, panels + e * panel, to, wide, false, scratch);
      }
      for (let tile: usize = 0; tile < block; tile++) {
        const at = first + tile;
        const ty = (at % tiles) / tilesX;
        const tx = at % tilesX;
        const to = y + (((n + at / tiles) * outHeight + 2 * ty) * outWidth + 2 * tx) * pixel;
        const tall = min<usize>(2, outHeight - 2 * ty);
        const broad = min<usize>(2, outWidth - 2 * tx);
        transformProducts(products + ((tile * wide) << 2), wide, outChannels, to, outWidth * pixel, tall, broad);
        if (bias === 0 && !rectify) continue;
        for (let row: usize = 0; row < tall; row++) {
          finish(to + row * outWidth * pixel, broad, outChannels, bias, rectify);
        }
      }
    }
  }
}

/**
 * The gradient of a convolution by filters of 3 × 3 with stride 1 by its filters; the parameters are those of
 * `conv2dFilterGradient`.
 *
 * @param scratch `winogradScratch` bytes
 */
export function winogradFilterGradient(
  x: usize,
  batch: usize,
  height: usize,
  width: usize,
  channels: usize,
  top: usize,
  left: usize,
  dy: usize,
  outHeight: usize,
  outWidth: usize,
  outChannels: usize,
  to: usize,
  scratch: usize,
): void {
  const tilesY = (outHeight + 1) / 2;
  const tilesX = (outWidth + 1) / 2;
  const tiles = tilesY * tilesX;
  const group = groupSize(batch, tiles);
  const deep = roundUp(channels, BAND);
  const wide = roundUp(outChannels, PANEL);
  const sums = scratch + SPARE;
  const inputs = sums + ((16 * deep * wide) << 2);
  const gradients = inputs + ((16 * TILES * deep) << 2);
  const images = gradients + ((16 * TILES * wide) << 2);
  memory.fill(sums, 0, (16 * deep * wide) << 2);

  const pixel = outChannels << 2;
  const row = wide << 2;
  for (let n: usize = 0; n < batch; n += group) {
    const count = min(group, batch - n);
    padGroup(x, n, count, height, width, channels, images, tilesY, tilesX, top, left);
    for (let first: usize = 0; first < count * tiles; first += TILES) {
      const block = min(TILES, count * tiles - first);
      transformInputs(images, first, block, tilesY, tilesX, channels, deep, inputs);
      for (let tile: usize = 0; tile < block; tile++) {
        const at = first + tile;
        const ty = (at % tiles) / tilesX;
        const tx = at % tilesX;
        const from = dy + (((n + at / tiles) * outHeight + 2 * ty) * outWidth + 2 * tx) * pixel;
        const rows = outHeight - 2 * ty;
        const columns = outWidth - 2 * tx;
        transformGradients(from, outWidth * pixel, rows, columns, outChannels, wide, gradients + tile * row);
      }
      for (let e: usize = 0; e < 16; e++) {
        const a = inputs + ((e * TILES * deep) << 2);
        const b = gradients + e * TILES * row;
        for (let c: usize = 0; c < deep; c += BAND) {
          for (let o: usize = 0; o < wide; o += PANEL) {
            const sum = sums + (((e * deep + c) * wide + o) << 2);
            writeBand(a + (c << 2), deep << 2, 0, b + (o << 2), row, 1, block, sum, row, BAND, PANEL, true, scratch);
          }
        }
      }
    }
  }
  transformSums(sums, deep, wide, channels, outChannels, to);
}

function padGroup(
  x: usize,
  first: usize,
  count: usize,
  height: usize,
  width: usize,
  channels: usize,
  to: usize,
  tilesY: usize,
  tilesX: usize,
  top: usize,
  left: usize,
): void {
  const image = (height * width * channels) << 2;
  const padded = ((tilesY * 2 + 2) * (tilesX * 2 + 2) * channels) << 2;
  for (let i: usize = 0; i < count; i++) {
    const from = x + (first + i) * image;
    pad(from, height, width, channels, to + i * padded, 2 * tilesY + 2, 2 * tilesX + 2, top, left, 1, 1);
  }
}
