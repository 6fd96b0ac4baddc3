// Oracle: the classes themselves, of this realm and of another that node:vm makes.

import { runInNewContext, runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { isArrayBuffer, isFloat32Array, isUint8Array } from '../../src/core/realm.ts';

const KINDS = ['Float32Array', 'Uint8Array', 'ArrayBuffer', 'Float64Array', 'Uint8ClampedArray', 'DataView', 'Array'];

/** Makes one of each kind. */
const SOURCE = `(${JSON.stringify(KINDS)}).map((name) =>
  name === 'DataView' ? new DataView(new ArrayBuffer(4)) : new globalThis[name](4))`;

test.each([
  ['this realm', runInThisContext(SOURCE)],
  ['another realm', runInNewContext(SOURCE)],
])('each kind is told from all others, of %s', (_, values: unknown[]) => {
  expect(values.map(isFloat32Array)).toEqual(KINDS.map((kind) => kind === 'Float32Array'));
  expect(values.map(isUint8Array)).toEqual(KINDS.map((kind) => kind === 'Uint8Array'));
  expect(values.map(isArrayBuffer)).toEqual(KINDS.map((kind) => kind === 'ArrayBuffer'));
});

test('a Buffer is a Uint8Array', () => {
  expect(isUint8Array(Buffer.from('RIFF'))).toBe(true);
});

test('what only calls itself a typed array is none, and nothing is an error', () => {
  const impostor = { [Symbol.toStringTag]: 'Float32Array', length: 4 };
  for (const value of [impostor, null, undefined, 0, 'Float32Array', Symbol.iterator, () => {}]) {
    expect([isFloat32Array(value), isUint8Array(value), isArrayBuffer(value)]).toEqual([false, false, false]);
  }
});
