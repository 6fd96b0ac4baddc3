// synchronous run → the tensors and variables it made

import * as tf from '@tensorflow/tfjs-core';

/**
 * Starts to keep track of new tensors and variables, so that they can be disposed of if building a network fails.
 *
 * @returns function that stops and returns them; to be called in the same synchronous run, so that no others are among them. It frees
 *   nothing.
 */
export function noteMade(): () => tf.Tensor[] {
  const engine = tf.engine();
  const before = new Set(Object.values(engine.registeredVariables));
  engine.startScope('made');
  return () => {
    const variables = Object.values(engine.registeredVariables).filter((variable) => !before.has(variable));
    const made = [...variables, ...engine.state.activeScope.track];
    engine.endScope(made); // keeps them all: layers may hold constants
    return made;
  };
}

/** Runs and returns the result; if the run throws, all tensors and variables it made are disposed of. */
export function allOrNothing<T>(run: () => T): T {
  const made = noteMade();
  try {
    const result = run();
    made();
    return result;
  } catch (error) {
    for (const tensor of made()) tensor.dispose();
    throw error;
  }
}
