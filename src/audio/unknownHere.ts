// an error → whether it says that no decoder of this thread knows the format: another thread's may

const unknown = new WeakSet<object>();

/** Marks an error as one of a format that no decoder here knows. */
export function unknownHere<E extends Error>(error: E): E {
  unknown.add(error);
  return error;
}

/** Whether an error was so marked, in this thread. */
export function isUnknownHere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && unknown.has(error);
}
