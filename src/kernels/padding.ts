// sizes of an input and a window → where windows lie in it

/** How a convolution or a pooling treats the border: `same` pads with zeros, `valid` uses whole windows only. */
export type Padding = 'same' | 'valid';

/** Steps of a window along height (time) and width (frequency). */
export type Strides = readonly [height: number, width: number];

/** Zeros before the first input, as TensorFlow places them: of an odd number the larger half comes after the last. */
export function leadingPadding(
  inSize: number,
  outSize: number,
  filterSize: number,
  stride: number,
  padding: Padding,
): number {
  return padding === 'valid' ? 0 : Math.max(0, (outSize - 1) * stride + filterSize - inSize) >> 1;
}

/** How many windows fit. `size` null (not known yet) stays null. */
export function outputSize(size: number | null, filterSize: number, stride: number, padding: Padding): number | null {
  if (size === null) return null;
  return padding === 'same' ? Math.ceil(size / stride) : Math.max(0, Math.ceil((size - filterSize + 1) / stride));
}

/** Sizes of a convolution and where its windows lie. */
export interface ConvolutionShape {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strides: Strides;
  readonly padding: Padding;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  /** Zeros above the first line. */
  readonly top: number;
  /** Zeros before the first column. */
  readonly left: number;
}

/** A rank-4 shape. */
export type Shape4D = readonly [number, number, number, number];

/** The sizes of a convolution of x, [batch, height, width, channels], by a filter, [height, width, channels, outChannels]. */
export function convolutionShape(
  [batch, height, width, channels]: Shape4D,
  [filterHeight, filterWidth, , outChannels]: Shape4D,
  strides: Strides,
  padding: Padding,
): ConvolutionShape {
  const outHeight = outputSize(height, filterHeight, strides[0], padding)!;
  const outWidth = outputSize(width, filterWidth, strides[1], padding)!;
  const top = leadingPadding(height, outHeight, filterHeight, strides[0], padding);
  const left = leadingPadding(width, outWidth, filterWidth, strides[1], padding);
  return {
    ...{ batch, height, width, channels, filterHeight, filterWidth, strides, padding },
    ...{ outHeight, outWidth, outChannels, top, left },
  };
}
