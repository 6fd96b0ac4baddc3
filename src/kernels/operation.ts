// forward and gradient functions → an operation on the gradient tape, on whichever backend is active
//
// tfjs offers `customGrad` for this, which computes every gradient whether it is asked for or not (for the first
// convolution of a network, half of its backward pass) and has one output only. A kernel of the library's own has
// neither limit. Its forward function may call any tf operation: within a kernel these stay off the tape.

import * as tf from '@tensorflow/tfjs-core';

/** The gradients of an operation, by input: called for those inputs only that need one. */
export type Gradients<Inputs> = { [Name in keyof Inputs]?: () => tf.Tensor };

interface OperationDefinition<Inputs extends tf.NamedTensorMap, Attributes extends object> {
  /** Name among the tfjs kernels, prefixed so that it cannot meet another library's. */
  readonly name: string;
  /** Inputs → outputs. All that is created here and not returned is disposed. */
  readonly forward: (inputs: Inputs, attributes: Attributes) => tf.Tensor[];
  /** Names of the inputs that the gradient reads. */
  readonly inputsToSave: readonly (keyof Inputs & string)[];
  /** Which outputs the gradient reads. @default none */
  readonly outputsToSave?: readonly boolean[];
  /**
   * Gradients of the outputs → gradients of the inputs. `saved` holds the saved inputs in the order of `inputsToSave`,
   * then the saved outputs. Every gradient has to be a tensor of its own: tfjs disposes them one by one.
   */
  readonly gradient: (dys: tf.Tensor[], saved: tf.Tensor[], attributes: Attributes) => Gradients<Inputs>;
}

/** Makes an operation of its forward and gradient functions; it is first-order differentiable. */
export function defineOperation<Inputs extends tf.NamedTensorMap, Attributes extends object>(
  definition: OperationDefinition<Inputs, Attributes>,
): (inputs: Inputs, attributes: Attributes) => tf.Tensor[] {
  const { forward, gradient, inputsToSave, outputsToSave } = definition;
  const kernelName = `SpeechEmotion${definition.name}`;

  const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) =>
    tf.tidy(() => forward(inputs as unknown as Inputs, attrs as unknown as Attributes));
  const gradFunc: tf.GradFunc = (dy, saved, attrs) =>
    gradient(Array.isArray(dy) ? dy : [dy], saved, attrs as unknown as Attributes) as Record<string, () => tf.Tensor>;

  return (inputs, attributes) => {
    const backendName = tf.getBackend();
    // Registered on first use, so that importing this library changes nothing about tfjs.
    if (tf.getKernel(kernelName, backendName) == null) tf.registerKernel({ kernelName, backendName, kernelFunc });
    if (tf.getGradient(kernelName) == null) {
      tf.registerGradient({
        kernelName,
        inputsToSave: [...inputsToSave],
        ...(outputsToSave && { outputsToSave: [...outputsToSave] }),
        gradFunc,
      });
    }
    const outputs = tf.engine().runKernel(kernelName, inputs, attributes as unknown as tf.NamedAttrMap);
    return Array.isArray(outputs) ? outputs : [outputs];
  };
}
