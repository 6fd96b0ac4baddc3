// a worker's name → a layer that goes wrong there, and passes on what it gets in a page

import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** Passes on what it gets; what goes wrong does so in the one of two workers that gets the larger part of a batch of 7. */
export class TroubledLayer extends tfl.layers.Layer {
  static readonly className = 'TestTroubledLayer';

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean } = {}): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (training && x.shape[0] === 4) goWrong(self.name);
    return tf.clone(x);
  }

  override computeOutputShape(shape: tfl.Shape | tfl.Shape[]): tfl.Shape {
    return shape as tfl.Shape;
  }
}
tf.serialization.registerClass(TroubledLayer);

function goWrong(trouble: string): void {
  if (trouble === 'throw') throw new RangeError('no such clip', { cause: new Error('the reason') });
  if (trouble === 'close') close(); // which lets this task go on to its end
  if (trouble === 'uncaught') {
    setTimeout(() => {
      throw new Error('nobody catches this');
    });
  }
}
