// a clip → higher or lower by some bins, as a speaker with another vocal tract

import { checkInteger } from '../../core/check.ts';
import { ACTION, type Part } from './part.ts';

/** Moves the spectrogram along the axis of frequency; the edge bin is repeated. */
export const melShift: Part<number | false, number | false> = {
  fallback: 3,
  needs: 'frequencies',
  resolve: (given, name) => checkInteger(ACTION, name, given, 0, 1000),
  apply({ values, bins, from, to }, most, stream) {
    const limit = Math.min(most, bins - 1);
    const shift = stream.integer(2 * limit + 1) - limit;
    for (let row = from * bins; row < to * bins; row += bins) {
      if (shift > 0) {
        const edge = values[row] as number;
        values.copyWithin(row + shift, row, row + bins - shift);
        values.fill(edge, row, row + shift);
      } else if (shift < 0) {
        const edge = values[row + bins - 1] as number;
        values.copyWithin(row, row - shift, row + bins);
        values.fill(edge, row + bins + shift, row + bins);
      }
    }
  },
};
