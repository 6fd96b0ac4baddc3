// class name in a topology → the registered class, and its kind

import '../layers/register.ts';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** Kinds of classes in a topology. */
export type ClassKind = 'layer' | 'activation' | 'initializer' | 'regularizer' | 'constraint' | 'optimizer';

/** The class with this name; undefined where none is registered. */
export function classOf(name: unknown): RegisteredClass | undefined {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  return typeof name === 'string' && Object.hasOwn(known, name) ? known[name]![0] : undefined;
}

type RegisteredClass = tf.serialization.SerializableConstructor<tf.serialization.Serializable>;

/** Its kind; undefined where the class is not registered or extends none of tfjs' classes. */
export function kindOf(name: unknown): ClassKind | undefined {
  const prototype: object = classOf(name)?.prototype ?? {};
  // Not by `instanceof`, which optimisers override.
  return [...bases()].find(([, base]) => Object.prototype.isPrototypeOf.call(base.prototype, prototype))?.[0];
}

/** The base class of each kind; tfjs exports few of them, but a direct subclass of each. */
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
