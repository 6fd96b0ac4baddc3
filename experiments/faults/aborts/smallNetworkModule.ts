// a seed → the small network: a module as threads load it

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { smallNetwork } from '../smallWork.ts';

/** Where this module lies. */
export const SMALL_NETWORK_MODULE = new URL(import.meta.url);

export async function build(seed: number) {
  tf.env().set('PROD', true); // no banner
  await tf.setBackend('cpu');
  return smallNetwork(seed);
}
