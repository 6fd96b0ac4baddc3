import { expect, test } from 'vitest';
import { multiply, PackedFactor } from '../../../../src/kernels/backends/host/product.ts';
import { tileMultiplier } from '../../../../src/kernels/backends/simd/doubles.ts';
import { normals } from '../../../support/arrays.ts';

/** Sum over the steps in their order, in float64, rounded once: what every machine has to give, to the last bit. */
function naive(a: Float32Array, b: Float32Array, rows: number, inner: number, columns: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[Math.floor(i / columns) * inner + k]! * b[k * columns + (i % columns)]!;
    return sum;
  });
}

const transposed = (values: Float32Array, rows: number, columns: number) =>
  values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);

test.each([
  [1, 1, 1],
  [4, 8, 4],
  [5, 3, 7],
  [33, 130, 6], // more than a block of rows
  [70, 17, 13],
])('[%i, %i] · [… %i]: the definition, bit for bit, however the factors lie', (rows, inner, columns) => {
  const [a, b] = [normals('a', rows * inner), normals('b', inner * columns)];
  const expected = naive(a, b, rows, inner, columns);
  const product = () => new Float32Array(rows * columns).fill(Number.NaN);
  const [plain, ofTransposed] = [product(), product()];
  multiply(a, b, plain, { rows, inner, columns, aRowStep: inner, aStep: 1 });
  expect(plain).toEqual(expected);
  multiply(transposed(a, rows, inner), transposed(b, inner, columns), ofTransposed, {
    ...{ rows, inner, columns, aRowStep: 1, aStep: rows, step: 1, columnStep: inner },
  });
  expect(ofTransposed).toEqual(expected);
});

test('factors may take turns', () => {
  const [a, b, c] = [normals('a', 12), normals('b', 12), normals('c', 12)];
  const factors = [b, c].map((factor) => new PackedFactor(factor, { inner: 3, columns: 4 }));
  for (const [i, factor] of [...factors, ...factors].entries()) {
    const product = new Float32Array(16);
    factor.multiply(a, product, { rows: 4, aRowStep: 3, aStep: 1 });
    expect(product).toEqual(naive(a, [b, c][i % 2]!, 4, 3, 4));
  }
});

test('the engine multiplies in WebAssembly where it is to', () => {
  expect(tileMultiplier() !== undefined).toBe(process.env.KERNELS !== 'scalar');
});
