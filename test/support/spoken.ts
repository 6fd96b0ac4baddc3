// a result → the same, held to be of speech

import { expect } from 'vitest';

/** The result of a sound with speech. */
export function spoken<T extends { readonly speech: boolean }>(result: T): Extract<T, { readonly speech: true }> {
  expect(result.speech).toBe(true);
  return result as Extract<T, { readonly speech: true }>;
}
