// what happened → words that a screen reader speaks

import { signal } from '@preact/signals';

/** What the page's live region says. */
export const announcement = signal('');

/** Says it, also where it was said before. */
export function announce(words: string): void {
  announcement.value = announcement.value === words ? `${words}\u00a0` : words;
}
