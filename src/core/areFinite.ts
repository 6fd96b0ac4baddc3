// numbers → whether none of them is NaN or infinite

/**
 * Whether all numbers are finite. A finite number times 0 is 0, any other NaN; four sums at a time, since one would wait for itself,
 * and a loop, since sets of features have some 10⁸ numbers.
 */
export function areFinite(values: Float32Array): boolean {
  const { length } = values;
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    a += values[i]! * 0;
    b += values[i + 1]! * 0;
    c += values[i + 2]! * 0;
    d += values[i + 3]! * 0;
  }
  for (; i < length; i++) a += values[i]! * 0;
  return a + b + c + d === 0;
}
