// 32-bit floats → 16-bit floats

const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/**
 * Rounds numbers to IEEE 754 half precision: to the nearest, ties to even, as `Float16Array` and every GPU do.
 *
 * Numbers from 65520 become infinite, below 2⁻²⁴ subnormal numbers keep fewer bits, at most 2⁻²⁵ become 0 (with its sign).
 *
 * @param values 32-bit floats
 * @returns their half-precision bit patterns; `tf.io.decodeWeights` reads them as `quantization: { dtype: 'float16' }`
 */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, halfBits);
}

function halfBits(value: number): number {
  single[0] = value;
  const pattern = bits[0] as number;
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and above; from 65520 on, rounding carries to infinity
  if (magnitude >= 0x38800000) {
    // At least 2⁻¹⁴, a normal half: move the exponent's bias from 127 to 15 and round off 13 bits of the mantissa.
    return sign | roundOff(magnitude - 0x38000000, 13);
  }
  // A subnormal half, in steps of 2⁻²⁴: the mantissa with its leading one, shifted by how far the exponent is below.
  const shift = 126 - (magnitude >>> 23);
  return shift > 24 ? sign : sign | roundOff((magnitude & 0x7fffff) | 0x800000, shift);
}

/** pattern / 2^count, to the nearest whole number, ties to even; a carry runs into the exponent, as it should. */
function roundOff(pattern: number, count: number): number {
  const quotient = pattern >>> count;
  const rest = pattern & (2 ** count - 1);
  const half = 2 ** (count - 1);
  return quotient + (rest > half || (rest === half && (quotient & 1) === 1) ? 1 : 0);
}
