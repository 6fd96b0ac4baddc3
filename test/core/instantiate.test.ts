import { describe, expect, it } from 'vitest';
import { instantiate } from '../../src/core/instantiate.ts';
import plain from '../../src/kernels/backends/simd/plain.wasm.ts';
import relaxed from '../../src/kernels/backends/simd/relaxed.wasm.ts';

type Multiply = (...parameters: (number | boolean)[]) => void;
interface Exports {
  multiply: Multiply;
  multiplyScratch(): number;
}

/** Of sizes that no tile divides. */
const [ROWS, COLUMNS, INNER] = [13, 21, 37] as const;
const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 0.7 + seed));
const [a, b] = [numbers(ROWS * INNER, 1), numbers(INNER * COLUMNS, 2)];

/** a·b, as a module computes it in a memory. */
function product(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): number[] {
  const run = instantiate<Exports>(bytes, memory)!;
  const at = (place: number) => 4096 * (1 + 2 * place);
  const inMemory = (place: number, count: number) => new Float32Array(memory.buffer, at(place), count);
  inMemory(0, a.length).set(a);
  inMemory(1, b.length).set(b);
  run.multiply(ROWS, COLUMNS, INNER, at(0), false, at(1), false, at(2), false, at(3));
  return [...inMemory(2, ROWS * COLUMNS)];
}

const own = () => new WebAssembly.Memory({ initial: 32 });
const shared = (initial: number, maximum: number) => new WebAssembly.Memory({ initial, maximum, shared: true });

describe.each([
  ['plain', plain],
  ['relaxed', relaxed],
])('the %s build of the kernels', (_, bytes) => {
  const runs = it.skipIf(!WebAssembly.validate(bytes));

  runs('gives the same bits in memory that is shared, whatever its bounds (oracle: in memory of its own)', () => {
    const wanted = product(bytes, own());
    expect(wanted[5]).toBeCloseTo(
      Array.from({ length: INNER }, (__, i) => a[i]! * b[i * COLUMNS + 5]!).reduce((sum, value) => sum + value),
      5,
    );
    for (const memory of [shared(32, 32), shared(32, 65536), own()]) expect(product(bytes, memory)).toEqual(wanted);
  });
});

it('a module that imports something else is refused where memory is shared', () => {
  const empty = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  expect(() => instantiate(empty, shared(1, 1))).toThrow(
    'Cannot use shared memory: the module must import nothing but',
  );
});
