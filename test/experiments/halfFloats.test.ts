import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { packHalves, unpackHalves } from '../../experiments/gpu/halfFloats.ts';

beforeAll(async () => {
  tf.env().set('PROD', true); // no advertisement for tfjs-node
  await tf.setBackend('cpu');
});

/** Every finite pattern of bits, 0 and -0 among them. */
const PATTERNS = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00);

it('every 16-bit float is read as the number that it stands for, and packed as itself (oracle: tfjs’ reader of float16 weights)', async () => {
  const [read] = unpackHalves(new Uint8Array(PATTERNS.buffer), [PATTERNS.length]);
  const { all } = tf.io.decodeWeights(PATTERNS.buffer, [
    { name: 'all', shape: [PATTERNS.length], dtype: 'float32', quantization: { dtype: 'float16' } },
  ]);
  expect(read).toEqual(await all!.data());
  expect(packHalves([read!])).toEqual(new Uint8Array(PATTERNS.buffer));
});

it('numbers are rounded by half a unit of the last bit at most (oracle: the definition of binary16)', () => {
  const numbers = Float32Array.from({ length: 5000 }, (_, i) => 90 * Math.sin(i) * 2 ** -(i % 12));
  const [first, second] = unpackHalves(packHalves([numbers.slice(0, 7), numbers.slice(7)]), [7, 4993]);
  for (const [i, rounded] of [...first!, ...second!].entries()) {
    const unit = 2 ** Math.max(-24, Math.floor(Math.log2(Math.abs(numbers[i]!))) - 10); // of subnormal numbers the least
    expect(Math.abs(rounded - numbers[i]!)).toBeLessThanOrEqual(i === 0 ? 0 : unit / 2);
  }
});

it('refuses what has no 16-bit float', () => {
  for (const number of [65520, Number.NEGATIVE_INFINITY, Number.NaN]) {
    expect(() => packHalves([Float32Array.of(1, number)])).toThrow(
      new RangeError('Cannot pack features: each must be a number from -65504 to 65504'),
    );
  }
});

it('reads from anywhere in memory', () => {
  const packed = packHalves([Float32Array.of(0.5, -2)]);
  const moved = new Uint8Array(packed.length + 1);
  moved.set(packed, 1);
  expect(unpackHalves(moved.subarray(1), [2])).toEqual([Float32Array.of(0.5, -2)]);
});
