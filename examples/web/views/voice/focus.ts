// a selector → the focus, where what had it goes away

/** Focuses what is found once it is drawn. */
export function focusOn(selector: string): void {
  setTimeout(() => document.querySelector<HTMLElement>(selector)?.focus());
}

/** The button that says a take. */
export const TAKE_BUTTON = '.say-controls .filled';
