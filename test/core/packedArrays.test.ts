import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../src/core/crc32.ts';
import { packArrays, unpackArrays } from '../../src/core/packedArrays.ts';

describe('packed arrays', () => {
  it('come back as they were, from bytes that lie anywhere (property)', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.float32Array()), fc.nat(7), (header, arrays, offset) => {
        const bytes = packArrays('TESTFILE', header, arrays);
        const elsewhere = new Uint8Array(bytes.length + offset);
        elsewhere.set(bytes, offset);
        const unpacked = unpackArrays('TESTFILE', elsewhere.subarray(offset));
        expect(JSON.stringify(unpacked?.header)).toBe(JSON.stringify(header));
        expect(unpacked?.arrays).toEqual(arrays);
      }),
    );
  });

  it('come back from a Buffer of Node’s pool, whose slice() is no copy', () => {
    const pooled = Buffer.from(packArrays('TESTFILE', null, [Float32Array.of(1, 2)]));
    expect(pooled.buffer.byteLength).toBeGreaterThan(pooled.length);
    expect(unpackArrays('TESTFILE', pooled)?.arrays).toEqual([Float32Array.of(1, 2)]);
  });

  it('are not read where one bit was flipped (property)', () => {
    const bytes = packArrays('TESTFILE', { a: [1, 2, 3] }, [Float32Array.of(1, 2, 3)]);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (place, bit) => {
        const damaged = bytes.slice();
        damaged[place]! ^= 1 << bit;
        expect(unpackArrays('TESTFILE', damaged)).toBeUndefined();
      }),
    );
  });

  it('are not read from another kind of file or from one that was cut short or made longer', () => {
    const bytes = packArrays('TESTFILE', { a: 1 }, [new Float32Array(3)]);
    expect(unpackArrays('OTHERFMT', bytes)).toBeUndefined();
    for (let length = 0; length < bytes.length; length++) {
      expect(unpackArrays('TESTFILE', bytes.subarray(0, length))).toBeUndefined();
    }
    expect(unpackArrays('TESTFILE', new Uint8Array([...bytes, 0]))).toBeUndefined();
  });

  it.each([
    ['nonsense', 0],
    ['{}', 0],
    ['null', 0],
    ['{"lengths":3}', 0],
    ['{"header":1,"lengths":[-1,2]}', 1], // they add up
    ['{"header":1,"lengths":[0.5,0.5]}', 1],
    ['{"header":1,"lengths":["1"]}', 1],
    ['{"header":1,"lengths":[null,1]}', 1],
    ['{"header":1,"lengths":[1e300]}', 1],
    ['{"header":1,"lengths":{"0":1}}', 1],
    [`{"header":${'['.repeat(10_000)}${']'.repeat(10_000)},"lengths":[1]}`, 1],
  ])('are not read where behind a right checksum lies %.40s', (json, floats) => {
    expect(unpackArrays('TESTFILE', forged(json, floats))).toBeUndefined();
  });

  it('are not read where there are no bytes', () => {
    for (const value of [undefined, null, 'TESTFILE', {}, new ArrayBuffer(40), new Float32Array(10)]) {
      expect(unpackArrays('TESTFILE', value as never)).toBeUndefined();
    }
  });
});

/** A file whose checksum is right, of whatever is put for its header. */
function forged(json: string, floats: number): Uint8Array {
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 4) * 4));
  const bytes = new Uint8Array(16 + text.length + 4 * floats);
  bytes.set(new TextEncoder().encode('TESTFILE'));
  const view = new DataView(bytes.buffer);
  view.setUint32(12, text.length, true);
  bytes.set(text, 16);
  view.setUint32(8, Number.parseInt(crc32(bytes.subarray(12)), 16), true);
  return bytes;
}
