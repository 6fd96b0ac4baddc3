// a selector → the focus, where what had it goes away or what it leads to is new

/**
 * Focuses what is found once it is drawn. Preact draws in a microtask that the change before has asked for, so this comes right after it, and
 * before the next key: in a later task, what somebody types at once would go elsewhere.
 */
export function focusOn(selector: string): void {
  queueMicrotask(() => document.querySelector<HTMLElement>(selector)?.focus());
}
