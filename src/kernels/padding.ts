// sizes of a picture and a window → where the window meets padding

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
