// seed → a recipe's network, in a worker thread: a function cannot be sent there, this module can

import type { CnnLstmOptions } from 'speech-emotion';
import { useBackend } from '../../examples/node/backend.ts';
import { buildNetwork } from './trainingConfig.ts';

/** What the thread has to know: `parameters` of `trainingWorkers`. */
export interface NetworkParameters {
  readonly backend: string;
  readonly network: CnnLstmOptions;
  readonly bins: number;
  readonly classes: number;
}

/** What threads build networks by. */
export const NETWORK = new URL(import.meta.url);

export async function build(seed: number, { backend, bins, classes, ...recipe }: NetworkParameters) {
  await useBackend(backend);
  return buildNetwork(recipe, bins, classes, seed);
}
