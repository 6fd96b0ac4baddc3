// feature maps → what each weight of a convolution's filter meets, as the rows of a matrix

import type { ConvolutionShape } from '../../padding.ts';

/** What a patch matrix needs to know of a convolution. */
export type Geometry = Omit<ConvolutionShape, 'batch' | 'padding' | 'outChannels'>;

/**
 * Lays out the patch matrix P of an image: row (ky, kx, c) holds the input that this filter weight meets at each output
 * position. With P, a convolution and its filter gradient are matrix products.
 *
 * With stride 1, whole lines of the padded image count as positions, those beyond the output's width included (to be
 * ignored, or given a gradient of 0): then the inputs that a weight meets are one piece of memory and a row of P one copy.
 */
export class PatchMatrix {
  /** What the matrix was made for. */
  readonly geometry: Geometry;
  /** Filter weights of one output channel: rows of P. */
  readonly rows: number;
  /** Positions in a line of the output, `outWidth` of them real. */
  readonly lineLength: number;
  /** Positions of an image: columns of P. */
  readonly positions: number;
  readonly #planeHeight: number;
  readonly #planeWidth: number;
  /** A padded plane for each channel; the border stays 0 from image to image. */
  readonly #planes: Float32Array;

  /** @param geometry the convolution */
  constructor(geometry: Geometry) {
    const { channels, outHeight, outWidth, filterHeight, filterWidth, strides } = geometry;
    this.geometry = geometry;
    this.#planeHeight = (outHeight - 1) * strides[0] + filterHeight;
    this.#planeWidth = (outWidth - 1) * strides[1] + filterWidth;
    this.rows = filterHeight * filterWidth * channels;
    this.lineLength = strides[0] === 1 && strides[1] === 1 ? this.#planeWidth : outWidth;
    this.positions = outHeight * this.lineLength;
    // The last piece of memory that is copied ends beyond the last plane.
    this.#planes = new Float32Array(channels * this.#planeHeight * this.#planeWidth + filterWidth - 1);
  }

  /** Writes P of the image that starts at `start` of `x` to the columns from `column` on of rows of `rowLength`. */
  write(x: Float32Array, start: number, patches: Float32Array, column: number, rowLength: number): void {
    this.#writePlanes(x, start);
    const { channels, outHeight, outWidth, filterHeight, filterWidth, strides } = this.geometry;
    const planeWidth = this.#planeWidth;
    const planes = this.#planes;
    let to = column;
    for (let ky = 0; ky < filterHeight; ky++) {
      for (let kx = 0; kx < filterWidth; kx++) {
        for (let c = 0; c < channels; c++, to += rowLength) {
          const from = (c * this.#planeHeight + ky) * planeWidth + kx;
          if (this.lineLength === planeWidth) {
            patches.set(planes.subarray(from, from + this.positions), to);
            continue;
          }
          for (let oy = 0; oy < outHeight; oy++) {
            const line = from + oy * strides[0] * planeWidth;
            for (let ox = 0; ox < outWidth; ox++) patches[to + oy * outWidth + ox] = planes[line + ox * strides[1]]!;
          }
        }
      }
    }
  }

  #writePlanes(x: Float32Array, start: number): void {
    const { height, width, channels, top, left } = this.geometry;
    const lines = Math.min(height, this.#planeHeight - top); // with strides, no filter may meet the last inputs
    const columns = Math.min(width, this.#planeWidth - left);
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < lines; y++) {
        let from = start + y * width * channels + c;
        let to = (c * this.#planeHeight + y + top) * this.#planeWidth + left;
        for (let column = 0; column < columns; column++, from += channels) this.#planes[to++] = x[from]!;
      }
    }
  }
}
