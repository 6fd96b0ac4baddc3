// features ↔ 16-bit floats, two bytes each

import { toFloat16 } from '../../src/core/float16.ts';

/** Where the exponent has all bits: infinite, or no number. */
const NOT_FINITE = 0x7c00;

/**
 * Rounds to half precision: of a number, 11 significant bits are left.
 *
 * @throws {RangeError} when a number is beyond 65504, or none
 */
export function packHalves(arrays: readonly Float32Array[]): Uint8Array {
  const packed = new Uint16Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const array of arrays) {
    packed.set(toFloat16(array), offset);
    offset += array.length;
  }
  const odd = packed.findIndex((bits) => (bits & NOT_FINITE) === NOT_FINITE);
  if (odd < 0) return new Uint8Array(packed.buffer);
  throw new RangeError('Cannot pack features: each must be a number from -65504 to 65504');
}

/** Reads what {@link packHalves} wrote, as arrays of these lengths, which fill the bytes. */
export function unpackHalves(bytes: Uint8Array, lengths: readonly number[]): Float32Array[] {
  const halves = new Uint16Array(Uint8Array.from(bytes).buffer); // copied: a view would have to lie on an even byte
  let offset = 0;
  return lengths.map((length) => {
    const array = Float32Array.from(halves.subarray(offset, offset + length), (bits) => VALUES[bits]!);
    offset += length;
    return array;
  });
}

/** The number of each pattern of bits, by the definition of binary16: 1 bit sign, 5 exponent, 10 fraction. */
const VALUES = Float32Array.from({ length: 0x10000 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
});
