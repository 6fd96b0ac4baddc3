// probabilities → a word, or none

/** Below this the page gives no emotion; chance is 1/8. */
export const SURE = 0.4;

/** The emotion, or that it is unclear. */
export function verdict({ label, confidence }: { readonly label: string; readonly confidence: number }): string {
  return confidence < SURE ? 'not sure' : label;
}
