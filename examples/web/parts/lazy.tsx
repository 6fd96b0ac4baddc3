// an import → a component that is fetched when it is first shown

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';

/** Shows nothing until it is there, and why if it cannot be fetched. */
export function lazy(load: () => Promise<ComponentType>): ComponentType {
  const found = signal<ComponentType | undefined>(undefined);
  const failure = signal<string | undefined>(undefined);
  const fetchIt = () => {
    load().then(
      (component) => {
        found.value = component;
      },
      (error: Error) => {
        failure.value = error.message;
      },
    );
  };
  return () => {
    if (!found.value && !failure.value) fetchIt();
    if (failure.value) return <p role="alert">This view cannot be fetched: {failure.value}</p>;
    return found.value ? <found.value /> : null;
  };
}
