// what the page computes with, as it is told to the worker

import type { BackendName } from './availability.ts';

/** The model that ships with the library; other names are those of models kept in this browser. */
export const SHIPPED = '';

/** What to compute with. */
export interface Choice {
  readonly model: string;
  readonly backend: BackendName;
}
