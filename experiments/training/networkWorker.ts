// seed → the network of a training configuration, in a worker thread: a function cannot be sent there, this module can

import type { CnnLstmOptions } from 'speech-emotion';
import { useBackend } from '../../examples/node/backend.ts';
import { buildNetwork } from './trainingConfig.ts';

/** The `parameters` of `trainingWorkers`. */
export interface NetworkParameters {
  readonly backend: string;
  readonly network: CnnLstmOptions;
  readonly bins: number;
  readonly classes: number;
}

/** The module that threads build networks with. */
export const NETWORK = new URL(import.meta.url);

export async function build(seed: number, { backend, bins, classes, ...config }: NetworkParameters) {
  await useBackend(backend);
  return buildNetwork(config, bins, classes, seed);
}
