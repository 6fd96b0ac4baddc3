// a part of the library that is loaded when needed → the part, or an error that says what is missing

/**
 * Waits for a part.
 *
 * @param part what import() gives
 * @param error makes the error of where it cannot be loaded: service workers cannot load what is not bundled with them. It is given
 *   the end of its message: `loaded by import(), which fails here: …`
 */
export function loadPart<T>(part: Promise<T>, error: (reason: string, cause: unknown) => Error): Promise<T> {
  return part.catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    const hint = '(in a service worker, bundle the library into one file)';
    throw error(`loaded by import(), which fails here: ${message} ${hint}`, cause);
  });
}
