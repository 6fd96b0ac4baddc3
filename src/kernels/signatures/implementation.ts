// inputs → results, and gradients of these → gradients of those: what an operation asks of each of its implementations

import type * as tf from '@tensorflow/tfjs-core';

/** The gradients of an operation, by input: called for those inputs only that need one. */
export type Gradients<Inputs> = { [Name in keyof Inputs]?: () => tf.Tensor };

/** A differentiable operation on one kind of backend. */
export interface Implementation<Inputs extends tf.NamedTensorMap, Attributes extends object> {
  /**
   * Inputs → results: the operation's outputs, then what only `gradient` reads, in a layout of the implementation's own. All
   * that is created here and not returned is disposed.
   */
  forward(inputs: Inputs, attributes: Attributes): tf.Tensor[];
  /**
   * Gradients of the outputs → gradients of the inputs. `inputs` holds those that the operation saves, `results` what `forward`
   * returned, without the outputs where the operation does not save these.
   *
   * What the functions of the result share, `gradient` itself computes: each of them is called where its input needs a
   * gradient, at most once, and must return a tensor of its own, as tfjs disposes them one by one.
   */
  gradient(dys: tf.Tensor[], inputs: Inputs, results: tf.Tensor[], attributes: Attributes): Gradients<Inputs>;
}
