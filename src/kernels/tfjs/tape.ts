// tfjs' engine → the operations that it has recorded for a backward pass
//
// The one place that touches `engine().state.activeTape`, which is private to tfjs.

import * as tf from '@tensorflow/tfjs-core';
import { missingField } from './privateField.ts';

/** What is used of a node of the tape. What it has saved, tfjs disposes when the backward pass is done. */
export interface TapeNode {
  readonly outputs: readonly tf.Tensor[];
  readonly saved: tf.Tensor[];
}

interface State {
  activeTape?: TapeNode[] | null | undefined;
  /** How many gradients are being worked out, one within the other. */
  readonly gradientDepth?: number | undefined;
}

/**
 * The node that recorded the operation which gave `output` just now; undefined where none did, as no gradient will be asked for.
 *
 * @throws {BackendError} where this version of tfjs has no such tape
 */
export function nodeOf(output: tf.Tensor): TapeNode | undefined {
  const node = activeTape()?.at(-1);
  if (node?.outputs[0] !== output) return undefined;
  if (!Array.isArray(node.saved)) throw missingField('engine().state.activeTape[…].saved');
  return node;
}

/** What `run` gives. Where it throws, frees what the tape has saved by then: tfjs does so only at the end of a backward pass. */
export function freeingTape<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const state = tf.engine().state as State;
    for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
    state.activeTape = null;
    throw error;
  }
}

function activeTape(): TapeNode[] | null | undefined {
  const { activeTape: tape, gradientDepth } = tf.engine().state as State;
  if (gradientDepth === undefined) throw missingField('engine().state.gradientDepth');
  if (gradientDepth > 0 && !Array.isArray(tape)) throw missingField('engine().state.activeTape');
  return tape;
}
