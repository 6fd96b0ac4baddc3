// typed arrays of one kind → one, end to end

import { nextTask } from './nextTask.ts';

/** Numbers that are copied between turns of the host: some 5 ms of work, where the memory is new. */
const NUMBERS_A_TURN = 2 ** 21;

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

/** {@link joinArrays} of what may be long, with turns of the host. */
export async function joinInTurns(
  parts: readonly Float32Array[],
  signal?: AbortSignal | undefined,
): Promise<Float32Array> {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  let turn = NUMBERS_A_TURN;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
    if (offset < turn) continue;
    turn = offset + NUMBERS_A_TURN;
    await nextTask();
    signal?.throwIfAborted();
  }
  return joined;
}
