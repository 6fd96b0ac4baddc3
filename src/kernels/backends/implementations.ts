// the table of an operation's implementations → the one for the active backend
//
// A kind of backend is a column of every such table. To add a kind, add it here; to give an operation an implementation for it, add
// an entry to the operation's table.

import * as tf from '@tensorflow/tfjs-core';
import { onHost } from '../tfjs/hostMemory.ts';
import { onWebgpu } from '../tfjs/webgpuProgram.ts';
import { simd } from './simd/simd.ts';

/** Kinds of backends, each before those that include it: whether the active backend is of this kind. */
const KINDS = {
  /** `wasm`, where the library's own kernels work in its memory. */
  simd: () => simd() !== undefined,
  /** `cpu`, whose stock kernels are slow loops. */
  cpu: () => tf.getBackend() === 'cpu',
  /** `cpu` and `wasm`: tensors are in main memory. */
  host: onHost,
  /** `webgpu`: compute shaders of the library's own. */
  webgpu: onWebgpu,
  /** Every backend: operations of tfjs. */
  composed: () => true,
};

/** A kind of backend. */
export type Kind = keyof typeof KINDS;

/** Implementations of one thing, by the kind of backend that they run on; every backend has at least the composed one. */
export type Implementations<T> = { readonly composed: T } & { readonly [Name in Kind]?: T | undefined };

/** All kinds, in the order in which they are tried. */
export const kinds = Object.keys(KINDS) as Kind[];

/** Whether the active backend is of a kind. */
export function isActive(kind: Kind): boolean {
  return KINDS[kind]();
}

/** The first implementation in the table that the active backend can run. */
export function implementationOf<T>(table: Implementations<T>): T {
  for (const kind of kinds) {
    const implementation = table[kind];
    if (implementation !== undefined && isActive(kind)) return implementation;
  }
  return table.composed;
}
