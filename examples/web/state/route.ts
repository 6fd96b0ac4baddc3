// the address → which view is shown, and what of it

import { signal } from '@preact/signals';

/** `#recordings/12` → view `recordings`, rest `12`. */
export interface Route {
  readonly view: string;
  readonly rest: string;
}

/** Where the page is. */
export const route = signal(read());
addEventListener('hashchange', () => {
  route.value = read();
});

/** Goes there; the browser's back button comes back. */
export function go(view: string, rest = ''): void {
  location.hash = addressOf(view, rest);
}

/** The address of a view, for links. */
export function addressOf(view: string, rest = ''): string {
  return rest === '' ? `#${view}` : `#${view}/${encodeURIComponent(rest)}`;
}

function read(): Route {
  const [, view = '', rest = ''] = /^#([^/]*)\/?(.*)$/.exec(location.hash) ?? [];
  try {
    return { view, rest: decodeURIComponent(rest) };
  } catch {
    return { view, rest: '' };
  }
}
