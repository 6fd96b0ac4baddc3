// the service worker → whether a newer page waits

import { registerSW } from 'virtual:pwa-register';
import { signal } from '@preact/signals';

/** Takes the newer page; undefined as long as there is none. */
export const update = signal<(() => void) | undefined>(undefined);

/** Keeps the page's files, so that it works offline; the page works without, too. */
export function keepFiles(): void {
  const take = registerSW({
    onNeedRefresh() {
      update.value = () => void take(true);
    },
    onRegisterError() {}, // no service worker here: private windows, plain HTTP
  });
}
