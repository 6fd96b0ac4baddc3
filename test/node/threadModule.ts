// ?backend=NAME&trouble=KIND → the backend set, and a layer that may fail there: a module as threads of one training load it

import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tfl from '@tensorflow/tfjs-layers';

const wanted = new URL(import.meta.url).searchParams;

/** Passes on what it gets; what goes wrong does so in threads alone, in the one that gets four clips. */
export class Troubled extends tfl.layers.Layer {
  static readonly className = 'TestTroubled';

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean } = {}): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (training && x.shape[0] === 4) goWrong(wanted.get('trouble'));
    return tf.clone(x);
  }

  override computeOutputShape(shape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return shape as tfl.Shape;
  }
}
tf.serialization.registerClass(Troubled);

function goWrong(trouble: string | null): void {
  switch (trouble) {
    case 'throw':
      throw new RangeError('no such clip', { cause: new Error('the reason') });
    case 'exit':
      process.exit(7);
      break;
    case 'uncaught':
      void Promise.reject(new Error('nobody awaits this'));
  }
}

const backend = wanted.get('backend');
if (backend !== null) {
  tf.env().set('PROD', true); // no banner
  await tf.setBackend(backend);
}
