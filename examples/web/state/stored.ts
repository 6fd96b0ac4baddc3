// a name and a first value → a signal that this browser remembers

import { effect, type Signal, signal } from '@preact/signals';

const PREFIX = 'speech-emotion.';

/** What cannot be read is the first value again: storage may be full, forbidden, or of an older version of the page. */
export function stored<T>(name: string, first: T, allowed: (value: unknown) => value is T): Signal<T> {
  const value = signal(read(name, first, allowed));
  effect(() => write(name, value.value));
  return value;
}

function read<T>(name: string, first: T, allowed: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null');
    return allowed(value) ? value : first;
  } catch {
    return first;
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {} // remembered until the page is closed
}
