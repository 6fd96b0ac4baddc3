// weights manifest, bytes → check that one describes the other

import type * as tf from '@tensorflow/tfjs-core';
import { shown } from '../core/check.ts';
import { ModelFormatError } from '../core/errors.ts';

/** Bytes of a stored value, by type. */
const BYTES: ReadonlyMap<unknown, number> = new Map([
  ...([
    ['float32', 4],
    ['int32', 4],
    ['bool', 1],
  ] as const),
]);

/** Bytes of a stored value of another (quantised) type. */
const PACKED_BYTES: ReadonlyMap<unknown, number> = new Map([
  ...([
    ['float16', 2],
    ['uint16', 2],
    ['uint8', 1],
  ] as const),
]);

/** The most axes of a tensor in tfjs. */
const MOST_AXES = 6;

/**
 * Checks that a manifest describes weights and that the bytes match: tfjs can decode the names, shapes and types, and every value is
 * finite.
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

/** Number of values of all weights together. */
export function weightCount(specs: readonly tf.io.WeightsManifestEntry[]): number {
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Bytes that a weight takes when stored. */
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

/** Whether there is no infinity and no NaN: only their exponents are all ones. On a copy, because the bytes may not be aligned. */
function allFinite({ dtype, quantization }: tf.io.WeightsManifestEntry, bytes: Uint8Array): boolean {
  if (quantization?.dtype === 'float16') {
    return new Uint16Array(new Uint8Array(bytes).buffer).every((half) => (half & 0x7c00) !== 0x7c00);
  }
  if (quantization || dtype !== 'float32') return true;
  return new Uint32Array(new Uint8Array(bytes).buffer).every((single) => (single & 0x7f800000) !== 0x7f800000);
}

/** Whether it and its 65535-fold are finite in 32 bits. */
function isFloat32(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) < 1e30;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

function fault(what: string): ModelFormatError {
  return new ModelFormatError(`Cannot read the model: ${what}`);
}
