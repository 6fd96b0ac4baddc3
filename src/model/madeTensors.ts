// a synchronous run → the tensors and variables that it made

import * as tf from '@tensorflow/tfjs-core';

/**
 * Begins to note what tensors and variables are made, so that they can be disposed of where the run fails.
 *
 * @returns ends the noting and gives them; to be called in the same synchronous run, or others' are among them. Nothing is freed.
 */
export function noteMade(): () => tf.Tensor[] {
  const engine = tf.engine();
  const before = new Set(Object.values(engine.registeredVariables));
  engine.startScope('made');
  return () => {
    const variables = Object.values(engine.registeredVariables).filter((variable) => !before.has(variable));
    const made = [...variables, ...engine.state.activeScope.track];
    engine.endScope(made); // keeps all of them: layers may have constants
    return made;
  };
}

/** What a synchronous run gives; where it throws, all tensors and variables that it had made are disposed of. */
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
