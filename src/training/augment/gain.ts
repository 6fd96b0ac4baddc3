// a clip → louder or quieter

import { checkNumber } from '../../core/check.ts';
import { ACTION, type Part } from './part.ts';

/** Changes the level by one gain: exact. Values at the floor stay there: how far below it the sound was is not known. */
export const gainDb: Part<number | false, number | false> = {
  fallback: 6,
  needs: 'frequencies',
  stream: 'gain',
  resolve: (given, name) => checkNumber(ACTION, name, given, 0, 100),
  apply({ values, bins }, most, stream, { silence }) {
    const gain = stream.uniform(-most, most);
    for (let row = 0; row < values.length; row += bins) {
      for (let bin = 0; bin < bins; bin++) {
        const floor = silence[bin] as number;
        const value = values[row + bin] as number;
        if (value > floor) values[row + bin] = Math.max(floor, value + gain);
      }
    }
  },
};
