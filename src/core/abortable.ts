// work, a signal → the work's result, or the signal's reason as soon as it aborts

/**
 * Calls a listener when a signal aborts, at once where it has already: an abort between a check and `addEventListener` is not
 * lost.
 *
 * @returns ends the listening; to be called when the work is over, however it ended, since signals may live on
 */
export function onAbort(signal: AbortSignal | undefined, listener: (reason: unknown) => void): () => void {
  if (!signal) return () => {};
  const abort = () => listener(signal.reason);
  if (signal.aborted) {
    abort();
    return () => {};
  }
  signal.addEventListener('abort', abort, { once: true });
  return () => signal.removeEventListener('abort', abort);
}

/**
 * What a promise gives, unless the signal aborts first. The work goes on where nothing else stops it; what it gives or throws
 * then is dropped.
 *
 * @throws the signal's reason when it aborts, then or before
 * @example
 * const { done, value } = await abortable(source.next(), signal);
 */
export function abortable<T>(work: PromiseLike<T> | T, signal: AbortSignal | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = onAbort(signal, reject);
    Promise.resolve(work).then(resolve, reject).finally(end);
  });
}
