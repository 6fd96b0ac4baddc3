// typed arrays of one kind → one, end to end

/**
 * Arrays end to end, such as the shards of a model's weights or the pieces of a recording.
 *
 * @param Kind of the arrays
 */
export function joinArrays<A extends Uint8Array | Float32Array>(
  Kind: new (length: number) => A,
  parts: readonly A[],
): A {
  const joined = new Kind(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
