// feature maps, gradient of their convolution → gradient of the filters, in one dispatch and a sum
//
// A filter weight meets an input at every position of every example. The stock program gives each weight one invocation,
// which goes through all positions by itself: of a first layer's 144 weights, 300 000 positions each, one after another on a
// processor that has thousands of lanes. Here a workgroup makes a tile of the matrix product P·dy, with the patches P read
// straight from the input, over a part of the positions; then the parts are summed.

import * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionShape } from '../../padding.ts';
import type { FilterGradient } from '../../signatures/conv2d.ts';
import { MOST_INVOCATIONS, runProgram, webgpuLimits } from '../../tfjs/webgpuProgram.ts';

/** Rows and columns of the product that a workgroup makes, four an invocation. */
const TILE = 32;
/** Positions that are read at a time. */
const DEPTH = 16;
/** Workgroups that are enough to keep a GPU busy. */
const ENOUGH_WORKGROUPS = 512;

/** The gradient by the filters on WebGPU. */
export const webgpuFilterGradient: FilterGradient = (x, dy, shape) => {
  const { channels, filterHeight, filterWidth, outChannels } = shape;
  const rows = filterHeight * filterWidth * channels;
  const tiles = Math.ceil(rows / TILE) * Math.ceil(outChannels / TILE);
  const { steps, parts } = divide(shape, tiles);
  return tf.tidy(() => {
    const products = runProgram<tf.Rank.R3>({
      inputs: { x, dy },
      outputShape: [parts, rows, outChannels],
      workgroups: tiles * parts,
      workgroupSize: MOST_INVOCATIONS,
      code: codeOf(shape, rows, steps),
    });
    return tf.reshape(tf.sum(products, 0), [filterHeight, filterWidth, channels, outChannels]);
  });
};

/** How many parts the positions are divided into, and how often a workgroup reads {@link DEPTH} of one. */
function divide({ batch, outHeight, outWidth }: ConvolutionShape, tiles: number): { steps: number; parts: number } {
  const reads = Math.ceil((batch * outHeight * outWidth) / DEPTH);
  const wanted = Math.max(1, Math.ceil(ENOUGH_WORKGROUPS / tiles));
  const most = Math.max(1, Math.floor(webgpuLimits()!.maxComputeWorkgroupsPerDimension / tiles));
  // A power of two, so that batches of about the same size share a program.
  const steps = 2 ** Math.ceil(Math.log2(Math.max(1, reads / Math.min(wanted, most))));
  return { steps, parts: Math.ceil(reads / steps) };
}

function codeOf(shape: ConvolutionShape, rows: number, steps: number): string {
  const { height, width, channels, filterWidth, strides, outHeight, outWidth, outChannels, top, left } = shape;
  const rowTiles = Math.ceil(rows / TILE);
  const tiles = rowTiles * Math.ceil(outChannels / TILE);
  return `
    const ROWS = ${rows};
    const COLUMNS = ${outChannels};
    var<workgroup> patches : array<array<f32, ${TILE}>, ${DEPTH}>;
    var<workgroup> gradients : array<array<f32, ${TILE}>, ${DEPTH}>;

    fn main(index : i32) {
      let thread = i32(localIndex);
      let tile = i32(workgroupId.x) % ${tiles};
      let part = i32(workgroupId.x) / ${tiles};
      let firstRow = (tile % ${rowTiles}) * ${TILE};
      let firstColumn = (tile / ${rowTiles}) * ${TILE};
      let positions = uniforms.dyShape.x * ${outHeight * outWidth};

      // What this invocation reads: one row of P and one column of dy.
      let lane = thread % ${TILE};
      let row = firstRow + lane;
      let column = firstColumn + lane;
      let channel = row % ${channels};
      let shiftX = (row / ${channels}) % ${filterWidth} - ${left};
      let shiftY = row / ${channels * filterWidth} - ${top};

      // What it multiplies: two rows and two columns.
      let r = thread / ${TILE / 2} * 2;
      let c = thread % ${TILE / 2} * 2;
      var sums = vec4<f32>(0.0);
      for (var step = 0; step < ${steps}; step++) {
        for (var k = thread / ${TILE}; k < ${DEPTH}; k += ${MOST_INVOCATIONS / TILE}) {
          let position = (part * ${steps} + step) * ${DEPTH} + k;
          let example = position / ${outHeight * outWidth};
          let iy = (position / ${outWidth}) % ${outHeight} * ${strides[0]} + shiftY;
          let ix = position % ${outWidth} * ${strides[1]} + shiftX;
          let inside = iy >= 0 && iy < ${height} && ix >= 0 && ix < ${width};
          var met = 0.0;
          var gradient = 0.0;
          if (position < positions && row < ROWS && inside) {
            met = x[((example * ${height} + iy) * ${width} + ix) * ${channels} + channel];
          }
          if (position < positions && column < COLUMNS) { gradient = dy[position * COLUMNS + column]; }
          patches[k][lane] = met;
          gradients[k][lane] = gradient;
        }
        workgroupBarrier();
        for (var k = 0; k < ${DEPTH}; k++) {
          let across = vec2<f32>(gradients[k][c], gradients[k][c + 1]);
          sums += vec4<f32>(patches[k][r] * across, patches[k][r + 1] * across);
        }
        workgroupBarrier();
      }
      for (var i = 0; i < 4; i++) {
        let ownRow = firstRow + r + i / 2;
        let ownColumn = firstColumn + c + i % 2;
        if (ownRow < ROWS && ownColumn < COLUMNS) {
          result[(part * ROWS + ownRow) * COLUMNS + ownColumn] = sums[i];
        }
      }
    }`;
}
