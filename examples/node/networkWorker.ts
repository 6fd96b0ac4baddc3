// seed → the recipe's network, in a worker thread of `npm run evaluate`: a function cannot be sent there, this module can

import { useBackend } from './backend.ts';
import { buildNetwork } from './recipe.ts';

/** What the thread has to know: `parameters` of `trainingWorkers`. */
export interface NetworkParameters {
  readonly backend: string;
  readonly bins: number;
  readonly classes: number;
}

export async function build(seed: number, { backend, bins, classes }: NetworkParameters) {
  await useBackend(backend);
  return buildNetwork(bins, classes, seed);
}
