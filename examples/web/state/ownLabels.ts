// labels of one's own that are on the page, though the model in use does not have them

import { signal } from '@preact/signals';

/** They have looks as the model's labels have. */
export const ownLabels = signal<readonly string[]>([]);
