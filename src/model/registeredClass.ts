// name in a topology → the class that is registered under it, and of what kind that is

import '../layers/register.ts';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** What a class in a topology can be. */
export type ClassKind = 'layer' | 'activation' | 'initializer' | 'regularizer' | 'constraint' | 'optimizer';

/** The class of this name, undefined where none is registered. */
export function classOf(name: unknown): RegisteredClass | undefined {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  return typeof name === 'string' && Object.hasOwn(known, name) ? known[name]![0] : undefined;
}

type RegisteredClass = tf.serialization.SerializableConstructor<tf.serialization.Serializable>;

/** Its kind; undefined where it is registered by nobody, or by a caller who descends from none of tfjs' own classes. */
export function kindOf(name: unknown): ClassKind | undefined {
  const prototype: object = classOf(name)?.prototype ?? {};
  // Not by `instanceof`, which optimisers answer themselves.
  return [...bases()].find(([, base]) => Object.prototype.isPrototypeOf.call(base.prototype, prototype))?.[0];
}

/** What all classes of a kind descend from; tfjs exports few of these, but of each a class that is next to it. */
function bases(): Map<ClassKind, Base> {
  const parentOf = (made: object): Base => Object.getPrototypeOf(made.constructor);
  return new Map<ClassKind, Base>([
    ['layer', tfl.layers.Layer as unknown as Base],
    ['activation', Object.getPrototypeOf(classOf('relu'))],
    ['initializer', parentOf(tfl.initializers.zeros())],
    ['regularizer', parentOf(tfl.regularizers.l2())],
    ['constraint', parentOf(tfl.constraints.nonNeg())],
    ['optimizer', tf.Optimizer as unknown as Base],
  ]);
}

type Base = { readonly prototype: object };
