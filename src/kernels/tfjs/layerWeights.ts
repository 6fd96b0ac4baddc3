// tfjs' layers → a bound on the weights that they make while a network is built
//
// The one place that touches `addWeight`, by which tfjs' layers and those of callers make their weights, and the constraint of a
// `LayerVariable`, which are private to tfjs.

import * as tfl from '@tensorflow/tfjs-layers';
import { missingField } from './privateField.ts';

/**
 * Prepares a bound on the number of weights of all layers that are built: a few characters of a topology can ask for more than any
 * memory holds.
 *
 * Meanwhile, layers draw no initial weights and apply no constraints: weights are loaded as they were stored, and tfjs leaks a tensor
 * for each that it constrains.
 *
 * @returns function that sets the bound and returns the one that lifts it, both to be called in one synchronous run
 * @throws {BackendError} where this version of tfjs makes weights elsewhere
 */
export function weightBound(most: number): () => () => void {
  const { prototype } = tfl.layers.Layer as unknown as { prototype: PrivateLayer };
  const { addWeight, setFastWeightInitDuringBuild } = prototype;
  if (typeof addWeight !== 'function') throw missingField('layers.Layer.prototype.addWeight');
  if (typeof setFastWeightInitDuringBuild !== 'function') {
    throw missingField('layers.Layer.prototype.setFastWeightInitDuringBuild');
  }
  return () => {
    let count = 0;
    const constrained = new Map<PrivateVariable, unknown>();
    prototype.addWeight = function (name, shape, ...others) {
      count += shape.reduce((product, axis) => product * axis, 1);
      if (!(count <= most)) {
        throw new RangeError(
          `its layers must have the ${most} weights that are stored, and need more for ${this.name}/${name}`,
        );
      }
      this.setFastWeightInitDuringBuild(true); // tfjs does so itself, but not in networks within networks
      const weight = addWeight.call(this, name, shape, ...others);
      if (!('constraint' in weight)) throw missingField('constraint in its LayerVariable');
      constrained.set(weight, weight.constraint);
      weight.constraint = null;
      return weight;
    };
    return () => {
      prototype.addWeight = addWeight;
      for (const [weight, constraint] of constrained) weight.constraint = constraint;
    };
  };
}

interface PrivateLayer {
  readonly name: string;
  addWeight(name: string, shape: number[], ...others: unknown[]): PrivateVariable;
  setFastWeightInitDuringBuild(value: boolean): void;
}

interface PrivateVariable {
  constraint: unknown;
}
