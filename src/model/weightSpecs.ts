// what a model file says of its weights, and their bytes → that the one is true of the other

import type * as tf from '@tensorflow/tfjs-core';
import { shown } from '../core/check.ts';
import { ModelFormatError } from '../core/errors.ts';

/** Bytes of a value in the file, by type. */
const BYTES: ReadonlyMap<unknown, number> = new Map([
  ...([
    ['float32', 4],
    ['int32', 4],
    ['bool', 1],
  ] as const),
]);

/** Bytes of a value that is stored in another type. */
const PACKED_BYTES: ReadonlyMap<unknown, number> = new Map([
  ...([
    ['float16', 2],
    ['uint16', 2],
    ['uint8', 1],
  ] as const),
]);

/** Tensors of tfjs have at most so many axes. */
const MOST_AXES = 6;

/**
 * Holds that a manifest describes weights and that these are they: names, shapes and types are ones that tfjs can decode, and
 * every value is a finite number.
 *
 * @throws {ModelFormatError} naming the weight at fault
 */
export function checkWeights(specs: readonly tf.io.WeightsManifestEntry[], weights: Uint8Array): void {
  const names = new Set<string>();
  let bytes = 0;
  for (const spec of specs) {
    checkSpec(spec);
    if (names.has(spec.name)) throw fault(`weights must have names of their own, got ${spec.name} twice`);
    names.add(spec.name);
    bytes += byteLength(spec);
  }
  if (bytes !== weights.length) throw fault(`its weights must have ${bytes} bytes, got ${weights.length}`);
  let offset = 0;
  for (const spec of specs) {
    const own = weights.subarray(offset, offset + byteLength(spec));
    if (!allFinite(spec, own)) throw fault(`the weight ${spec.name} must be finite numbers`);
    offset += own.length;
  }
}

/** How many values there are, of all weights together. */
export function weightCount(specs: readonly tf.io.WeightsManifestEntry[]): number {
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Bytes that a weight takes in the file. */
export function byteLength({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  return (quantization ? PACKED_BYTES.get(quantization.dtype)! : BYTES.get(dtype)!) * sizeOf(shape);
}

function checkSpec(spec: tf.io.WeightsManifestEntry): void {
  const { name, shape, dtype, quantization } = spec ?? {};
  if (typeof name !== 'string' || name === '' || name in {})
    throw fault(`a weight must have a name, got ${shown(name)}`);
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 0;
  if (
    !Array.isArray(shape) ||
    shape.length > MOST_AXES ||
    !shape.every(isSize) ||
    !Number.isSafeInteger(sizeOf(shape))
  ) {
    throw fault(`the weight ${name} must have a shape of whole numbers, got ${shown(shape)}`);
  }
  if (!BYTES.has(dtype)) throw fault(`weights of type ${shown(dtype)} are not supported (${name})`);
  if (quantization === undefined) return;
  const { dtype: packed, scale, min } = quantization ?? {};
  const isFloat16 = packed === 'float16';
  if (!PACKED_BYTES.has(packed) || dtype === 'bool' || (isFloat16 && dtype !== 'float32')) {
    throw fault(`weights of type ${dtype} packed as ${shown(packed)} are not supported (${name})`);
  }
  if (!isFloat16 && !(isFloat32(scale) && isFloat32(min))) {
    throw fault(`the weight ${name} must have a scale and a minimum, got ${shown(scale)} and ${shown(min)}`);
  }
}

/** No infinity and no NaN: their exponents are all ones, and only theirs. Of a copy, as the bytes may lie anywhere. */
function allFinite({ dtype, quantization }: tf.io.WeightsManifestEntry, bytes: Uint8Array): boolean {
  if (quantization?.dtype === 'float16') {
    return new Uint16Array(new Uint8Array(bytes).buffer).every((half) => (half & 0x7c00) !== 0x7c00);
  }
  if (quantization || dtype !== 'float32') return true;
  return new Uint32Array(new Uint8Array(bytes).buffer).every((single) => (single & 0x7f800000) !== 0x7f800000);
}

/** Whether it and 65535 times it are finite in 32 bits. */
function isFloat32(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) < 1e30;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

function fault(what: string): ModelFormatError {
  return new ModelFormatError(`Cannot read the model: ${what}`);
}
