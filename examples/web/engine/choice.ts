// what the page computes with, as it is told to the worker

import type { BackendName } from './availability.ts';

/** The model that ships with the library; other names are those of models kept in this browser. */
export const SHIPPED = '';

/** The name of the error that the worker fails with where there is a backend and no model. */
export const NO_MODEL = 'NoModel';

/** What to compute with. */
export interface Choice {
  readonly model: string;
  readonly backend: BackendName;
}
