// faults planted on purpose → formats whose inputs show them: a module as the fuzzing processes load it

import * as tf from '@tensorflow/tfjs-core';
import { DatasetError } from 'speech-emotion';
import type { Format, Trial } from '../../experiments/faults/fuzz/format.ts';

/** Of inputs 0 to 9 number 3 shows the fault, and the others are answered or refused as they should be. */
function planted(faulty: Partial<Trial>): Format {
  return {
    errors: ['DatasetError'],
    async open() {
      let input = -1; // in the order that they are made in
      return (random) => {
        input = Number(random.path[1]);
        const right: Trial = {
          input,
          answer() {
            if (input % 2 === 0) throw new DatasetError(`Cannot read '${input}': even numbers are refused`);
            return 1;
          },
          fault: () => undefined,
        };
        return input === 3 ? { ...right, ...faulty } : right;
      };
    },
  };
}

export const FORMATS: Readonly<Record<string, Format>> = {
  none: planted({}),
  raw: planted({ answer: () => (undefined as unknown as { length: number }).length }),
  foreign: planted({
    answer: () => {
      throw new RangeError('Cannot read the bytes: they are odd');
    },
  }),
  unheard: planted({
    answer() {
      void Promise.reject(new Error('nobody awaits this'));
    },
  }),
  nonsense: planted({ answer: () => Number.NaN, fault: (answer) => (Number.isNaN(answer) ? 'NaN' : undefined) }),
  refused: planted({
    unrefusable: true,
    answer: () => {
      throw new DatasetError("Cannot read '3': it is odd");
    },
  }),
  tensors: planted({
    answer: () => {
      tf.scalar(1);
    },
  }),
  loop: planted({
    answer: () => {
      for (;;);
    },
  }),
  waiting: planted({ answer: () => new Promise(() => {}) }),
  end: planted({ answer: () => process.exit(7) }),
  hoard: planted({
    answer: () => {
      const hoard: number[][] = [];
      for (;;) hoard.push(new Array(1e6).fill(0));
    },
  }),
};
