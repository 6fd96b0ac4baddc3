// bytes that are read → more and more of their beginning, by which it is told what they are

/** The less the better, since more of a stream may be long in coming. */
const LENGTHS = [2 ** 12, 2 ** 16, 2 ** 20] as const;
/** Bytes of the longest beginning. */
export const LONGEST_BEGINNING = LENGTHS[2];

/** Some of the beginning. */
export interface Beginning {
  readonly bytes: Uint8Array;
  /** Whether there is no more. */
  readonly isAll: boolean;
}

/** Longer and longer beginnings, which stay to be read, the last of them all there is or {@link LONGEST_BEGINNING}. */
export async function* beginnings(reader: {
  ahead(count: number): Promise<Uint8Array>;
}): AsyncGenerator<Beginning, void, undefined> {
  for (const length of LENGTHS) {
    const bytes = await reader.ahead(length);
    const isAll = bytes.length < length;
    yield { bytes, isAll };
    if (isAll) return;
  }
}
