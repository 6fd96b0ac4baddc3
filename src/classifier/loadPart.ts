// a part of the library that few programs need → the part, loaded when it is

/**
 * Waits for a part.
 *
 * @param action for the message: `Cannot <action>: …`
 * @param part what import() gives
 * @throws {Error} where it cannot be loaded: service workers cannot load what is not bundled with them
 */
export function loadPart<T>(action: string, part: Promise<T>): Promise<T> {
  return part.catch((cause: unknown) => {
    const hint = 'what does it is loaded by import(), which fails here; bundle the library into one file';
    throw new Error(`Cannot ${action}: ${hint}`, { cause });
  });
}
