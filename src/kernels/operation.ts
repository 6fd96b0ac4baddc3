// implementations, forward and back → an operation on the gradient tape, on whichever backend is active
//
// tfjs offers `customGrad` for this, which computes every gradient whether it is asked for or not (for the first
// convolution of a network, half of its backward pass) and has one output only. A kernel of the library's own has
// neither limit. Its forward function may call any tf operation: within a kernel these stay off the tape.
//
// What a gradient reads is put into the tape here and not by tfjs, which clones it: a copy, on wasm, of every activation.

import * as tf from '@tensorflow/tfjs-core';
import { type Implementations, implementationOf } from './backends/implementations.ts';
import type { Implementation } from './signatures/implementation.ts';
import { nodeOf } from './tfjs/tape.ts';

interface OperationDefinition<Inputs extends tf.NamedTensorMap, Attributes extends object> {
  /** Name among the tfjs kernels, prefixed so that it cannot meet another library's. */
  readonly name: string;
  /** How many of the results are outputs. @default all */
  readonly outputs?: number | undefined;
  /** Names of the inputs that the gradient reads. */
  readonly inputsToSave: readonly (keyof Inputs & string)[];
  /** Whether the gradient reads the outputs. @default false */
  readonly saveOutputs?: boolean | undefined;
  /** Forward and back, by kind of backend; the same one serves both. */
  readonly implementations: Implementations<Implementation<Inputs, Attributes>>;
}

/** What a run hands from one function of tfjs' to the next. */
interface Run<Attributes> {
  readonly attributes: Attributes;
  /** The results that are no outputs. */
  extra: tf.Tensor[];
}

/** Makes an operation of its implementations; it is first-order differentiable. */
export function defineOperation<Inputs extends tf.NamedTensorMap, Attributes extends object>(
  definition: OperationDefinition<Inputs, Attributes>,
): (inputs: Inputs, attributes: Attributes) => tf.Tensor[] {
  const { outputs: outputCount, inputsToSave, saveOutputs = false, implementations } = definition;
  const kernelName = `SpeechEmotion${definition.name}`;

  const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
    const run = attrs as unknown as Run<Attributes>;
    const implementation = implementationOf(implementations);
    const results = tf.tidy(() => implementation.forward(inputs as unknown as Inputs, run.attributes));
    const outputs = results.slice(0, outputCount);
    run.extra = results.slice(outputs.length).map((tensor) => tf.keep(tensor));
    return outputs;
  };
  const gradFunc: tf.GradFunc = (dy, saved, attrs) => {
    const { attributes } = attrs as unknown as Run<Attributes>;
    const inputs = Object.fromEntries(inputsToSave.map((name, i) => [name, saved[i]])) as unknown as Inputs;
    const results = saved.slice(inputsToSave.length);
    const dys = Array.isArray(dy) ? dy : [dy];
    return implementationOf(implementations).gradient(dys, inputs, results, attributes) as Record<
      string,
      () => tf.Tensor
    >;
  };

  return (inputs, attributes) => {
    const backendName = tf.getBackend();
    // Registered on first use, so that importing this library changes nothing about tfjs.
    if (tf.getKernel(kernelName, backendName) == null) tf.registerKernel({ kernelName, backendName, kernelFunc });
    if (tf.getGradient(kernelName) == null) tf.registerGradient({ kernelName, gradFunc });
    const run: Run<Attributes> = { attributes, extra: [] };
    const result = tf.engine().runKernel(kernelName, inputs, run as unknown as tf.NamedAttrMap);
    const outputs = Array.isArray(result) ? result : [result];
    const node = nodeOf(outputs[0]!);
    if (!node) {
      tf.dispose(run.extra); // no gradient will be asked for
      return outputs;
    }
    const saved = [...inputsToSave.map((name) => inputs[name] as tf.Tensor), ...(saveOutputs ? outputs : [])];
    node.saved.push(...saved.map(share), ...run.extra);
    return outputs;
  };
}

/** Another tensor of the same values, not a copy of them, that outlives the scope it is made in. */
function share(tensor: tf.Tensor): tf.Tensor {
  const engine = tf.engine();
  engine.backend.incRef(tensor.dataId);
  return tf.keep(engine.makeTensorFromTensorInfo(tensor));
}
