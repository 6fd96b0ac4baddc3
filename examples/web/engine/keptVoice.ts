// names → what this browser keeps of one's own voice: takes, what was learnt of them, how it was tried

import { createStore, del, delMany, entries, get, set } from 'idb-keyval';

/** Apart from the library's own database, which holds models. */
const store = createStore('speech-emotion.my-voice', 'kept');

/** @throws {Error} when the browser keeps nothing for this page, or has no room */
export const keep = (name: string, value: unknown): Promise<void> => set(name, value, store);

/** What is kept under a name. */
export const kept = <T>(name: string): Promise<T | undefined> => get<T>(name, store);

/** What is kept under names that begin so, by the order of the names. */
export async function keptUnder<T>(beginning: string): Promise<T[]> {
  const all = await entries<string, T>(store);
  return all.filter(([name]) => name.startsWith(beginning)).map(([, value]) => value);
}

/** Removes it for good. */
export const letGo = (...names: string[]): Promise<void> =>
  names.length === 1 ? del(names[0]!, store) : delMany(names, store);
