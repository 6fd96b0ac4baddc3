// probabilities → a word, or none

/** Below this the page does not commit itself: eight emotions leave 1/8 to chance. */
export const SURE = 0.4;

/** The emotion, or that there is no telling. */
export function verdict({ label, confidence }: { readonly label: string; readonly confidence: number }): string {
  return confidence < SURE ? 'not sure' : label;
}
