import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { bytesOfStep, operationsOf } from '../../bench/work.ts';
import { buildCnnLstm } from '../../src/model/cnnLstm.ts';
import '@tensorflow/tfjs-backend-cpu';

beforeAll(async () => expect(await tf.setBackend('cpu')).toBe(true));

/** 6 frames of 4 bins → convolution 3 × 3 of 5 filters → pooled to 3 × 2 → LSTM of 7 units, both ways → mean → 3 classes. */
const network = () =>
  buildCnnLstm({
    ...{ bins: 4, classes: 3, convolution: [{ filters: 5 }], pooling: 'mean' },
    ...{ recurrent: { units: 7, inputDropout: 0 }, head: { dropout: 0 } },
  });

it('operations of a network (oracle: counted by hand)', () => {
  const convolution = 2 * (6 * 4) * (3 * 3 * 1 * 5);
  const lstm = 2 * 3 * 2 * (10 + 7) * (4 * 7);
  const classes = 2 * (14 * 3);
  const forward = convolution + lstm + classes;
  expect(operationsOf(network(), 6)).toEqual({ forward, step: 3 * forward - convolution });
});

it('bytes that a step moves (oracle: counted by hand)', () => {
  const sizes = {
    input: 24,
    convolution: 120,
    pooled: 30,
    normalised: 30,
    sequence: 30,
    lstm: 42,
    mean: 14,
    classes: 3,
  };
  const values = Object.values(sizes);
  const moved = values.slice(1).map((output, i) => 3 * values[i]! + 2 * output);
  expect(bytesOfStep(network(), 6)).toBe(4 * moved.reduce((a, b) => a + b));
});

it('both grow with the frames, which the network leaves open', () => {
  const grown = operationsOf(network(), 12).forward - operationsOf(network(), 6).forward;
  expect(grown).toBe(operationsOf(network(), 18).forward - operationsOf(network(), 12).forward);
  expect(grown).toBeGreaterThan(0);
});
