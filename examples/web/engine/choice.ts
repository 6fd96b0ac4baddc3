// the chosen model and backend, as the worker gets them

import type { BackendName } from './availability.ts';

/** The shipped model; other names are those of models stored in this browser. */
export const SHIPPED = '';

/** The name of the worker's error if the backend runs but the model is missing. */
export const NO_MODEL = 'NoModel';

/** The chosen model and backend. */
export interface Choice {
  readonly model: string;
  readonly backend: BackendName;
}
