// sizes of an axis and of a window → how much each window's maximum counts in each output
//
// Windows are numbered by their last input: window w holds the inputs w − size + 1 to w, as far as they are there.

import { leadingPadding, outputSize } from '../padding.ts';

/** A triangular filter over windows that start at every input, with the windows' size as its stride. */
export interface TriangularFilter {
  /** Number of windows of which some part is within the input. */
  readonly windows: number;
  readonly outputs: number;
  /** Number of windows that an output is made of. */
  readonly length: number;
  /** The first of them; less than 0 where it is outside. */
  first(output: number): number;
  /** [outputs, length]; 0 for windows outside. The weights of an output add up to 1. */
  readonly weights: Float32Array;
}

/** The filter of one axis, whose middle is the window that pooling without overlap would take. */
export function triangularFilter(inputs: number, size: number): TriangularFilter {
  const outputs = outputSize(inputs, size, size, 'same')!;
  const before = leadingPadding(inputs, outputs, size, size, 'same');
  const windows = inputs + size - 1;
  const length = 2 * size - 1;
  const first = (output: number) => output * size - before;
  const weights = new Float32Array(outputs * length);
  for (let output = 0; output < outputs; output++) {
    const own = Array.from({ length }, (_, k) => {
      const window = first(output) + k;
      return window >= 0 && window < windows ? Math.min(k + 1, length - k) : 0;
    });
    const sum = own.reduce((a, b) => a + b);
    weights.set(
      own.map((weight) => weight / sum),
      output * length,
    );
  }
  return { windows, outputs, length, first, weights };
}
